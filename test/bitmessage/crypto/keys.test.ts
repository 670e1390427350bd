import assert from 'node:assert/strict';
import { formatAddress } from '../../../src/bitmessage/crypto/address.js';
import { identityKeys, isPrivateKey, isPublicKey, publicKeyOf, withPrefix } from '../../../src/bitmessage/crypto/keys.js';
import { fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { loadVectors } from '../../support/vectors.js';

interface KeysCase {
  signingPrivateKey: string;
  encryptionPrivateKey: string;
  signingPublicKey: string;
  encryptionPublicKey: string;
  ripe: string;
  addressV2: string;
  addressV3: string;
  addressV4: string;
}

const ORDER = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';

describe('keys', () => {
  for (const vector of loadVectors<KeysCase>('keys.json').cases)
    it(`of ${vector.addressV4} are PyBitmessage's`, () => {
      const keys = identityKeys(fromHex(vector.signingPrivateKey), fromHex(vector.encryptionPrivateKey));
      assert.equal(toHex(withPrefix(keys.signingKey)), vector.signingPublicKey);
      assert.equal(toHex(withPrefix(keys.encryptionKey)), vector.encryptionPublicKey);
      assert.equal(toHex(keys.ripe), vector.ripe);
      assert.equal(formatAddress({ version: 2, stream: 1n, ripe: keys.ripe }), vector.addressV2);
      assert.equal(formatAddress({ version: 3, stream: 1n, ripe: keys.ripe }), vector.addressV3);
      assert.equal(formatAddress({ version: 4, stream: 1n, ripe: keys.ripe }), vector.addressV4);
    });

  for (const [hex, is, why] of [
    ['00'.repeat(32), false, '0'],
    [`${'00'.repeat(31)}01`, true, '1'],
    [`${ORDER.slice(0, -1)}0`, true, 'n - 1'],
    [ORDER, false, 'n'],
    ['ff'.repeat(32), false, '2^256 - 1'],
    ['01'.repeat(31), false, '31 bytes'],
    ['01'.repeat(33), false, '33 bytes'],
  ] as const)
    it(`${why} is ${is ? 'a' : 'no'} private key`, () => {
      assert.equal(isPrivateKey(fromHex(hex)), is);
      if (!is) assert.throws(() => publicKeyOf(fromHex(hex)), RangeError);
    });

  it('tells points of the curve from other bytes', () => {
    const key = publicKeyOf(fromHex('01'.repeat(32)));
    assert.ok(isPublicKey(key));
    const wrong = Uint8Array.from(key);
    wrong[63]! ^= 1;
    for (const bytes of [wrong, new Uint8Array(64), key.subarray(1), withPrefix(key)]) assert.ok(!isPublicKey(bytes));
  });
});
