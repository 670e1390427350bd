/** Bytes that arrived and were not used yet; takes lines and counted runs without copying more than once. */

const LF = 0x0a;

export class ByteQueue {
  #chunks: Buffer[] = [];
  #length = 0;
  /** How many of the bytes are known to hold no LF, so that a line fed byte by byte is looked at once. */
  #scanned = 0;

  get length(): number {
    return this.#length;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** Forgets everything; answers how many bytes that were. */
  clear(): number {
    const dropped = this.#length;
    this.#chunks = [];
    this.#length = 0;
    this.#scanned = 0;
    return dropped;
  }

  /** The bytes up to and with the next LF, or null while there is none. */
  takeLine(): Buffer | null {
    let start = 0;
    for (const chunk of this.#chunks) {
      const from = Math.max(this.#scanned - start, 0);
      const at = from < chunk.length ? chunk.indexOf(LF, from) : -1;
      if (at !== -1) return this.take(start + at + 1);
      start += chunk.length;
    }
    this.#scanned = this.#length;
    return null;
  }

  /** At most `count` bytes, as many as there are. */
  take(count: number): Buffer {
    const size = Math.min(count, this.#length);
    const parts: Buffer[] = [];
    let missing = size;
    let used = 0;
    while (missing > 0) {
      const chunk = this.#chunks[used];
      if (chunk.length > missing) {
        parts.push(chunk.subarray(0, missing));
        this.#chunks[used] = chunk.subarray(missing);
        missing = 0;
      } else {
        parts.push(chunk);
        missing -= chunk.length;
        used++;
      }
    }
    this.#chunks.splice(0, used);
    this.#length -= size;
    this.#scanned = 0;
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }

  /** Moves as many bytes as there are and as fit to this place in a buffer; answers how many. */
  takeInto(target: Buffer, at: number): number {
    const taken = this.take(target.length - at);
    taken.copy(target, at);
    return taken.length;
  }
}
