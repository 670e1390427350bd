/** multipart/form-data (RFC 7578) as it comes in: a few short fields, then one file, piece by piece. Pure. */

export interface Upload {
  readonly fields: URLSearchParams;
  /** As the browser calls it, without its directories; '' when none was chosen. */
  readonly fileName: string;
  /** To be read to its end. Throws what `Cut` says when the body ends before it. */
  readonly file: AsyncIterable<Buffer>;
}

/** The body ended in the midst of a part: the browser has called it off. */
export class Cut extends Error {
  override readonly name = 'Cut';
}

/** Fields are a few short texts, and so are the headers of a part. */
const MAX_FIELD_BYTES = 64 * 1024;
/** A form has half a dozen. */
const MAX_FIELDS = 50;

/** The text between parts, or undefined. @param contentType of the request */
export function boundaryOf(contentType = ''): string | undefined {
  return /^multipart\/form-data;.*\bboundary=(?:"([^"]{1,70})"|([^\s";]{1,70}))/i.exec(contentType)?.slice(1).find(Boolean);
}

/** Reads as far as the file begins. Undefined when that is no form with a file at its end. @throws Cut */
export async function readUpload(body: AsyncIterable<Buffer>, boundary: string): Promise<Upload | undefined> {
  const pieces = new Pieces(body[Symbol.asyncIterator]());
  const fields = new URLSearchParams();
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first one has no end of line before it.
  if ((await pieces.until(delimiter.subarray(2), 0)) === undefined) return undefined;
  for (let count = 0; count <= MAX_FIELDS; count++) {
    const head = (await pieces.until(Buffer.from('\r\n\r\n'), MAX_FIELD_BYTES))?.toString('utf8');
    const name = /^content-disposition: form-data;.*\bname="([^"]*)"/im.exec(head ?? '')?.[1];
    if (head === undefined || name === undefined) return undefined;
    const fileName = /\bfilename="([^"]*)"/i.exec(head)?.[1];
    if (fileName !== undefined) return { fields, fileName: fileName.replace(/^.*[\\/]/, ''), file: pieces.eachUntil(delimiter) };
    const value = await pieces.until(delimiter, MAX_FIELD_BYTES);
    if (value === undefined) return undefined;
    fields.append(name, value.toString('utf8'));
  }
  return undefined;
}

/** What has come in and was not taken yet. */
class Pieces {
  #held: Buffer = Buffer.alloc(0);

  constructor(private readonly source: AsyncIterator<Buffer>) {}

  /** What stands before a mark, which is passed over; undefined when more than `most` bytes do. @throws Cut */
  async until(mark: Buffer, most: number): Promise<Buffer | undefined> {
    for (;;) {
      const at = this.#held.indexOf(mark);
      if (at > most || (at < 0 && this.#held.length > most + mark.length)) return undefined;
      if (at >= 0) {
        const before = this.#held.subarray(0, at);
        this.#held = this.#held.subarray(at + mark.length);
        return before;
      }
      await this.#more();
    }
  }

  /** The same, however long. */
  async *eachUntil(mark: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#held.indexOf(mark);
      // A mark may have begun at the end of what is here.
      const sure = at >= 0 ? at : Math.max(0, this.#held.length - mark.length + 1);
      if (sure > 0) yield this.#held.subarray(0, sure);
      this.#held = this.#held.subarray(at >= 0 ? at + mark.length : sure);
      if (at >= 0) return;
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    const { done, value } = await this.source.next();
    if (done) throw new Cut('the body ended before its last part did');
    this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value]);
  }
}
