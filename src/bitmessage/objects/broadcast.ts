/** broadcast: a message to all who know the sender's address. Version 4 of addresses up to 3, version 5 with a tag in clear. */
import type { KeyObject } from 'node:crypto';
import type { UnixSeconds } from '../../base/clock.js';
import { type Address, addressKey, addressTag, equalAddresses } from '../crypto/address.js';
import { type Decrypted, decrypt, encrypt, readEciesBlock } from '../crypto/ecies.js';
import { importPrivateKey, publicKeyOf } from '../crypto/keys.js';
import { MAX_SIGNATURE_BYTES, sign, verify } from '../crypto/signature.js';
import { ByteReader, concat, DecodeError, equalBytes } from '../wire/bytes.js';
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

/** An address we listen to, made ready once: see {@link subscriptionKey}. */
export interface SubscriptionKey {
  readonly address: Address;
  readonly tag: Uint8Array;
  readonly key: KeyObject;
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

/** The object without its nonce. */
export function buildBroadcast({ author, encoding, message, expiresAt }: NewBroadcast): Uint8Array {
  const address: Address = { version: author.version, stream: author.stream, ripe: author.keys.ripe };
  const tag = author.version >= 4 ? addressTag(address) : new Uint8Array();
  const version = author.version >= 4 ? TAGGED_VERSION : UNTAGGED_VERSION;
  const header = { expiresAt, type: OBJECT_BROADCAST, version, stream: author.stream };
  const signed = broadcastSignedPart({ sender: dataOf(author), encoding, message });
  const signature = sign(concat(objectPrefix(header), tag, signed), author.keys.signingPrivateKey, author.digest);
  return objectBody(header, concat(tag, encrypt(concat(signed, varBytes(signature)), publicKeyOf(addressKey(address)))));
}

/** Makes an address ready for {@link openBroadcast}: half a millisecond. */
export function subscriptionKey(address: Address): SubscriptionKey {
  return { address, tag: addressTag(address), key: importPrivateKey(addressKey(address)) };
}

/** The tag of a version 5 broadcast, else undefined: of version 4 only a trial tells. */
export function broadcastTag(object: Uint8Array): Uint8Array | undefined {
  const opened = readSealed(object);
  return opened !== undefined && opened.tag.length > 0 ? opened.tag : undefined;
}

/** Reads and verifies a broadcast of an address we listen to. Answers undefined when it is of none of them. */
export function openBroadcast(object: Uint8Array, subscriptions: readonly SubscriptionKey[]): OpenedBroadcast | undefined {
  const sealed = readSealed(object);
  const decrypted = sealed === undefined ? undefined : decryptBroadcast(sealed, subscriptions);
  if (sealed === undefined || decrypted === undefined) return undefined;
  const { keyIndex, plaintext } = decrypted;
  const { address } = subscriptions[keyIndex] as SubscriptionKey;
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
function decryptBroadcast(
  { version, stream, tag, encrypted }: SealedBroadcast,
  subscriptions: readonly SubscriptionKey[],
): Decrypted | undefined {
  const candidates = [...subscriptions.keys()].filter((index) => {
    const subscription = subscriptions[index] as SubscriptionKey;
    const { version: addressVersion, stream: addressStream } = subscription.address;
    if (addressStream !== stream) return false;
    return version === TAGGED_VERSION ? addressVersion >= 4 && equalBytes(subscription.tag, tag) : addressVersion < 4;
  });
  if (candidates.length === 0) return undefined;
  try {
    const keys = candidates.map((index) => (subscriptions[index] as SubscriptionKey).key);
    const decrypted = decrypt(readEciesBlock(encrypted), keys);
    return decrypted && { ...decrypted, keyIndex: candidates[decrypted.keyIndex] as number };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
