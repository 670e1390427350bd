import assert from 'node:assert/strict';
import { decrypt, decryptBytes, encrypt, encryptWith, readEciesBlock } from '../../../src/bitmessage/crypto/ecies.js';
import { randomPrivateKey } from '../../../src/bitmessage/crypto/key-search.js';
import { importPrivateKey, publicKeyOf } from '../../../src/bitmessage/crypto/keys.js';
import { concat, DecodeError, fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { generator } from '../../support/random.js';
import { loadVectors } from '../../support/vectors.js';

interface EciesCase {
  encrypted: string;
  privateKey: string;
  plaintext: string;
  valid: boolean;
  note?: string;
}

const PRIVATE_KEY = fromHex('01'.repeat(32));
const PUBLIC_KEY = publicKeyOf(PRIVATE_KEY);
const hex = (bytes: Uint8Array | undefined): string | undefined => (bytes === undefined ? undefined : toHex(bytes));

describe('ECIES', () => {
  for (const [index, { encrypted, privateKey, plaintext, valid, note }] of loadVectors<EciesCase>('ecies.json').cases.entries())
    it(`${valid ? 'opens' : 'does not open'} vector ${index}: ${note ?? `${plaintext.length / 2} bytes`}`, () =>
      assert.equal(hex(decryptBytes(fromHex(encrypted), fromHex(privateKey))), valid ? plaintext : undefined));

  for (const [index, { encrypted, privateKey, plaintext, valid }] of loadVectors<EciesCase>('ecies.json').cases.entries()) {
    if (valid)
      it(`encrypts the plaintext of vector ${index} so that its key opens it`, () => {
        assert.equal(hex(decryptBytes(encrypt(fromHex(plaintext), publicKeyOf(fromHex(privateKey))), fromHex(privateKey))), plaintext);
        assert.equal(readEciesBlock(fromHex(encrypted)).ephemeralKey.length, 64);
      });
  }

  it('cut at every byte is a DecodeError, or nothing opens', () => {
    const bytes = encrypt(Buffer.from('cut me'), PUBLIC_KEY);
    for (let length = 0; length < bytes.length; length++) {
      try {
        assert.equal(decrypt(readEciesBlock(bytes.subarray(0, length)), importPrivateKey(PRIVATE_KEY)), undefined);
      } catch (error) {
        assert.ok(error instanceof DecodeError, String(error));
      }
    }
  });

  const block = (x: string, y: string, curve = '02ca'): Uint8Array =>
    concat(new Uint8Array(16), fromHex(curve), fromHex(x), fromHex(y), new Uint8Array(16), new Uint8Array(32));
  const whole = `0020${'01'.repeat(32)}`;
  for (const [bytes, why] of [
    [block('0000', whole), 'X of 0 bytes'],
    [block(whole, '0000'), 'Y of 0 bytes'],
    [block(`0021${'01'.repeat(33)}`, whole), 'X of 33 bytes'],
    [block('ffff', whole), 'X of 65535 bytes'],
    [block(whole, whole, '02cb'), 'another curve'],
  ] as const)
    it(`refuses a block with ${why}`, () => assert.throws(() => readEciesBlock(bytes), DecodeError));

  for (const [bytes, why] of [
    [block(`0020${'00'.repeat(32)}`, `0020${'00'.repeat(32)}`), 'is (0, 0)'],
    [block(whole, whole), 'is not on the curve'],
    [block(`0020${'ff'.repeat(32)}`, whole), 'is beyond the field'],
    [block('000101', '000101'), 'is (1, 1)'],
  ] as const)
    it(`opens nothing whose ephemeral key ${why}`, () => assert.equal(decryptBytes(bytes, PRIVATE_KEY), undefined));

  it('draws ephemeral keys whose coordinates need no leading zero', () => {
    for (let round = 0; round < 300; round++) {
      const { ephemeralKey } = readEciesBlock(encrypt(new Uint8Array(), PUBLIC_KEY));
      assert.ok(ephemeralKey[0] !== 0 && ephemeralKey[32] !== 0);
    }
  });

  it('does not encrypt to what is no key', () => assert.throws(() => encrypt(new Uint8Array(), new Uint8Array(64)), RangeError));

  const random = generator();
  it(`opens what it sealed, and not with one bit changed (seed ${random.seed})`, () => {
    for (let round = 0; round < 40; round++) {
      const plaintext = random.bytes(random.below(200));
      const bytes = encryptWith(plaintext, PUBLIC_KEY, randomPrivateKey(), random.bytes(16));
      assert.deepEqual(decryptBytes(bytes, PRIVATE_KEY), plaintext);
      bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
      assert.equal(decryptBytes(bytes, PRIVATE_KEY), undefined);
    }
  });
});
