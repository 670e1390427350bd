/** The library's reader of what a client sends; it can also hand over so many bytes just as they are (RFC 3030). */
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';

interface Chunk {
  missing: number;
  /** Takes a piece; calls back when it may have the next. */
  readonly take: (piece: Buffer, next: () => void) => void;
  /** All of it is there; calls back when the next command may come. */
  readonly whole: (next: () => void) => void;
}

export class ChunkStream extends SMTPStream {
  #chunk: Chunk | null = null;

  /** The next bytes are no commands. */
  startChunk(size: number, { take, whole }: Omit<Chunk, 'missing'>): void {
    this.#chunk = { missing: size, take, whole };
    // What came together with the command goes to `_feedDataStream` now, and what comes later.
    this._dataMode = true;
  }

  override _feedDataStream(bytes: Buffer, done: (error?: Error | null) => void): void {
    const chunk = this.#chunk;
    if (chunk === null) {
      super._feedDataStream(bytes, done);
      return;
    }
    const piece = bytes.subarray(0, chunk.missing);
    chunk.missing -= piece.length;
    chunk.take(piece, () => {
      if (chunk.missing > 0) {
        done();
        return;
      }
      this.#chunk = null;
      this._dataMode = false;
      chunk.whole(() => this._write(bytes.subarray(piece.length), 'buffer', done));
    });
  }
}
