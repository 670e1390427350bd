/** Texts to be sorted, as UTF-8 one behind the other: a million of them take some 30 MB, and not a million objects. Pure. */

/** Compared as a number, which is most of the work. */
const PREFIX_BYTES = 6;
/** Longer texts differ before that, or else are told apart by what they are made of. */
export const MAX_KEY_BYTES = 200;
const FIRST_BYTES = 65_536;

export class ByteKeys {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;
  readonly #starts: Float64Array;
  readonly #prefixes: Float64Array;
  #count = 0;

  constructor(capacity: number) {
    this.#starts = new Float64Array(capacity + 1);
    this.#prefixes = new Float64Array(capacity);
  }

  add(text: string): void {
    if (this.#bytes.length - this.#length < MAX_KEY_BYTES) this.#grow();
    // Never half a character.
    const written = this.#bytes.write(text, this.#length, MAX_KEY_BYTES, 'utf8');
    let prefix = 0;
    for (let i = 0; i < PREFIX_BYTES; i++) prefix = prefix * 256 + (i < written ? this.#bytes[this.#length + i] : 0);
    this.#prefixes[this.#count++] = prefix;
    this.#length += written;
    this.#starts[this.#count] = this.#length;
  }

  /** Below 0: the one comes first. 0: they are the same as far as they are kept. */
  compare(one: number, other: number): number {
    const difference = this.#prefixes[one] - this.#prefixes[other];
    if (difference !== 0) return difference;
    return this.#bytes.compare(this.#bytes, this.#starts[other], this.#starts[other + 1], this.#starts[one], this.#starts[one + 1]);
  }

  /** Whether there may be more of the text than is kept. */
  isCut(index: number): boolean {
    return this.#starts[index + 1] - this.#starts[index] > MAX_KEY_BYTES - 4;
  }

  #grow(): void {
    const larger = Buffer.allocUnsafeSlow(this.#bytes.length * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
