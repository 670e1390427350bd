import assert from 'node:assert/strict';
import { concat, DecodeError, fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { decodeInv, encodeInv, hashKey, keyHash } from '../../../src/bitmessage/wire/inv.js';
import { decodeAddr, decodeError, decodeVersion, encodeAddr, encodeError, encodeVersion } from '../../../src/bitmessage/wire/messages.js';
import { generator } from '../../support/random.js';
import { loadVectors } from '../../support/vectors.js';

interface Address {
  readonly host: string;
  readonly port: number;
  readonly services: string;
}
interface PacketVector {
  readonly command: string | null;
  readonly payload: string;
  readonly note: string;
  readonly fields?: {
    readonly valid: boolean;
    readonly count?: number;
    readonly hashes?: readonly string[];
    readonly addresses?: readonly { ip: string; port: number; services: string; stream: number; time: string }[];
    readonly protocolVersion?: number;
    readonly services?: string;
    readonly timestamp?: number;
    readonly nonce?: string;
    readonly userAgent?: string;
    readonly streams?: readonly string[];
    readonly addrRecv?: Address;
    readonly addrFrom?: Address;
    readonly fatal?: number;
    readonly banTime?: number;
    readonly inventoryVector?: string;
    readonly text?: string;
  };
}
const VECTORS = loadVectors<PacketVector>('packets.json').cases;
const of = (...commands: string[]): PacketVector[] => VECTORS.filter(({ command }) => commands.includes(command ?? ''));

/** PyBitmessage reads what is cut; a strict reader must not. */
const isCut = (note: string): boolean => /cut|says 3 and has 2/.test(note);

describe('messages between peers', () => {
  for (const { note, payload, fields } of of('version')) {
    it(isCut(note) ? `refuses version: ${note}` : `reads version: ${note}`, () => {
      if (isCut(note)) {
        assert.throws(() => decodeVersion(fromHex(payload)), DecodeError);
        return;
      }
      const version = decodeVersion(fromHex(payload));
      const address = ({ host, port, services }: Address) => ({ host, port, services: BigInt(services) });
      assert.deepEqual(
        { ...version, nonce: toHex(version.nonce), timestamp: Number(version.timestamp) },
        {
          protocolVersion: fields?.protocolVersion,
          services: BigInt(fields?.services ?? ''),
          timestamp: fields?.timestamp,
          addrRecv: fields?.addrRecv && address(fields.addrRecv),
          addrFrom: fields?.addrFrom && address(fields.addrFrom),
          nonce: fields?.nonce,
          userAgent: fields?.userAgent,
          streams: fields?.streams?.map(BigInt),
        },
      );
      assert.equal(toHex(encodeVersion(version)), payload);
    });
  }

  it('refuses a version cut at any byte', () => {
    const whole = fromHex(of('version')[0].payload);
    for (let length = 0; length < whole.length; length++) assert.throws(() => decodeVersion(whole.subarray(0, length)), DecodeError);
    assert.deepEqual(decodeVersion(concat(whole, fromHex('00'))), decodeVersion(whole));
  });

  it('reads a user agent of 5,000 bytes, and refuses a longer one', () => {
    const version = decodeVersion(fromHex(of('version')[0].payload));
    assert.equal(decodeVersion(encodeVersion({ ...version, userAgent: 'x'.repeat(5_000) })).userAgent.length, 5_000);
    assert.throws(() => decodeVersion(encodeVersion({ ...version, userAgent: 'x'.repeat(5_001) })), DecodeError);
  });

  for (const { command, note, payload, fields } of of('inv', 'dinv', 'getdata')) {
    it(`${isCut(note) ? 'refuses' : 'reads'} ${command}: ${note}`, () => {
      const bytes = fromHex(payload);
      if (isCut(note)) {
        assert.throws(() => decodeInv(bytes), DecodeError);
        return;
      }
      const keys = decodeInv(bytes);
      // PyBitmessage's parser makes one empty hash of an empty list.
      const expected = note.endsWith('of 0') ? [] : (fields?.hashes ?? []);
      assert.deepEqual(
        keys.map((key) => toHex(keyHash(key))),
        expected,
      );
      if (keys.length > 0 && !note.includes('has 2')) assert.equal(toHex(encodeInv(keys)), payload);
    });
  }

  it('refuses an inv cut at any byte', () => {
    const random = generator();
    const whole = encodeInv(Array.from({ length: 3 }, () => hashKey(random.bytes(32))));
    for (let length = 0; length < whole.length; length++) assert.throws(() => decodeInv(whole.subarray(0, length)), DecodeError);
  });

  it('reads 50,000 hashes and refuses one more', () => {
    const keys = Array.from({ length: 50_000 }, (_, index) => hashKey(Buffer.alloc(32, `${index} `)));
    assert.deepEqual(decodeInv(encodeInv(keys)), keys);
    assert.throws(() => decodeInv(concat(fromHex('fdc351'), new Uint8Array(50_001 * 32))), DecodeError);
    assert.throws(() => encodeInv([...keys, keys[0]]), RangeError);
  });

  it('never writes an empty inv or addr', () => {
    assert.throws(() => encodeInv([]), RangeError);
    assert.throws(() => encodeAddr([]), RangeError);
  });

  for (const { note, payload, fields } of of('addr')) {
    it(`${isCut(note) ? 'refuses' : 'reads'} addr: ${note}`, () => {
      if (isCut(note)) {
        assert.throws(() => decodeAddr(fromHex(payload)), DecodeError);
        return;
      }
      const entries = decodeAddr(fromHex(payload));
      assert.equal(entries.length, fields?.count);
      for (const [index, address] of (fields?.addresses ?? []).entries()) {
        const { time, stream, services, port } = entries[index];
        assert.deepEqual([String(time), stream, String(services), port], [address.time, address.stream, address.services, address.port]);
      }
      assert.equal(toHex(encodeAddr(entries)), payload);
    });
  }

  it('refuses an addr cut at any byte, and one of 1,001', () => {
    const entry = { time: 1n, stream: 1, services: 1n, host: '203.0.113.1', port: 8444 };
    const whole = encodeAddr([entry, { ...entry, time: -1n }]);
    for (let length = 0; length < whole.length; length++) assert.throws(() => decodeAddr(whole.subarray(0, length)), DecodeError);
    assert.throws(() => decodeAddr(concat(fromHex('fd03e9'), new Uint8Array(1001 * 38))), DecodeError);
    assert.throws(() => encodeAddr(new Array(1001).fill(entry)), RangeError);
  });

  for (const { note, payload, fields } of of('error')) {
    it(`reads error: ${note}`, () => {
      const message = decodeError(fromHex(payload));
      assert.equal(message.fatal, fields?.fatal);
      assert.equal(message.banSeconds, BigInt(fields?.banTime ?? 0));
      assert.equal(toHex(message.inventoryVector), fields?.inventoryVector);
      assert.equal(toHex(Buffer.from(message.text)), fields?.text);
      assert.equal(toHex(encodeError(message)), payload);
      for (let length = 0; length < payload.length / 2; length++) {
        assert.throws(() => decodeError(fromHex(payload).subarray(0, length)), DecodeError);
      }
    });
  }

  it('never throws anything but DecodeError, whatever the bytes', () => {
    const random = generator();
    console.log(`      seed ${random.seed}`);
    const samples = VECTORS.filter(({ payload }) => payload !== undefined && payload.length < 2000);
    for (let round = 0; round < 2000; round++) {
      const bytes = fromHex(random.pick(samples).payload).slice();
      for (let change = random.below(4); change >= 0 && bytes.length > 0; change--) bytes[random.below(bytes.length)] = random.below(256);
      for (const decode of [decodeVersion, decodeAddr, decodeInv, decodeError]) {
        try {
          decode(bytes);
        } catch (error) {
          assert.ok(error instanceof DecodeError, String(error));
        }
      }
    }
  });
});
