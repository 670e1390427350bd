/** Chosen fields of a header, on its bytes: what HEADER.FIELDS of IMAP answers, and what of a header is kept for that. Pure; takes any bytes. */

/** Names of header fields, looked up without making a string of what is compared. */
export class FieldNames {
  /** In lower case, by their length. */
  readonly #byLength: Buffer[][] = [];

  constructor(names: readonly string[]) {
    for (const name of names) (this.#byLength[name.length] ??= []).push(Buffer.from(name.toLowerCase(), 'latin1'));
  }

  /** Whether a field that lies there has one of the names; a line without a name has none. */
  has(bytes: Buffer, start: number, end: number): boolean {
    let colon = start;
    while (colon < end && bytes[colon] !== COLON) colon++;
    if (colon === end) return false;
    let [from, to] = [start, colon];
    while (to > from && isBlank(bytes[to - 1])) to--;
    while (from < to && isBlank(bytes[from])) from++;
    const names = this.#byLength[to - from];
    if (names === undefined) return false;
    for (const name of names) if (isName(bytes, from, name)) return true;
    return false;
  }
}

/** The fields of a header that are (or, with `isExcluding`, are not) named, each with its lines as they stand, and an empty line. */
export function chooseFields(header: Buffer, names: FieldNames, isExcluding = false): Buffer {
  const end = header.length;
  const chosen = new ChosenBytes(header);
  let runStart = 0;
  for (let start = 0; start < end; ) {
    const next = fieldEnd(header, start, end);
    if (isEmptyLine(header, start, next) || names.has(header, start, next) === isExcluding) {
      chosen.add(runStart, start);
      runStart = next;
    }
    start = next;
  }
  chosen.add(runStart, end);
  return chosen.finished();
}

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const LINE_END_BYTES = 2;
/** Holds what is chosen of nearly all headers; of such a size Node takes buffers out of a common one. */
const USUAL_BYTES = 2048;

/** Runs of a header one behind the other. */
class ChosenBytes {
  #bytes: Buffer;
  #length = 0;

  constructor(private readonly header: Buffer) {
    this.#bytes = Buffer.allocUnsafe(Math.min(header.length + 2 * LINE_END_BYTES, USUAL_BYTES));
  }

  /** Neighbours in one call. */
  add(start: number, end: number): void {
    if (start === end) return;
    const needed = this.#length + end - start + 2 * LINE_END_BYTES;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.min(2 * needed, this.header.length + 2 * LINE_END_BYTES));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#length += this.header.copy(this.#bytes, this.#length, start, end);
  }

  finished(): Buffer {
    if (this.#length > 0 && this.#bytes[this.#length - 1] !== LF) this.#endLine();
    this.#endLine();
    return this.#bytes.subarray(0, this.#length);
  }

  #endLine(): void {
    this.#bytes[this.#length++] = CR;
    this.#bytes[this.#length++] = LF;
  }
}

function isName(bytes: Buffer, from: number, lowerName: Buffer): boolean {
  for (let i = 0; i < lowerName.length; i++) {
    const byte = bytes[from + i];
    if ((byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte) !== lowerName[i]) return false;
  }
  return true;
}

/** After the last continuation line. */
function fieldEnd(bytes: Buffer, start: number, end: number): number {
  for (let position = start; position < end; position++) {
    if (bytes[position] !== LF) continue;
    const next = bytes[position + 1];
    if (position + 1 >= end || (next !== SPACE && next !== TAB)) return position + 1;
  }
  return end;
}

function isEmptyLine(bytes: Buffer, start: number, end: number): boolean {
  return bytes[start] === LF || (bytes[start] === CR && start + 1 < end && bytes[start + 1] === LF);
}

function isBlank(byte: number): boolean {
  return byte === SPACE || (byte >= TAB && byte <= CR);
}
