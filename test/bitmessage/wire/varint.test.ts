import assert from 'node:assert/strict';
import { ByteReader, DecodeError, fromHex, reader, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { readCount, readVarBytes, readVarInt, varBytes, varInt } from '../../../src/bitmessage/wire/varint.js';
import { generator } from '../../support/random.js';
import { loadVectors } from '../../support/vectors.js';

interface VarIntCase {
  op: 'encode' | 'decode';
  number: string;
  encoded: string;
  data: string;
  length: number;
  valid?: boolean;
  note?: string;
}

describe('var_int', () => {
  for (const { op, number, encoded, data, length, valid, note } of loadVectors<VarIntCase>('varint.json').cases) {
    if (op === 'encode' && valid === false) it(`refuses to write ${number}`, () => assert.throws(() => varInt(BigInt(number)), RangeError));
    else if (op === 'encode') it(`writes ${number}`, () => assert.equal(toHex(varInt(BigInt(number))), encoded));
    else if (valid === false) it(`refuses "${data}": ${note}`, () => assert.throws(() => readVarInt(reader(data)), DecodeError));
    // PyBitmessage takes nothing for a 0; PROTOCOL 1.2 says that a missing var_int is malformed.
    else if (data === '') it('refuses nothing at all', () => assert.throws(() => readVarInt(reader(data)), DecodeError));
    else
      it(`reads "${data}"`, () => {
        const bytes = reader(data);
        assert.equal(readVarInt(bytes), BigInt(number));
        assert.equal(bytes.offset, length);
      });
  }

  const random = generator();
  it(`is read as it was written (seed ${random.seed})`, () => {
    for (let round = 0; round < 2_000; round++) {
      const value = BigInt.asUintN(random.below(65), random.u64());
      assert.equal(readVarInt(new ByteReader(varInt(value))), value);
    }
  });

  it(`has one form only: bytes that are read are written again the same (seed ${random.seed})`, () => {
    for (let round = 0; round < 5_000; round++) {
      const bytes = random.bytes(9);
      if (round % 2 === 0) bytes[0] = 0xfd + random.below(3);
      const input = new ByteReader(bytes);
      try {
        const value = readVarInt(input);
        assert.deepEqual(varInt(value), bytes.subarray(0, input.offset));
      } catch (error) {
        assert.ok(error instanceof DecodeError, String(error));
      }
    }
  });

  it('refuses a count above its limit, and takes the limit', () => {
    assert.equal(readCount(reader('fdc350'), 50_000), 50_000);
    assert.throws(() => readCount(reader('fdc351'), 50_000), DecodeError);
    assert.throws(() => readCount(reader('ffffffffffffffffff'), 50_000), DecodeError);
  });
});

describe('var_str', () => {
  it('is read as it was written', () => {
    for (const length of [0, 1, 252, 253, 65_536]) {
      const bytes = new Uint8Array(length).fill(7);
      assert.deepEqual(readVarBytes(new ByteReader(varBytes(bytes)), 65_536), bytes);
    }
  });
  it('refuses a length above its limit', () => assert.throws(() => readVarBytes(reader('03616263'), 2), DecodeError));
  it('cut at every byte is a DecodeError', () => {
    const bytes = varBytes(fromHex('00'.repeat(300)));
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => readVarBytes(new ByteReader(bytes.subarray(0, length)), 1_000), DecodeError);
    }
  });
});
