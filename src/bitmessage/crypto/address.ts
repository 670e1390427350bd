/** Addresses: "BM-" and base 58 of version, stream, the hash of both public keys (ripe) and a checksum. */
import { ByteReader, concat, DecodeError, equalBytes } from '../wire/bytes.js';
import { readVarInt, varInt } from '../wire/varint.js';
import { decodeBase58, encodeBase58 } from './base58.js';
import { doubleSha512, sha512 } from './hash.js';

export interface Address {
  readonly version: number;
  readonly stream: bigint;
  /** 20 bytes, untrimmed. */
  readonly ripe: Uint8Array;
}

/** PyBitmessage's words, so that its vectors and its API's users meet what they know. */
export type DecodeProblem =
  | 'invalidcharacters'
  | 'checksumfailed'
  | 'varintmalformed'
  | 'versiontoohigh'
  | 'ripetooshort'
  | 'ripetoolong'
  | 'encodingproblem';

export type DecodedAddress = { readonly status: 'success'; readonly address: Address } | { readonly status: DecodeProblem };

/** The text is no address that anybody can use; the message is a sentence for whoever typed it. */
export class AddressError extends Error {
  override readonly name = 'AddressError';

  constructor(
    message: string,
    readonly problem: DecodeProblem | 'unusable',
  ) {
    super(message);
  }
}

const RIPE_BYTES = 20;
const CHECKSUM_BYTES = 4;
/** Two 9-byte var_ints, ripe and checksum make 58 digits; far more is no address, and not worth the arithmetic. */
const MAX_TEXT_LENGTH = 200;
/** As PyBitmessage: streams are numbered 1 … 2^63 - 1. */
const MAX_STREAM = 2n ** 63n - 1n;

/**
 * Reads an address with or without "BM-", blanks around it allowed, of versions 1 to 4.
 *
 * Versions 2 and 3 know several texts for one ripe: compare `formatAddress` of the result, never the text that came in.
 * Spec: PROTOCOL 3.3 (PyBitmessage src/addresses.py decodeAddress)
 */
export function decodeAddress(text: string): DecodedAddress {
  const digits = text.trim().replace(/^BM-/, '');
  const data = digits.length > MAX_TEXT_LENGTH ? undefined : decodeBase58(digits);
  if (data === undefined || data.length === 0) return { status: 'invalidcharacters' };
  const content = data.subarray(0, Math.max(data.length - CHECKSUM_BYTES, 0));
  const checksum = data.subarray(content.length);
  if (!equalBytes(checksum, doubleSha512(content).subarray(0, CHECKSUM_BYTES))) return { status: 'checksumfailed' };
  try {
    return decodeContent(data, content.length);
  } catch (error) {
    if (error instanceof DecodeError) return { status: 'varintmalformed' };
    throw error;
  }
}

/** Reads an address that can be used: version 2, 3 or 4, in a stream that exists. @throws AddressError */
export function parseAddress(text: string): Address {
  const decoded = decodeAddress(text);
  if (decoded.status !== 'success') throw new AddressError(`"${shorten(text)}" ${SENTENCES[decoded.status]}`, decoded.status);
  const { version, stream } = decoded.address;
  if (version === 1) throw new AddressError(`"${shorten(text)}" is of version 1, which no program can use any more`, 'unusable');
  if (stream < 1n || stream > MAX_STREAM)
    throw new AddressError(`"${shorten(text)}" belongs to stream ${stream}, which does not exist`, 'unusable');
  return decoded.address;
}

/** The canonical text, with "BM-". */
export function formatAddress({ version, stream, ripe }: Address): string {
  if (ripe.length !== RIPE_BYTES) throw new RangeError(`a ripe has ${RIPE_BYTES} bytes, not ${ripe.length}`);
  const content = concat(varInt(version), varInt(stream), trim(version, ripe));
  return `BM-${encodeBase58(concat(content, doubleSha512(content).subarray(0, CHECKSUM_BYTES)))}`;
}

export function equalAddresses(a: Address, b: Address): boolean {
  return a.version === b.version && a.stream === b.stream && equalBytes(a.ripe, b.ripe);
}

/** What stands in clear before a version 4 pubkey and a version 5 broadcast. 32 bytes; PROTOCOL 3.10. */
export function addressTag(address: Address): Uint8Array {
  return doubleSha512(hashedForm(address)).subarray(32, 64);
}

/**
 * The private key that everybody who knows the address can compute: it opens version 4 pubkeys and the address's broadcasts.
 * From version 4 on the double hash is used, whose other half is the tag; before, the single hash.
 */
export function addressKey(address: Address): Uint8Array {
  const hashed = hashedForm(address);
  return (address.version >= 4 ? doubleSha512(hashed) : sha512(hashed)).subarray(0, 32);
}

const SENTENCES: Record<DecodeProblem, string> = {
  invalidcharacters: 'is not a Bitmessage address: it holds characters that no address has',
  checksumfailed: 'is mistyped or cut: its check digits do not fit',
  varintmalformed: 'is not a Bitmessage address: its version or stream is malformed',
  versiontoohigh: 'is of a version that this program does not know',
  ripetooshort: 'is not a Bitmessage address: it is too short',
  ripetoolong: 'is not a Bitmessage address: it is too long',
  encodingproblem: 'is not written in the one form that an address of its version has',
};

/** The stream is read from all the data, checksum included, as PyBitmessage does: it decides between two verdicts only. */
function decodeContent(data: Uint8Array, contentLength: number): DecodedAddress {
  const reader = new ByteReader(data);
  const version = readVarInt(reader);
  if (version < 1n || version > 4n) return { status: 'versiontoohigh' };
  const stream = readVarInt(reader);
  const embedded = data.subarray(version === 1n ? contentLength - RIPE_BYTES : reader.offset, contentLength);
  if (version === 4n && embedded[0] === 0) return { status: 'encodingproblem' };
  if (embedded.length > RIPE_BYTES) return { status: 'ripetoolong' };
  if (embedded.length < shortestRipe(version)) return { status: 'ripetooshort' };
  const ripe = concat(new Uint8Array(RIPE_BYTES - embedded.length), embedded);
  return { status: 'success', address: { version: Number(version), stream, ripe } };
}

function shortestRipe(version: bigint): number {
  if (version === 1n) return RIPE_BYTES;
  return version === 4n ? 4 : 18;
}

/** Versions 2 and 3 drop two leading zero bytes at most, version 4 all of them. */
function trim(version: number, ripe: Uint8Array): Uint8Array {
  const zeros = ripe.findIndex((byte) => byte !== 0);
  const leading = zeros < 0 ? ripe.length : zeros;
  const most = version >= 4 ? ripe.length : version === 1 ? 0 : 2;
  return ripe.subarray(Math.min(leading, most));
}

function hashedForm({ version, stream, ripe }: Address): Uint8Array {
  return concat(varInt(version), varInt(stream), ripe);
}

function shorten(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > 60 ? `${trimmed.slice(0, 60)}…` : trimmed;
}
