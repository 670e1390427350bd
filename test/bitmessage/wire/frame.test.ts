import assert from 'node:assert/strict';
import { concat, DecodeError, fromHex, toHex, u32 } from '../../../src/bitmessage/wire/bytes.js';
import { encodePacket, type Packet, PacketReader } from '../../../src/bitmessage/wire/frame.js';
import { heldOutsideHeap } from '../../support/memory.js';
import { generator } from '../../support/random.js';
import { loadVectors } from '../../support/vectors.js';

const MAGIC = 0xe9beb4d9;

interface PacketVector {
  readonly command: string | null;
  readonly packet: string;
  readonly payload: string;
  readonly note: string;
  readonly valid: boolean;
}
const VECTORS = loadVectors<PacketVector>('packets.json').cases;

/** Feeds `bytes` in chunks of `size` and answers everything that came out. */
function read(bytes: Uint8Array, size = bytes.length): Packet[] {
  const reader = new PacketReader(MAGIC);
  const packets: Packet[] = [];
  for (let start = 0; start < bytes.length; start += size) {
    reader.push(bytes.subarray(start, start + size));
    for (let packet = reader.next(); packet !== undefined; packet = reader.next())
      packets.push({ ...packet, payload: packet.payload.slice() });
  }
  return packets;
}

const header = (command: string, length: number): Uint8Array =>
  concat(u32(MAGIC), Buffer.from(command.padEnd(12, '\0'), 'latin1'), u32(length), u32(0));

describe('packets', () => {
  it('encodes and reads every packet of the vectors', () => {
    for (const { command, packet, payload } of VECTORS.filter((vector) => vector.valid)) {
      assert.equal(toHex(encodePacket(MAGIC, command ?? '', fromHex(payload))), packet);
      const [read1] = read(fromHex(packet));
      assert.equal(read1.command, command);
      assert.equal(toHex(read1.payload), payload);
    }
  });

  for (const size of [1, 7, 1000]) {
    it(`reads a stream of packets in chunks of ${size}`, () => {
      const small = VECTORS.filter((vector) => vector.valid && vector.packet.length < 60_000);
      const packets = read(concat(...small.map(({ packet }) => fromHex(packet))), size);
      assert.deepEqual(
        packets.map(({ command, payload }) => [command, toHex(payload)]),
        small.map(({ command, payload }) => [command, payload]),
      );
    });
  }

  it('waits at every cut', () => {
    const whole = encodePacket(MAGIC, 'object', new Uint8Array(60).fill(7));
    for (let cut = 0; cut < whole.length; cut++) {
      const reader = new PacketReader(MAGIC);
      reader.push(whole.subarray(0, cut));
      assert.equal(reader.next(), undefined);
      reader.push(whole.subarray(cut));
      assert.equal(reader.next()?.payload.length, 60);
      assert.equal(reader.next(), undefined);
    }
  });

  it('reads packets of random lengths in random chunks', () => {
    const random = generator();
    console.log(`      seed ${random.seed}`);
    const payloads = Array.from({ length: 50 }, () => random.bytes(random.below(20_000)));
    const stream = concat(...payloads.map((payload) => encodePacket(MAGIC, 'inv', payload)));
    const reader = new PacketReader(MAGIC);
    const found: Uint8Array[] = [];
    for (let start = 0; start < stream.length; ) {
      const size = random.pick([1, 3, 24, 100, 5_000, 70_000]);
      reader.push(stream.subarray(start, start + size));
      start += size;
      for (let packet = reader.next(); packet !== undefined; packet = reader.next()) found.push(packet.payload.slice());
    }
    assert.deepEqual(found.map(toHex), payloads.map(toHex));
  });

  for (const [what, bytes] of [
    ['a wrong magic', concat(u32(0xe9beb4d8), new Uint8Array(20))],
    ['the first bytes of another protocol', Buffer.from('GET ')],
    ['one wrong byte', Buffer.from('G')],
    ['an object longer than objects are', header('object', 262_183)],
    ['an addr longer than 1,000 entries', header('addr', 38_004)],
    ['a version of 10,001 bytes', header('version', 10_001)],
    ['a verack with a long payload', header('verack', 65)],
    ['an inv longer than 50,000 hashes', header('inv', 1_600_004)],
    ['an unknown command above the limit of all', header('nonsense', 1_600_101)],
    ['a length of 4 GiB', header('object', 0xffffffff)],
    ['bytes after the NUL of the command', header('ver\0ack', 0)],
    ['an empty command', header('', 0)],
    ['a command with control characters', header('ver\x01', 0)],
    ['a wrong checksum', header('verack', 0)],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => read(bytes), DecodeError));
  }

  it('refuses a wrong magic that comes byte by byte, after good packets', () => {
    const bytes = concat(encodePacket(MAGIC, 'verack', new Uint8Array(0)), fromHex('e9beb4da'));
    assert.throws(() => read(bytes, 1), DecodeError);
    assert.equal(read(bytes.subarray(0, -1), 1).length, 1);
  });

  it('reports an unknown command at its header, drops its payload and goes on', () => {
    for (const size of [1, 30, 10_000]) {
      const packets = read(
        concat(
          encodePacket(MAGIC, 'nonsense', new Uint8Array(5000)),
          encodePacket(MAGIC, 'VERSION', new Uint8Array(3)),
          encodePacket(MAGIC, 'ping', new Uint8Array(0)),
        ),
        size,
      );
      assert.deepEqual(
        packets.map(({ command, known, payload }) => [command, known, payload.length]),
        [
          ['nonsense', false, 0],
          ['VERSION', false, 0],
          ['ping', true, 0],
        ],
      );
    }
    const reader = new PacketReader(MAGIC);
    reader.push(header('nonsense', 1_000_000));
    assert.equal(reader.next()?.command, 'nonsense');
    assert.equal(reader.next(), undefined);
  });

  it('gives back what it has not read', () => {
    const tail = Buffer.from('\x16\x03\x01 client hello', 'latin1');
    for (const cut of [0, 1, 5]) {
      const reader = new PacketReader(MAGIC);
      reader.push(concat(encodePacket(MAGIC, 'verack', new Uint8Array(0)), tail.subarray(0, cut)));
      assert.equal(reader.next()?.command, 'verack');
      assert.deepEqual(Buffer.from(reader.takeRest()), tail.subarray(0, cut));
    }
  });

  it('allocates for a payload what has arrived, not what was announced', () => {
    const readers = Array.from({ length: 200 }, () => new PacketReader(MAGIC));
    const before = heldOutsideHeap();
    for (const reader of readers) {
      reader.push(concat(header('inv', 1_600_003), new Uint8Array(100)));
      assert.equal(reader.next(), undefined);
    }
    // 200 announcements of 1.6 MB: 320 MB if they were believed.
    assert.ok(heldOutsideHeap() - before < 10_000_000);
    assert.equal(readers.length, 200);
  });
});
