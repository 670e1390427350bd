import assert from 'node:assert/strict';
import { ByteReader, concat, DecodeError, equalBytes, fromHex, reader, toHex, u16, u32, u64 } from '../../../src/bitmessage/wire/bytes.js';

describe('ByteReader', () => {
  it('reads big-endian integers one after the other', () => {
    const bytes = reader('ff 0102 ffffffff ffffffffffffffff ffffffffffffffff'.replaceAll(' ', ''));
    assert.equal(bytes.u8(), 255);
    assert.equal(bytes.u16(), 0x0102);
    assert.equal(bytes.u32(), 0xffff_ffff);
    assert.equal(bytes.u64(), 2n ** 64n - 1n);
    assert.equal(bytes.i64(), -1n);
    assert.equal(bytes.remaining, 0);
  });

  for (const [bytesWanted, read] of [
    [1, (bytes: ByteReader) => bytes.u8()],
    [2, (bytes: ByteReader) => bytes.u16()],
    [4, (bytes: ByteReader) => bytes.u32()],
    [8, (bytes: ByteReader) => bytes.u64()],
    [8, (bytes: ByteReader) => bytes.i64()],
    [5, (bytes: ByteReader) => bytes.take(5)],
  ] as const)
    it(`refuses ${bytesWanted} bytes where fewer are left, and stays where it is`, () => {
      for (let length = 0; length < bytesWanted; length++) {
        const bytes = new ByteReader(new Uint8Array(length));
        assert.throws(() => read(bytes), DecodeError);
        assert.equal(bytes.offset, 0);
      }
    });

  it('reads a view that does not begin at its buffer', () => {
    assert.equal(new ByteReader(fromHex('0011223344').subarray(2)).u16(), 0x2233);
  });

  it('hands out the rest, and nothing after it', () => {
    const bytes = reader('010203');
    bytes.u8();
    assert.equal(toHex(bytes.rest()), '0203');
    assert.equal(bytes.rest().length, 0);
  });
});

describe('bytes', () => {
  it('writes big-endian integers', () => {
    assert.equal(toHex(concat(u16(0x0102), u32(0xfffffffe), u64(3), u64(2n ** 63n))), '0102fffffffe00000000000000038000000000000000');
  });
  for (const text of ['0', '0g', ' 00', '0x00']) it(`refuses "${text}" as hex`, () => assert.throws(() => fromHex(text), DecodeError));
  it('compares by content', () => {
    assert.ok(equalBytes(fromHex('0102'), Buffer.from([1, 2])));
    assert.ok(!equalBytes(fromHex('0102'), fromHex('010200')));
    assert.ok(!equalBytes(fromHex('0102'), fromHex('0103')));
  });
});
