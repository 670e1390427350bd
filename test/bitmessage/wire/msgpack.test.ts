import assert from 'node:assert/strict';
import { DecodeError, fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { type MsgpackValue, msgpack, readMsgpack } from '../../../src/bitmessage/wire/msgpack.js';
import { type Generator, generator } from '../../support/random.js';

describe('msgpack reader', () => {
  for (const [hex, value] of [
    ['c0', null],
    ['c2', false],
    ['c3', true],
    ['00', 0],
    ['7f', 127],
    ['ff', -1],
    ['e0', -32],
    ['ccff', 255],
    ['cdffff', 65_535],
    ['ceffffffff', 4_294_967_295],
    ['cf001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['cfffffffffffffffff', 2n ** 64n - 1n],
    ['d080', -128],
    ['d18000', -32_768],
    ['d280000000', -2_147_483_648],
    ['d3ffffffffffffffff', -1],
    ['d38000000000000000', -(2n ** 63n)],
    ['ca3fc00000', 1.5],
    ['cb3ff8000000000000', 1.5],
    ['a0', ''],
    ['a26869', 'hi'],
    ['d9026869', 'hi'],
    ['da00026869', 'hi'],
    ['db000000026869', 'hi'],
    ['a1ff', '\ufffd'],
    ['c40101', Uint8Array.of(1)],
    ['c5000101', Uint8Array.of(1)],
    ['c60000000101', Uint8Array.of(1)],
    ['920102', [1, 2]],
    ['dc000101', [1]],
    ['dd0000000101', [1]],
    ['81a16101', new Map([['a', 1]])],
    ['81c4016101', new Map([['a', 1]])],
    ['de0001a16101', new Map([['a', 1]])],
    ['df00000001a16101', new Map([['a', 1]])],
  ] as const)
    it(`reads ${hex}, and cut at every byte it is a DecodeError`, () => {
      const bytes = new Uint8Array(fromHex(hex));
      assert.deepEqual(readMsgpack(bytes), value);
      for (let length = 0; length < bytes.length; length++) assert.throws(() => readMsgpack(bytes.subarray(0, length)), DecodeError);
    });

  for (const [hex, why] of [
    ['c1', 'a type that does not exist'],
    ['d40000', 'an extension of 1 byte'],
    ['d80000000000000000000000000000000000', 'an extension of 16 bytes'],
    ['c70100ff', 'an extension with a length'],
    ['82a16101a16102', 'a key that stands twice'],
    ['82a16101c4016102', 'a key that stands twice, as str and as bin'],
    ['810101', 'a number as a key'],
    ['81c001', 'nil as a key'],
    ['8190 01'.replace(' ', ''), 'an array as a key'],
    ['ddffffffff', 'an array that says it has 2^32 values'],
    ['dfffffffff', 'a map that says it has 2^32 entries'],
    ['c6ffffffff', 'a bin that says it has 2^32 bytes'],
    ['91'.repeat(10_000), 'a nesting of 10,000'],
    [`${'91'.repeat(9)}00`, 'a nesting of 9'],
    [`dc2710${'00'.repeat(10_000)}`, '10,001 values'],
  ] as const)
    it(`refuses ${why}`, () => assert.throws(() => readMsgpack(fromHex(hex)), DecodeError));

  it('takes a nesting of 8, 10,000 values, and ignores what follows', () => {
    readMsgpack(fromHex(`${'91'.repeat(8)}00`));
    assert.equal((readMsgpack(fromHex(`dc270f${'00'.repeat(9_999)}`)) as unknown[]).length, 9_999);
    assert.equal(readMsgpack(fromHex('01ffff')), 1);
  });

  it('knows no prototype', () => {
    const map = readMsgpack(fromHex('81a95f5f70726f746f5f5f01')) as ReadonlyMap<string, MsgpackValue>;
    assert.equal(map.get('__proto__'), 1);
    assert.equal(({} as { polluted?: number }).polluted, undefined);
  });

  const random = generator();
  it(`fed with noise answers or throws a DecodeError, nothing else (seed ${random.seed})`, () => {
    for (let round = 0; round < 5_000; round++) {
      const bytes = random.bytes(random.below(60));
      try {
        readMsgpack(bytes);
      } catch (error) {
        assert.ok(error instanceof DecodeError, `${toHex(bytes)}: ${error}`);
      }
    }
  });
});

describe('msgpack writer', () => {
  const random = generator();
  it(`writes what is read the same (seed ${random.seed})`, () => {
    for (let round = 0; round < 500; round++) {
      const value = anyValue(random, 0);
      assert.deepEqual(readMsgpack(msgpack(value)), value);
    }
  });

  for (const length of [0, 31, 32, 255, 256, 65_535, 65_536])
    it(`writes ${length} bytes and ${length} characters in the shortest form that is read again`, () => {
      assert.equal(readMsgpack(msgpack('x'.repeat(length))), 'x'.repeat(length));
      assert.equal((readMsgpack(msgpack(new Uint8Array(length))) as Uint8Array).length, length);
    });
  for (const count of [0, 15, 16, 300])
    it(`writes ${count} entries`, () => {
      const map = new Map(Array.from({ length: count }, (_, index) => [`key ${index}`, 'x'] as const));
      assert.deepEqual(readMsgpack(msgpack(map)), map);
      assert.deepEqual(readMsgpack(msgpack([...map.keys()])), [...map.keys()]);
    });

  it('writes keys as str, whatever is in them', () => assert.equal(toHex(msgpack(new Map([['ü', 'a']]))), '81a2c3bca161'));
  it('writes no numbers: messages have none', () => assert.throws(() => msgpack(1), RangeError));
});

function anyValue(random: Generator, depth: number): MsgpackValue {
  switch (random.below(depth > 3 ? 3 : 5)) {
    case 0:
      return 'x'.repeat(random.below(40));
    case 1:
      return `ü${random.below(99)}`;
    case 2:
      return random.bytes(random.below(40));
    case 3:
      return Array.from({ length: random.below(5) }, () => anyValue(random, depth + 1));
    default:
      return new Map(Array.from({ length: random.below(5) }, (_, index) => [`k${index}`, anyValue(random, depth + 1)]));
  }
}
