/** Acknowledgements: objects that the sender of a msg makes and the recipient publishes, which proves that it could decrypt. */
import { randomBytes, randomInt } from 'node:crypto';
import type { UnixSeconds } from '../../base/clock.js';
import { encrypt } from '../crypto/ecies.js';
import { randomPrivateKey } from '../crypto/key-search.js';
import { publicKeyOf } from '../crypto/keys.js';
import { ByteReader, concat, DecodeError, equalBytes, u32, u64 } from '../wire/bytes.js';
import { checksum, encodePacket, HEADER_BYTES } from '../wire/frame.js';
import { readObjectHeader } from '../wire/object.js';
import { OBJECT_GETPUBKEY, OBJECT_MSG } from '../wire/params.js';
import { varInt } from '../wire/varint.js';

/**
 * What the ack looks like to everybody else: 0 a msg of 32 bytes (PyBitmessage's default, recognisable as an ack), 1 a getpubkey
 * of version 4, 2 a msg that nobody can decrypt.
 */
export type StealthLevel = 0 | 1 | 2;

/** Ackdata begins after nonce and expiry, which may be different in every copy. */
const ACKDATA_OFFSET = 16;
/** The longest that PyBitmessage makes has under 1,000 bytes; nobody shall publish great objects through us. */
const MAX_ACK_OBJECT_BYTES = 1_500;
const RANDOM_BYTES = 32;
/** As a message with little text: PyBitmessage's bounds for level 2. */
const DECOY_BYTES = { least: 234, most: 800 };

/** Draws what will be recognised when it comes back: type, version, stream of the recipient, and a secret. */
export function drawAckdata(stream: bigint, level: StealthLevel = 0): Uint8Array {
  const [type, version] = level === 1 ? [OBJECT_GETPUBKEY, 4] : [OBJECT_MSG, 1];
  return concat(u32(type), varInt(version), varInt(stream), level === 2 ? decoy() : new Uint8Array(randomBytes(RANDOM_BYTES)));
}

/** The ack object without its nonce. It needs work of its own, at the network's minimum. */
export function buildAckBody(ackdata: Uint8Array, expiresAt: UnixSeconds): Uint8Array {
  return concat(u64(expiresAt), ackdata);
}

/** How many bytes of a msg an ack will take. */
export function ackPacketBytes(ackdata: Uint8Array): number {
  return HEADER_BYTES + ACKDATA_OFFSET + ackdata.length;
}

/** The finished ack object as the whole packet that goes into a msg. */
export function buildAckPacket(magic: number, object: Uint8Array): Uint8Array {
  return encodePacket(magic, 'object', object);
}

/**
 * The object inside a received ack packet: to be judged like any object from the network before it is published.
 *
 * Any version of the object is taken (Jabit writes 3). Spec: PROTOCOL 4.7
 * @throws DecodeError when it is not one whole packet with a small object of an ack's type in it
 */
export function readAckPacket(packet: Uint8Array, magic: number): Uint8Array {
  const reader = new ByteReader(packet);
  if (reader.u32() !== magic) throw new DecodeError('ack of another network');
  if (!equalBytes(reader.take(12), COMMAND)) throw new DecodeError('ack is no object packet');
  const length = reader.u32();
  const expected = reader.take(4);
  if (length !== reader.remaining || length > MAX_ACK_OBJECT_BYTES) throw new DecodeError(`ack of ${length} bytes`);
  const object = reader.rest();
  if (!equalBytes(checksum(object), expected)) throw new DecodeError('checksum of the ack does not fit');
  const { type } = readObjectHeader(object);
  if (type !== OBJECT_MSG && type !== OBJECT_GETPUBKEY) throw new DecodeError(`ack of type ${type}`);
  return object;
}

/** What to look up among the ackdata that are waited for; every object may be an ack, whatever its type. */
export function ackdataOf(object: Uint8Array): Uint8Array {
  return object.subarray(ACKDATA_OFFSET);
}

const COMMAND = Uint8Array.from(Buffer.from('object\0\0\0\0\0\0', 'latin1'));

function decoy(): Uint8Array {
  const noise = randomBytes(randomInt(DECOY_BYTES.least, DECOY_BYTES.most + 1));
  return encrypt(new Uint8Array(noise), publicKeyOf(randomPrivateKey()));
}
