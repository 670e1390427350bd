import assert from 'node:assert/strict';
import { publicKeyOf } from '../../../src/bitmessage/crypto/keys.js';
import { sign, verify } from '../../../src/bitmessage/crypto/signature.js';
import { fromHex } from '../../../src/bitmessage/wire/bytes.js';
import { loadVectors } from '../../support/vectors.js';

interface EcdsaCase {
  publicKey: string;
  message: string;
  signature: string;
  privateKey?: string;
  validSha1: boolean;
  validSha256: boolean;
  validEither: boolean;
  note?: string;
}

describe('signature', () => {
  for (const [index, vector] of loadVectors<EcdsaCase>('ecdsa.json').cases.entries())
    it(`of vector ${index} is ${vector.validEither ? 'good' : 'bad'}: ${vector.note}`, () => {
      const [message, signature, key] = [fromHex(vector.message), fromHex(vector.signature), fromHex(vector.publicKey).subarray(1)];
      assert.equal(verify(message, signature, key), vector.validEither);
      assert.equal(verify(message, signature, key, ['sha1']), vector.validSha1);
      assert.equal(verify(message, signature, key, ['sha256']), vector.validSha256);
    });

  for (const digest of ['sha1', 'sha256'] as const)
    it(`made with ${digest} is good with that digest alone`, () => {
      const [privateKey, message] = [fromHex('07'.repeat(32)), Buffer.from('signed')];
      const signature = sign(message, privateKey, digest);
      assert.ok(verify(message, signature, publicKeyOf(privateKey)));
      assert.ok(verify(message, signature, publicKeyOf(privateKey), [digest]));
      assert.ok(!verify(message, signature, publicKeyOf(privateKey), [digest === 'sha1' ? 'sha256' : 'sha1']));
    });

  it('is made with SHA-256 unless told otherwise', () => {
    const privateKey = fromHex('07'.repeat(32));
    assert.ok(verify(Buffer.from('x'), sign(Buffer.from('x'), privateKey), publicKeyOf(privateKey), ['sha256']));
  });

  for (const length of [0, 1, 7, 8, 80, 81, 65_536])
    it(`of ${length} bytes of noise is bad, and no error`, () =>
      assert.equal(verify(Buffer.from('x'), new Uint8Array(length).fill(0x30), publicKeyOf(fromHex('07'.repeat(32)))), false));

  it('by what is no key is bad, and no error', () =>
    assert.equal(verify(Buffer.from('x'), sign(Buffer.from('x'), fromHex('07'.repeat(32))), new Uint8Array(64)), false));
});
