/** broadcast: a message to all who know the sender's address. Version 4 of addresses up to 3, version 5 with a tag in clear. */
import type { UnixSeconds } from '../../base/clock.js';
import { type Address, addressKey, addressTag, equalAddresses } from '../crypto/address.js';
import { type Decrypted, decryptBytes, encrypt, readEciesBlock } from '../crypto/ecies.js';
import { createKeySet, type KeySet } from '../crypto/key-set.js';
import { publicKeyOf } from '../crypto/keys.js';
import { MAX_SIGNATURE_BYTES, sign, verify } from '../crypto/signature.js';
import { ByteReader, concat, DecodeError, toHex } from '../wire/bytes.js';
import { NONCE_BYTES, objectBody, objectPrefix, readObjectHeader } from '../wire/object.js';
import { MAX_OBJECT_PAYLOAD_BYTES, OBJECT_BROADCAST } from '../wire/params.js';
import { readCount, readVarBytes, varBytes, varInt } from '../wire/varint.js';
import { type Author, addressOf, dataOf, type PubkeyData, pubkeyData, readPubkeyData } from './pubkey-data.js';

export interface Broadcast {
  readonly sender: PubkeyData;
  readonly encoding: number;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  /** So many bytes of the plaintext are under the signature. */
  readonly signedBytes: number;
}

/** Addresses that we listen to, made ready together: see {@link prepareSubscriptions}. */
export interface Subscriptions {
  readonly addresses: readonly Address[];
  /** Index of an address of version 4 by its tag, in hex. */
  readonly tagged: ReadonlyMap<string, number>;
  /** The older ones, whose broadcasts only a trial tells, by stream. */
  readonly untagged: ReadonlyMap<bigint, { readonly indexes: readonly number[]; readonly keys: KeySet }>;
}

export type OpenedBroadcast =
  | { readonly verdict: 'authentic'; readonly keyIndex: number; readonly broadcast: Broadcast }
  | { readonly verdict: BroadcastRefusal; readonly keyIndex: number };

export type BroadcastRefusal =
  | 'malformed'
  /** The keys inside do not make the address under which it came. */
  | 'other-address'
  | 'forged';

export interface NewBroadcast {
  readonly author: Author;
  readonly encoding: number;
  readonly message: Uint8Array;
  readonly expiresAt: UnixSeconds;
}

/** By trial decryption, of addresses up to version 3. */
const UNTAGGED_VERSION = 4n;
const TAGGED_VERSION = 5n;
const TAG_BYTES = 32;
const FIRST_TAGGED_ADDRESS = 4;

/** The object without its nonce. */
export function buildBroadcast({ author, encoding, message, expiresAt }: NewBroadcast): Uint8Array {
  const address: Address = { version: author.version, stream: author.stream, ripe: author.keys.ripe };
  const tag = author.version >= FIRST_TAGGED_ADDRESS ? addressTag(address) : new Uint8Array();
  const version = author.version >= FIRST_TAGGED_ADDRESS ? TAGGED_VERSION : UNTAGGED_VERSION;
  const header = { expiresAt, type: OBJECT_BROADCAST, version, stream: author.stream };
  const signed = broadcastSignedPart({ sender: dataOf(author), encoding, message });
  const signature = sign(concat(objectPrefix(header), tag, signed), author.keys.signingPrivateKey, author.digest);
  return objectBody(header, concat(tag, encrypt(concat(signed, varBytes(signature)), publicKeyOf(addressKey(address)))));
}

/** Makes addresses ready for {@link openBroadcast}: some milliseconds where there are old ones. */
export function prepareSubscriptions(addresses: readonly Address[]): Subscriptions {
  const tagged = new Map<string, number>();
  const old = new Map<bigint, number[]>();
  for (const [index, address] of addresses.entries()) {
    if (address.version >= FIRST_TAGGED_ADDRESS) tagged.set(toHex(addressTag(address)), index);
    else old.set(address.stream, [...(old.get(address.stream) ?? []), index]);
  }
  const keysOf = (indexes: readonly number[]): KeySet => createKeySet(indexes.map((index) => addressKey(addresses[index] as Address)));
  const untagged = new Map([...old].map(([stream, indexes]) => [stream, { indexes, keys: keysOf(indexes) }]));
  return { addresses, tagged, untagged };
}

