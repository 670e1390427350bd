/** Pure: which known address somebody meant who got one or two characters wrong. */

/** More than two wrong characters is another address, not a slip. */
const MAX_MISTAKES = 2;
/** Comparing is quadratic in the length; an address book beyond this is searched only so far. */
const MAX_COMPARED = 5000;

/** Known addresses within two inserted, missing, changed or swapped characters, the closest first; capitals count for nothing. */
export function closestAddresses(text: string, known: readonly string[]): string[] {
  const wanted = text.toLowerCase();
  return known
    .slice(0, MAX_COMPARED)
    .map((address) => ({ address, mistakes: countMistakes(wanted, address.toLowerCase()) }))
    .filter(({ mistakes }) => mistakes <= MAX_MISTAKES)
    .sort((a, b) => a.mistakes - b.mistakes)
    .map(({ address }) => address);
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
