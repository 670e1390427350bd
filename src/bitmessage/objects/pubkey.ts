/** pubkey: the public keys of an address; in clear up to version 3, readable for those who know the address in version 4. */
import type { UnixSeconds } from '../../base/clock.js';
import { type Address, addressKey, addressTag, equalAddresses } from '../crypto/address.js';
import { decryptBytes, encrypt } from '../crypto/ecies.js';
import { publicKeyOf } from '../crypto/keys.js';
import { MAX_SIGNATURE_BYTES, sign, verify } from '../crypto/signature.js';
import { ByteReader, concat, DecodeError, equalBytes } from '../wire/bytes.js';
import { NONCE_BYTES, type ObjectHeader, objectBody, objectPrefix, readObjectHeader } from '../wire/object.js';
import { OBJECT_PUBKEY } from '../wire/params.js';
import { readVarBytes, varBytes } from '../wire/varint.js';
import { type Author, addressOf, dataOf, type PubkeyData, pubkeyFields, readPubkeyFields } from './pubkey-data.js';

export type OpenedPubkey = { readonly verdict: 'authentic'; readonly data: PubkeyData } | { readonly verdict: PubkeyRefusal };

export type PubkeyRefusal =
  | 'malformed'
  /** Of another address: another version, stream or tag outside, or keys inside that do not make the address. */
  | 'other-address'
  /** Not encrypted with the key of the address. */
  | 'undecryptable'
  | 'forged';

/** What tells whose pubkey it is, before anything else is looked at. */
export interface PubkeyOwner {
  readonly version: number;
  readonly stream: bigint;
  /** Version 4: the tag. Versions 2 and 3: the ripe that the keys make. */
  readonly tag: Uint8Array | null;
  readonly ripe: Uint8Array | null;
}

/** PyBitmessage processes whole objects of 146 to 440 bytes, from 170 on in version 3 and from 350 on in version 4. */
const MIN_BYTES: Readonly<Record<number, number>> = { 2: 146, 3: 170, 4: 350 };
const MAX_BYTES = 440;
const TAG_BYTES = 32;

/** The object without its nonce. */
export function buildPubkey(author: Author, expiresAt: UnixSeconds): Uint8Array {
  const { version, stream } = author;
  const header = { expiresAt, type: OBJECT_PUBKEY, version: BigInt(version), stream };
  const fields = pubkeyFields(dataOf(author));
  if (version === 2) return objectBody(header, fields);
  const signed = (prefix: Uint8Array): Uint8Array =>
    concat(fields, varBytes(sign(concat(prefix, fields), author.keys.signingPrivateKey, author.digest)));
  if (version === 3) return objectBody(header, signed(objectPrefix(header)));
  const address: Address = { version, stream, ripe: author.keys.ripe };
  const tag = addressTag(address);
  const plaintext = signed(concat(objectPrefix(header), tag));
  return objectBody(header, concat(tag, encrypt(plaintext, publicKeyOf(addressKey(address)))));
}

/** Whose pubkey an object says it is; nothing in it is verified. @throws DecodeError when it is none that could be processed */
export function readPubkeyOwner(object: Uint8Array): PubkeyOwner {
  const header = readPubkeyHeader(object);
  const { version, stream } = header;
  const reader = new ByteReader(object.subarray(header.payloadOffset));
  if (version === 4) return { version, stream, tag: reader.take(TAG_BYTES), ripe: null };
  return { version, stream, tag: null, ripe: addressOf(readPubkeyFields(reader, header)).ripe };
}

/** Reads and verifies a pubkey that is wanted. Version 2 carries no signature: its keys are proved by the ripe, its bitfield by nothing. */
export function openPubkey(object: Uint8Array, address: Address): OpenedPubkey {
  try {
    const header = readPubkeyHeader(object);
    if (header.version !== address.version || header.stream !== address.stream) return { verdict: 'other-address' };
    return header.version === 4 ? openSealed(object, header, address) : openClear(object, header, address);
  } catch (error) {
    if (error instanceof DecodeError) return { verdict: 'malformed' };
    throw error;
  }
}

type PubkeyHeader = Omit<ObjectHeader, 'version'> & { readonly version: number };

function readPubkeyHeader(object: Uint8Array): PubkeyHeader {
  const header = readObjectHeader(object);
  if (header.type !== OBJECT_PUBKEY) throw new DecodeError('not a pubkey');
  if (header.version < 2n || header.version > 4n) throw new DecodeError(`pubkey of version ${header.version}`);
  const version = Number(header.version);
  if (object.length < (MIN_BYTES[version] as number) || object.length > MAX_BYTES)
    throw new DecodeError(`pubkey of ${object.length} bytes`);
  return { ...header, version };
}

function openClear(object: Uint8Array, header: PubkeyHeader, address: Address): OpenedPubkey {
  const clear = object.subarray(header.payloadOffset);
  return verifyFields(clear, object.subarray(NONCE_BYTES, header.payloadOffset), address);
}

function openSealed(object: Uint8Array, header: PubkeyHeader, address: Address): OpenedPubkey {
  const tagEnd = header.payloadOffset + TAG_BYTES;
  if (!equalBytes(object.subarray(header.payloadOffset, tagEnd), addressTag(address))) return { verdict: 'other-address' };
  const plaintext = decryptBytes(object.subarray(tagEnd), addressKey(address));
  if (plaintext === undefined) return { verdict: 'undecryptable' };
  return verifyFields(plaintext, object.subarray(NONCE_BYTES, tagEnd), address);
}

/** @param prefix what is signed before the fields: from the expiry on, in version 4 with the tag */
function verifyFields(bytes: Uint8Array, prefix: Uint8Array, address: Address): OpenedPubkey {
  const reader = new ByteReader(bytes);
  const data = readPubkeyFields(reader, address);
  const signedFields = bytes.subarray(0, reader.offset);
  const signature = address.version >= 3 ? readVarBytes(reader, MAX_SIGNATURE_BYTES) : undefined;
  if (!equalAddresses(addressOf(data), address)) return { verdict: 'other-address' };
  if (signature !== undefined && !verify(concat(prefix, signedFields), signature, data.signingKey)) return { verdict: 'forged' };
  return { verdict: 'authentic', data };
}
