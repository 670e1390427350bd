/** Pure: files in one stream, as POSIX ustar, so that any tar takes a backup apart. */

export interface TarFile {
  readonly name: string;
  readonly size: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/** The stream is no tar, or was cut short. */
export class TarError extends Error {
  override readonly name = 'TarError';
}

const BLOCK_BYTES = 512;
const MAX_NAME_BYTES = 100;
const OWNER_ONLY = 0o600;
/** Eleven octal digits hold no more; a larger size is written in binary, as GNU and BSD read it. */
const MAX_OCTAL_SIZE = 8 ** 11 - 1;
const REGULAR_FILE = '0';
const CHECKSUM_START = 148;
const CHECKSUM_BYTES = 8;

/** @param modifiedAt for all files @throws RangeError when a body is not as long as its size says */
export async function* writeTar(files: AsyncIterable<TarFile>, modifiedAt: number): AsyncGenerator<Uint8Array> {
  for await (const { name, size, body } of files) {
    yield header(name, size, modifiedAt);
    let written = 0;
    for await (const chunk of body) {
      written += chunk.length;
      yield chunk;
    }
    if (written !== size) throw new RangeError(`${name} has ${written} bytes, not ${size}`);
    yield new Uint8Array(padding(size));
  }
  yield new Uint8Array(2 * BLOCK_BYTES);
}

/** The files one after the other; what is not read of a body is passed over when the next file is asked for. @throws TarError */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarFile> {
  const source = new Source(chunks);
  for (;;) {
    const block = await source.take(BLOCK_BYTES);
    if (block.every((byte) => byte === 0)) break;
    const { name, size } = parseHeader(block);
    const body = source.body(size);
    yield { name, size, body };
    for await (const _ of body);
    await source.take(padding(size));
  }
  // To the very end: an age stream says only there that it is whole.
  await source.drain();
}

class Source {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#iterator = chunks[Symbol.asyncIterator]();
  }

  async take(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      const piece = await this.#next(missing);
      pieces.push(piece);
      missing -= piece.length;
    }
    return Buffer.concat(pieces);
  }

  async *body(length: number): AsyncGenerator<Uint8Array> {
    for (let missing = length; missing > 0; ) {
      const piece = await this.#next(missing);
      missing -= piece.length;
      yield piece;
    }
  }

  async drain(): Promise<void> {
    this.#rest = Buffer.alloc(0);
    while (!(await this.#iterator.next()).done);
  }

  /** Some bytes, at most so many. */
  async #next(most: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#iterator.next();
      if (done) throw new TarError('it ends in the middle of a file');
      this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }
}

function header(name: string, size: number, modifiedAt: number): Buffer {
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw new RangeError(`the name ${name} is too long for a tar`);
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(name, 0);
  block.write(octal(OWNER_ONLY, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  if (size <= MAX_OCTAL_SIZE) block.write(octal(size, 11), 124);
  else {
    block[124] = 0x80;
    block.writeBigUInt64BE(BigInt(size), 128);
  }
  block.write(octal(modifiedAt, 11), 136);
  block.write(REGULAR_FILE, 156);
  block.write('ustar\0' + '00', 257);
  block.write(`${octal(checksumOf(block), 6)}\0 `, CHECKSUM_START);
  return block;
}

function parseHeader(block: Buffer): { name: string; size: number } {
  const checksum = Number.parseInt(block.toString('latin1', CHECKSUM_START, CHECKSUM_START + CHECKSUM_BYTES), 8);
  if (checksum !== checksumOf(block)) throw new TarError('it is not the archive of a backup');
  const type = String.fromCharCode(block[156]);
  if (type !== REGULAR_FILE) throw new TarError(`it holds something that is no file (type ${type})`);
  const size = block[124] === 0x80 ? Number(block.readBigUInt64BE(128)) : Number.parseInt(block.toString('latin1', 124, 136), 8);
  if (!Number.isSafeInteger(size) || size < 0) throw new TarError('a size in it cannot be');
  return { name: block.toString('utf8', 0, MAX_NAME_BYTES).replace(/\0.*$/s, ''), size };
}

/** With the field itself counted as blanks. */
function checksumOf(block: Buffer): number {
  let sum = 0;
  for (const [i, byte] of block.entries()) sum += i >= CHECKSUM_START && i < CHECKSUM_START + CHECKSUM_BYTES ? 0x20 : byte;
  return sum;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padding(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}
