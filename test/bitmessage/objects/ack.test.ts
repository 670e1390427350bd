import assert from 'node:assert/strict';
import {
  ackdataOf,
  ackPacketBytes,
  buildAckBody,
  buildAckPacket,
  drawAckdata,
  readAckPacket,
  type StealthLevel,
} from '../../../src/bitmessage/objects/ack.js';
import { concat, DecodeError, fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { encodePacket } from '../../../src/bitmessage/wire/frame.js';
import { objectBody, readObjectHeader, withNonce } from '../../../src/bitmessage/wire/object.js';
import { MAINNET, PRIVATE } from '../../../src/bitmessage/wire/params.js';
import { loadVectors } from '../../support/vectors.js';

interface AckCase {
  object: string;
  nonce: string;
  expiresTime: number;
  ackData: string;
  stealthLevel: number;
}

interface MsgCase {
  ack: string;
  ackObject?: string;
}

const object = (type: number, payload = new Uint8Array(32)): Uint8Array =>
  withNonce(0n, objectBody({ expiresAt: 1_800_000_000, type, version: 1n, stream: 1n }, payload));

describe('ack', () => {
  for (const [index, vector] of loadVectors<AckCase>('objects-ack.json').cases.entries())
    it(`vector ${index} of stealth level ${vector.stealthLevel} is recognised, and built again`, () => {
      assert.equal(toHex(ackdataOf(fromHex(vector.object))), vector.ackData);
      assert.equal(toHex(withNonce(BigInt(`0x${vector.nonce}`), buildAckBody(fromHex(vector.ackData), vector.expiresTime))), vector.object);
    });

  for (const [index, { ack, ackObject }] of loadVectors<MsgCase>('objects-msg.json').cases.entries())
    if (ack !== '' && ackObject !== undefined)
      it(`packet of msg vector ${index} holds its object, and is written again the same`, () => {
        assert.equal(toHex(readAckPacket(fromHex(ack), MAINNET.magic)), ackObject);
        assert.equal(toHex(buildAckPacket(MAINNET.magic, fromHex(ackObject))), ack);
        assert.equal(ackPacketBytes(ackdataOf(fromHex(ackObject))), ack.length / 2);
      });

  for (const [level, type, version] of [
    [0, 2, 1n],
    [1, 0, 4n],
    [2, 2, 1n],
  ] as const)
    it(`of stealth level ${level} looks like an object of type ${type} in the recipient's stream`, () => {
      const ackdata = drawAckdata(5n, level as StealthLevel);
      const ack = withNonce(0n, buildAckBody(ackdata, 1_800_000_000));
      const header = readObjectHeader(ack);
      assert.deepEqual([header.type, header.version, header.stream], [type, version, 5n]);
      assert.deepEqual(ackdataOf(ack), ackdata);
      if (level === 2) assert.ok(ack.length >= 380 && ack.length <= 980, `${ack.length} bytes`);
      else assert.equal(ackdata.length, 38);
      assert.deepEqual(readAckPacket(buildAckPacket(PRIVATE.magic, ack), PRIVATE.magic), ack);
      assert.notDeepEqual(drawAckdata(5n, level as StealthLevel), ackdata);
    });

  const good = encodePacket(MAINNET.magic, 'object', object(2));
  const flipped = Uint8Array.from(good);
  flipped[30]! ^= 1;
  for (const [packet, why] of [
    [encodePacket(PRIVATE.magic, 'object', object(2)), 'of another network'],
    [encodePacket(MAINNET.magic, 'version', object(2)), 'with another command'],
    [encodePacket(MAINNET.magic, 'objectx', object(2)), 'with a command that only begins so'],
    [encodePacket(MAINNET.magic, 'object', object(1)), 'with a pubkey in it'],
    [encodePacket(MAINNET.magic, 'object', object(3)), 'with a broadcast in it'],
    [encodePacket(MAINNET.magic, 'object', object(2, new Uint8Array(2_000))), 'with a great object in it'],
    [encodePacket(MAINNET.magic, 'object', new Uint8Array(10)), 'with no object in it'],
    [concat(good, new Uint8Array(1)), 'with a byte after it'],
    [flipped, 'with a bit flipped'],
  ] as const)
    it(`is refused ${why}`, () => assert.throws(() => readAckPacket(packet, MAINNET.magic), DecodeError));

  it('cut at every byte is a DecodeError', () => {
    for (let length = 0; length < good.length; length++)
      assert.throws(() => readAckPacket(good.subarray(0, length), MAINNET.magic), DecodeError);
  });

  it('of any object version is taken: Jabit writes 3', () => {
    const jabit = withNonce(0n, objectBody({ expiresAt: 1_800_000_000, type: 2, version: 3n, stream: 1n }, new Uint8Array(32)));
    assert.deepEqual(readAckPacket(buildAckPacket(MAINNET.magic, jabit), MAINNET.magic), jabit);
  });
});
