import assert from 'node:assert/strict';
import { decodeBase58, encodeBase58 } from '../../../src/bitmessage/crypto/base58.js';
import { toHex } from '../../../src/bitmessage/wire/bytes.js';
import { generator } from '../../support/random.js';
import { loadVectors } from '../../support/vectors.js';

interface Base58Case {
  op: 'encode' | 'decode';
  number: string;
  text: string;
}

const toNumber = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`));
const toBytes = (number: bigint): Uint8Array => {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
};

describe('base 58', () => {
  for (const { op, number, text } of loadVectors<Base58Case>('base58.json').cases) {
    if (op === 'encode') it(`writes ${number}`, () => assert.equal(encodeBase58(toBytes(BigInt(number))), number === '0' ? '' : text));
    else
      it(`reads "${text}"`, () => {
        // PyBitmessage says 0 both for the number 0 and for an alien character.
        assert.equal(toNumber(decodeBase58(text) ?? new Uint8Array()), BigInt(number));
      });
  }

  for (const text of ['0', 'O', 'I', 'l', 'a b', 'ä', 'a😀'])
    it(`has no digit for "${text}"`, () => assert.equal(decodeBase58(text), undefined));

  const random = generator();
  it(`is read as it was written (seed ${random.seed})`, () => {
    for (let round = 0; round < 300; round++) {
      const number = toNumber(random.bytes(1 + random.below(45)));
      assert.equal(toNumber(decodeBase58(encodeBase58(toBytes(number))) ?? new Uint8Array()), number);
    }
  });
});
