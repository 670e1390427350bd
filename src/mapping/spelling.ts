/** Pure: which known address somebody meant who got one or two characters wrong. */

/** More than two wrong characters is another address, not a slip. */
const MAX_MISTAKES = 2;
/** A look at each takes a fraction of a microsecond: 10 ms for so many, while a mail program waits. */
const MAX_COMPARED = 50_000;
/** Each mistake spoils two pieces at most, a swap at their border: of five one is whole. */
const PIECES = 2 * MAX_MISTAKES + 1;
/** Shorter ones are names, of which there are few; their pieces would be everywhere. */
const MIN_CUT_CHARACTERS = 20;

/** Known addresses within two inserted, missing, changed or swapped characters, the closest first; capitals count for nothing. */
export function closestAddresses(text: string, known: readonly string[]): string[] {
  const wanted = text.toLowerCase();
  const pieces = cut(wanted);
  return known
    .slice(0, MAX_COMPARED)
    .filter((address) => hasOneOf(pieces, address.toLowerCase()))
    .map((address) => ({ address, mistakes: countMistakes(wanted, address.toLowerCase()) }))
    .filter(({ mistakes }) => mistakes <= MAX_MISTAKES)
    .sort((a, b) => a.mistakes - b.mistakes)
    .map(({ address }) => address);
}

/** Comparing is quadratic in the length: what has not one of these can be left out. */
function cut(text: string): string[] {
  if (text.length < MIN_CUT_CHARACTERS) return [''];
  const border = (index: number): number => Math.round((index * text.length) / PIECES);
  return Array.from({ length: PIECES }, (_, index) => text.slice(border(index), border(index + 1)));
}

function hasOneOf(pieces: readonly string[], text: string): boolean {
  return pieces.some((piece) => text.includes(piece));
}

/** Optimal string alignment distance; anything above MAX_MISTAKES comes back as some number above it. */
function countMistakes(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MAX_MISTAKES) return MAX_MISTAKES + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + changed);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    if (Math.min(...row) > MAX_MISTAKES) return MAX_MISTAKES + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}
