/** What goes to a client next: many small texts and byte strings, gathered in few large pieces. Pure. */

/** A piece of a long answer: what is gathered before it is written. */
const CHUNK_BYTES = 65_536;
/** Holds most answers; a large one for each of them would be more work for the garbage collector than all the rest of a short command. */
const SHORT_CHUNK_BYTES = 1024;
/** Larger ones are passed on as they are: copying them would cost more than one more piece. */
const LARGE_BYTES = 16_384;
/** Of one answer: more are seldom under way at a time. */
const MAX_SPARE = 4;
/** UTF-8 of one UTF-16 unit. */
const MAX_BYTES_PER_UNIT = 3;

export class OutputQueue {
  #text = '';
  #chunk: Buffer | null = null;
  /** What stands in the chunk before belongs to a piece already. */
  #start = 0;
  #used = 0;
  #pieces: Buffer[] = [];
  #length = 0;
  /** Whole chunks: those in which pieces that wait lie, those that were given out, and those that nobody reads any more. */
  #full: Buffer[] = [];
  #lent: Buffer[] = [];
  #spare: Buffer[] = [];

  /** Characters and bytes that wait. */
  get length(): number {
    return this.#length;
  }

  /** Text (as UTF-8) or bytes. */
  add(piece: string | Buffer): void {
    this.#length += piece.length;
    if (typeof piece === 'string') {
      this.#text += piece;
      return;
    }
    this.#takeText();
    if (piece.length >= LARGE_BYTES) {
      this.#endPiece();
      this.#pieces.push(piece);
      return;
    }
    const chunk = this.#room(piece.length);
    this.#used += piece.copy(chunk, this.#used);
  }

  /** All that waits, in order; then nothing does. */
  take(): readonly Buffer[] {
    this.#takeText();
    this.#endChunk();
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#lent.push(...this.#full);
    this.#full = [];
    this.#length = 0;
    return pieces;
  }

  /** All that was taken so far is sent: its memory may be written again. A long answer then makes no garbage of its own length. */
  reuse(): void {
    if (this.#lent.length === 0) return;
    this.#spare = [...this.#spare, ...this.#lent].slice(0, MAX_SPARE);
    this.#lent = [];
  }

  /** A long answer is over. */
  rest(): void {
    this.#lent = [];
    this.#spare = [];
  }

  #takeText(): void {
    const text = this.#text;
    if (text === '') return;
    this.#text = '';
    if (text.length >= LARGE_BYTES) {
      this.#endPiece();
      this.#pieces.push(Buffer.from(text));
      return;
    }
    const chunk = this.#room(text.length * MAX_BYTES_PER_UNIT);
    this.#used += chunk.write(text, this.#used);
  }

  /** The chunk, which has room for so many bytes more: it grows with what waits. */
  #room(bytes: number): Buffer {
    if (this.#chunk !== null && this.#used + bytes <= this.#chunk.length) return this.#chunk;
    if (this.#used - this.#start + bytes > CHUNK_BYTES) this.#endChunk();
    const begun = this.#used - this.#start;
    const wanted = Math.min(Math.max(2 * this.#length, SHORT_CHUNK_BYTES), CHUNK_BYTES);
    const length = Math.max(wanted, begun + bytes);
    const chunk = (length === CHUNK_BYTES ? this.#spare.pop() : undefined) ?? Buffer.allocUnsafe(length);
    this.#chunk?.copy(chunk, 0, this.#start, this.#used);
    this.#chunk = chunk;
    this.#start = 0;
    this.#used = begun;
    return chunk;
  }

  /** What follows can stand in the same chunk. */
  #endPiece(): void {
    if (this.#chunk !== null && this.#used > this.#start) this.#pieces.push(this.#chunk.subarray(this.#start, this.#used));
    this.#start = this.#used;
  }

  #endChunk(): void {
    this.#endPiece();
    if (this.#chunk?.length === CHUNK_BYTES) this.#full.push(this.#chunk);
    this.#chunk = null;
    this.#start = 0;
    this.#used = 0;
  }
}
