/** Packets: the 24-byte header around every message, and a reader that judges each header before it keeps a byte of the payload. */
import { hash } from 'node:crypto';
import { concat, DecodeError, u32 } from './bytes.js';

export interface Packet {
  readonly command: string;
  /** False: nobody here knows the command. It is reported at once, and its payload is dropped as it comes. */
  readonly known: boolean;
  /** May be a view on what the socket delivered: copy what is kept. */
  readonly payload: Uint8Array;
  /** SHA-512 of the payload, which the checksum was compared with: the name of an object is made of it. Empty when it is not known. */
  readonly digest: Uint8Array;
}

export const HEADER_BYTES = 24;
const MAGIC_BYTES = 4;
const COMMAND_BYTES = 12;
const CHECKSUM_BYTES = 4;

/** PyBitmessage MAX_MESSAGE_SIZE; whatever the command. */
const MAX_PAYLOAD_BYTES = 1_600_100;

/** What each command can need at most (PROTOCOL 1.3). */
const MAX_BYTES_BY_COMMAND: Readonly<Record<string, number>> = {
  version: 10_000, // a legitimate one is under 300 bytes
  verack: 64,
  ping: 64,
  pong: 64,
  portcheck: 64,
  addr: 3 + 1000 * 38,
  inv: 3 + 50_000 * 32,
  dinv: 3 + 50_000 * 32,
  getdata: 3 + 50_000 * 32,
  object: 38 + 262_144,
  error: 100_000,
};

/** The first allocation for a payload that comes in pieces; it doubles as bytes really arrive. */
const FIRST_BUFFER_BYTES = 4096;

/** Encodes one packet. The command is lower-case ASCII of at most 12 bytes. */
export function encodePacket(magic: number, command: string, payload: Uint8Array): Uint8Array {
  const name = new Uint8Array(COMMAND_BYTES);
  name.set(Buffer.from(command, 'latin1'));
  return concat(u32(magic), name, u32(payload.length), checksum(payload), payload);
}

/** First 4 bytes of SHA-512 of the payload. */
export function checksum(payload: Uint8Array): Uint8Array {
  return digestOf(payload).subarray(0, CHECKSUM_BYTES);
}

function digestOf(payload: Uint8Array): Uint8Array {
  return hash('sha512', payload, 'buffer');
}

interface Header {
  readonly command: string;
  readonly length: number;
  readonly checksum: Uint8Array;
}

const NO_PAYLOAD = new Uint8Array(0);

/**
 * Turns a byte stream into packets. Memory is bounded by what a known command can need and by what has arrived.
 *
 * Spec: Protocol_specification, "Message structure"; PROTOCOL 1.3
 */
export class PacketReader {
  #chunk: Uint8Array = new Uint8Array(0);
  #start = 0;
  #header: Header | undefined;
  /** Bytes of a header or payload that began in an earlier chunk. */
  #partial = new Uint8Array(0);
  #partialLength = 0;
  #toDiscard = 0;

  constructor(private readonly magic: number) {}

  /** Hands over the next chunk. `next` must have answered undefined before. */
  push(chunk: Uint8Array): void {
    this.#chunk = this.#start === this.#chunk.length ? chunk : concat(this.#chunk.subarray(this.#start), chunk);
    this.#start = 0;
  }

  /** The next whole packet, or undefined until more bytes come. @throws DecodeError when the peer must be left */
  next(): Packet | undefined {
    if (this.#toDiscard > 0 && !this.#discard()) return undefined;
    this.#header ??= this.#readHeader();
    if (this.#header === undefined) return undefined;
    const { command, length, checksum: expected } = this.#header;
    if (!Object.hasOwn(MAX_BYTES_BY_COMMAND, command)) {
      this.#header = undefined;
      this.#toDiscard = length;
      return { command, known: false, payload: NO_PAYLOAD, digest: NO_PAYLOAD };
    }
    const payload = this.#collect(length);
    if (payload === undefined) return undefined;
    this.#header = undefined;
    const digest = digestOf(payload);
    if (!startsWith(digest, expected)) throw new DecodeError(`wrong checksum of ${command}`);
    return { command, known: true, payload, digest };
  }

  /** What has not been read: the first bytes of TLS can follow the last plain packet. The reader is finished after this. */
  takeRest(): Uint8Array {
    const rest = concat(this.#partial.subarray(0, this.#partialLength), this.#chunk.subarray(this.#start));
    this.#partialLength = 0;
    this.#start = this.#chunk.length;
    return rest;
  }

  #readHeader(): Header | undefined {
    this.#checkMagicEarly();
    const bytes = this.#collect(HEADER_BYTES);
    if (bytes === undefined) return undefined;
    const command = readCommand(bytes.subarray(MAGIC_BYTES, MAGIC_BYTES + COMMAND_BYTES));
    const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(MAGIC_BYTES + COMMAND_BYTES);
    const limit = Object.hasOwn(MAX_BYTES_BY_COMMAND, command) ? MAX_BYTES_BY_COMMAND[command] : MAX_PAYLOAD_BYTES;
    if (length > limit) throw new DecodeError(`${command} of ${length} bytes, limit ${limit}`);
    return { command, length, checksum: bytes.slice(HEADER_BYTES - CHECKSUM_BYTES) };
  }

  /** A stranger's protocol is recognised by its first four bytes; it may never send 24. */
  #checkMagicEarly(): void {
    const expected = u32(this.magic);
    for (let index = 0; index < MAGIC_BYTES; index++) {
      const fromChunk = this.#start + index - this.#partialLength;
      const byte = index < this.#partialLength ? this.#partial[index] : this.#chunk[fromChunk];
      if (byte !== undefined && byte !== expected[index]) throw new DecodeError('wrong magic');
    }
  }

  #discard(): boolean {
    const length = Math.min(this.#toDiscard, this.#chunk.length - this.#start);
    this.#start += length;
    this.#toDiscard -= length;
    return this.#toDiscard === 0;
  }

  /** The next `length` bytes: a view where one chunk holds them all, else gathered as they come. */
  #collect(length: number): Uint8Array | undefined {
    const available = this.#chunk.length - this.#start;
    if (this.#partialLength === 0 && available >= length) {
      this.#start += length;
      return this.#chunk.subarray(this.#start - length, this.#start);
    }
    const taken = Math.min(length - this.#partialLength, available);
    this.#keep(this.#chunk.subarray(this.#start, this.#start + taken), length);
    this.#start += taken;
    if (this.#partialLength < length) return undefined;
    const collected = this.#partial.subarray(0, length);
    this.#partial = new Uint8Array(0);
    this.#partialLength = 0;
    return collected;
  }

  #keep(bytes: Uint8Array, wanted: number): void {
    const needed = this.#partialLength + bytes.length;
    if (needed > this.#partial.length) {
      const grown = new Uint8Array(Math.min(wanted, Math.max(needed, this.#partial.length * 2, FIRST_BUFFER_BYTES)));
      grown.set(this.#partial.subarray(0, this.#partialLength));
      this.#partial = grown;
    }
    this.#partial.set(bytes, this.#partialLength);
    this.#partialLength = needed;
  }
}

/** Printable ASCII, then only NULs. Upper case is no error, and no command. */
function readCommand(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const command = text.replace(/\0+$/, '');
  if (!/^[\x21-\x7e]+$/.test(command)) throw new DecodeError('the command is not ASCII padded with NULs');
  return command;
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, index) => byte === bytes[index]);
}
