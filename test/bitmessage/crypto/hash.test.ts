import assert from 'node:assert/strict';
import {
  doubleSha512,
  inventoryHash,
  nativeRipemd160,
  pureRipemd160,
  ripemd160,
  sha256,
  sha512,
  signatureHash,
} from '../../../src/bitmessage/crypto/hash.js';
import { fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { checksum } from '../../../src/bitmessage/wire/frame.js';
import { loadVectors } from '../../support/vectors.js';

interface HashCase {
  data: string;
  doubleSha512: string;
  inventoryHash: string;
  packetChecksum: string;
  ripemd160OfSha512: string;
}

describe('hash', () => {
  for (const { data, ...expected } of loadVectors<HashCase>('hashes.json').cases) {
    it(`agrees with PyBitmessage on ${data.length / 2} bytes`, () => {
      const bytes = fromHex(data);
      assert.equal(toHex(doubleSha512(bytes)), expected.doubleSha512);
      assert.equal(toHex(inventoryHash(bytes)), expected.inventoryHash);
      assert.equal(toHex(checksum(bytes)), expected.packetChecksum);
      assert.equal(toHex(ripemd160(sha512(bytes))), expected.ripemd160OfSha512);
      assert.equal(toHex(pureRipemd160(sha512(bytes))), expected.ripemd160OfSha512);
      assert.equal(toHex(signatureHash(bytes)), expected.doubleSha512.slice(64));
    });
  }

  it('has a native RIPEMD-160 that agrees with the pure one, where there is one', function () {
    if (nativeRipemd160 === undefined) this.skip();
    assert.deepEqual(nativeRipemd160(fromHex('00ff')), pureRipemd160(fromHex('00ff')));
  });

  it('knows SHA-256 of "abc" (FIPS 180-2, B.1)', () => {
    assert.equal(toHex(sha256(Buffer.from('abc'))), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('answers with plain arrays, so that strict comparison works', () => {
    assert.equal(sha512(new Uint8Array()).constructor, Uint8Array);
  });
});
