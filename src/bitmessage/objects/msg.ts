/** msg: a message from one address to another, signed by the sender and encrypted to the recipient. */
import type { UnixSeconds } from '../../base/clock.js';
import { type Decrypted, encrypt, readEciesBlock } from '../crypto/ecies.js';
import { createKeySet, type KeySet } from '../crypto/key-set.js';
import { MAX_SIGNATURE_BYTES, sign, verify } from '../crypto/signature.js';
import { ByteReader, concat, DecodeError, equalBytes } from '../wire/bytes.js';
import { NONCE_BYTES, objectBody, objectPrefix, readObjectHeader } from '../wire/object.js';
import { MAX_OBJECT_PAYLOAD_BYTES, OBJECT_MSG } from '../wire/params.js';
import { readCount, readVarBytes, varBytes, varInt } from '../wire/varint.js';
import { type Author, dataOf, type PubkeyData, pubkeyData, readPubkeyData } from './pubkey-data.js';

export interface Msg {
  readonly sender: PubkeyData;
  /** Of the address that the sender wrote to: 20 bytes. */
  readonly destinationRipe: Uint8Array;
  readonly encoding: number;
  readonly message: Uint8Array;
  /** A whole packet for the recipient to publish, or empty. Nothing in it is checked here, see ack.ts. */
  readonly ack: Uint8Array;
  readonly signature: Uint8Array;
  /** So many bytes of the plaintext are under the signature. */
  readonly signedBytes: number;
}

/** One of our addresses. */
export interface Recipient {
  readonly ripe: Uint8Array;
  readonly encryptionPrivateKey: Uint8Array;
}

/** Our addresses, made ready together for trial decryption: see {@link prepareRecipients}. */
export interface Recipients {
  readonly ripes: readonly Uint8Array[];
  readonly keys: KeySet;
}

export type OpenedMsg =
  | { readonly verdict: 'authentic'; readonly keyIndex: number; readonly msg: Msg }
  | { readonly verdict: MsgRefusal; readonly keyIndex: number };

export type MsgRefusal =
  | 'malformed'
  /** Written to somebody else, and encrypted anew to us: the sender never wrote it to us. */
  | 'forwarded'
  | 'forged';

export interface NewMsg {
  readonly author: Author;
  readonly recipient: { readonly stream: bigint; readonly ripe: Uint8Array; readonly encryptionKey: Uint8Array };
  readonly encoding: number;
  readonly message: Uint8Array;
  /** A whole packet, or empty. */
  readonly ack: Uint8Array;
  readonly expiresAt: UnixSeconds;
}

const MSG_VERSION = 1n;
const RIPE_BYTES = 20;
/** IV, the shortest usual coordinates (24 bytes), one cipher block, MAC. An ack is shorter and must cost nothing: PROTOCOL 2.5. */
const MIN_ENCRYPTED_BYTES = 118;
/** PyBitmessage reads no shorter plaintext. */
const MIN_PLAINTEXT_BYTES = 170;

/** The object without its nonce. @throws RangeError when the recipient's key is no point of the curve */
export function buildMsg({ author, recipient, encoding, message, ack, expiresAt }: NewMsg): Uint8Array {
  const header = { expiresAt, type: OBJECT_MSG, version: MSG_VERSION, stream: recipient.stream };
  const signed = msgSignedPart({ sender: dataOf(author), destinationRipe: recipient.ripe, encoding, message, ack });
  const signature = sign(concat(objectPrefix(header), signed), author.keys.signingPrivateKey, author.digest);
  return objectBody(header, encrypt(concat(signed, varBytes(signature)), recipient.encryptionKey));
}

/** Makes our addresses ready for {@link openMsg}: some milliseconds. @throws RangeError when a key is none */
export function prepareRecipients(recipients: readonly Recipient[]): Recipients {
  return {
    ripes: recipients.map(({ ripe }) => ripe),
    keys: createKeySet(recipients.map(({ encryptionPrivateKey }) => encryptionPrivateKey)),
  };
}

/** Tries our keys, all of them. Answers undefined when it is for none of them, or no msg that can be read. */
export function decryptMsg(object: Uint8Array, keys: KeySet): Decrypted | undefined {
  try {
    const { type, version, payloadOffset } = readObjectHeader(object);
    const encrypted = object.subarray(payloadOffset);
    if (type !== OBJECT_MSG || version !== MSG_VERSION || encrypted.length < MIN_ENCRYPTED_BYTES) return undefined;
    return keys.decrypt(readEciesBlock(encrypted));
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Decrypts with whichever key fits, then reads and verifies. Answers undefined when it is for none of the keys. */
export function openMsg(object: Uint8Array, recipients: Recipients): OpenedMsg | undefined {
  const decrypted = decryptMsg(object, recipients.keys);
  if (decrypted === undefined) return undefined;
  const { keyIndex, plaintext } = decrypted;
  const ripe = recipients.ripes[keyIndex] as Uint8Array;
  try {
    const msg = readMsg(plaintext);
    const verdict = verifyMsg(object, plaintext, msg, ripe);
    return verdict === 'authentic' ? { verdict, keyIndex, msg } : { verdict, keyIndex };
  } catch (error) {
    if (error instanceof DecodeError) return { verdict: 'malformed', keyIndex };
    throw error;
  }
}

/** Reads a plaintext. Bytes after the signature are nobody's business, as PyBitmessage has it. @throws DecodeError */
export function readMsg(plaintext: Uint8Array): Msg {
  if (plaintext.length < MIN_PLAINTEXT_BYTES) throw new DecodeError(`msg of ${plaintext.length} bytes`);
  const reader = new ByteReader(plaintext);
  const sender = readPubkeyData(reader);
  const destinationRipe = reader.take(RIPE_BYTES);
  const encoding = readCount(reader, Number.MAX_SAFE_INTEGER);
  const message = readVarBytes(reader, MAX_OBJECT_PAYLOAD_BYTES);
  const ack = readVarBytes(reader, MAX_OBJECT_PAYLOAD_BYTES);
  const signedBytes = reader.offset;
  const signature = readVarBytes(reader, MAX_SIGNATURE_BYTES);
  return { sender, destinationRipe, encoding, message, ack, signature, signedBytes };
}

/** Everything before the signature. */
export function msgSignedPart(msg: Omit<Msg, 'signature' | 'signedBytes'>): Uint8Array {
  return concat(pubkeyData(msg.sender), msg.destinationRipe, varInt(msg.encoding), varBytes(msg.message), varBytes(msg.ack));
}

/** @param ripe of the address whose key opened it */
export function verifyMsg(object: Uint8Array, plaintext: Uint8Array, msg: Msg, ripe: Uint8Array): 'authentic' | 'forwarded' | 'forged' {
  if (!equalBytes(msg.destinationRipe, ripe)) return 'forwarded';
  const prefix = object.subarray(NONCE_BYTES, readObjectHeader(object).payloadOffset);
  const signed = concat(prefix, plaintext.subarray(0, msg.signedBytes));
  return verify(signed, msg.signature, msg.sender.signingKey) ? 'authentic' : 'forged';
}