/** The tag of a version 5 broadcast, else undefined: of version 4 only a trial tells. */
export function broadcastTag(object: Uint8Array): Uint8Array | undefined {
  const opened = readSealed(object);
  return opened !== undefined && opened.tag.length > 0 ? opened.tag : undefined;
}

/** Reads and verifies a broadcast of an address we listen to. Answers undefined when it is of none of them. */
export function openBroadcast(object: Uint8Array, subscriptions: Subscriptions): OpenedBroadcast | undefined {
  const sealed = readSealed(object);
  const decrypted = sealed === undefined ? undefined : decryptBroadcast(sealed, subscriptions);
  if (sealed === undefined || decrypted === undefined) return undefined;
  const { keyIndex, plaintext } = decrypted;
  const address = subscriptions.addresses[keyIndex] as Address;
  try {
    const broadcast = readBroadcast(plaintext);
    // The address decides under which version it may come, and in which stream: see decryptBroadcast.
    if (!equalAddresses(addressOf(broadcast.sender), address)) return { verdict: 'other-address', keyIndex };
    const signed = concat(sealed.prefix, plaintext.subarray(0, broadcast.signedBytes));
    if (!verify(signed, broadcast.signature, broadcast.sender.signingKey)) return { verdict: 'forged', keyIndex };
    return { verdict: 'authentic', keyIndex, broadcast };
  } catch (error) {
    if (error instanceof DecodeError) return { verdict: 'malformed', keyIndex };
    throw error;
  }
}

/** Reads a plaintext. @throws DecodeError */
export function readBroadcast(plaintext: Uint8Array): Broadcast {
  const reader = new ByteReader(plaintext);
  const sender = readPubkeyData(reader);
  const encoding = readCount(reader, Number.MAX_SAFE_INTEGER);
  const message = readVarBytes(reader, MAX_OBJECT_PAYLOAD_BYTES);
  const signedBytes = reader.offset;
  const signature = readVarBytes(reader, MAX_SIGNATURE_BYTES);
  return { sender, encoding, message, signature, signedBytes };
}

/** Everything before the signature. */
export function broadcastSignedPart({ sender, encoding, message }: Omit<Broadcast, 'signature' | 'signedBytes'>): Uint8Array {
  return concat(pubkeyData(sender), varInt(encoding), varBytes(message));
}

interface SealedBroadcast {
  readonly version: bigint;
  readonly stream: bigint;
  /** Empty in version 4. */
  readonly tag: Uint8Array;
  readonly encrypted: Uint8Array;
  /** What is signed before the plaintext: from the expiry on, in version 5 with the tag. */
  readonly prefix: Uint8Array;
}

function readSealed(object: Uint8Array): SealedBroadcast | undefined {
  try {
    const { type, version, stream, payloadOffset } = readObjectHeader(object);
    if (type !== OBJECT_BROADCAST || (version !== UNTAGGED_VERSION && version !== TAGGED_VERSION)) return undefined;
    const reader = new ByteReader(object.subarray(payloadOffset));
    const tag = reader.take(version === TAGGED_VERSION ? TAG_BYTES : 0);
    return { version, stream, tag, encrypted: reader.rest(), prefix: object.subarray(NONCE_BYTES, payloadOffset + tag.length) };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Tries the subscriptions that could be meant: of the stream, and by the tag or, where there is none, all old ones. */
function decryptBroadcast({ version, stream, tag, encrypted }: SealedBroadcast, subscriptions: Subscriptions): Decrypted | undefined {
  if (version === TAGGED_VERSION) {
    const keyIndex = subscriptions.tagged.get(toHex(tag));
    const address = keyIndex === undefined ? undefined : subscriptions.addresses[keyIndex];
    if (keyIndex === undefined || address?.stream !== stream) return undefined;
    const plaintext = decryptBytes(encrypted, addressKey(address));
    return plaintext && { keyIndex, plaintext };
  }
  const candidates = subscriptions.untagged.get(stream);
  if (candidates === undefined) return undefined;
  try {
    const decrypted = candidates.keys.decrypt(readEciesBlock(encrypted));
    return decrypted && { ...decrypted, keyIndex: candidates.indexes[decrypted.keyIndex] as number };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
