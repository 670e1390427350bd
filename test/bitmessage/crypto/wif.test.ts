import assert from 'node:assert/strict';
import { publicKeyOf, withPrefix } from '../../../src/bitmessage/crypto/keys.js';
import { formatWif, parseWif } from '../../../src/bitmessage/crypto/wif.js';
import { DecodeError, fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { loadVectors } from '../../support/vectors.js';

interface WifCase {
  wif: string;
  privateKey: string | null;
  publicKey?: string;
  valid: boolean;
  note?: string;
}

describe('WIF', () => {
  for (const { wif, privateKey, publicKey, valid, note } of loadVectors<WifCase>('wif.json').cases) {
    const isKey = valid && privateKey?.length === 64;
    if (!isKey) it(`refuses ${wif.slice(0, 8)}…: ${note}`, () => assert.throws(() => parseWif(wif), DecodeError));
    else
      it(`reads and writes ${wif.slice(0, 8)}…`, () => {
        assert.equal(toHex(parseWif(wif)), privateKey);
        assert.equal(formatWif(fromHex(privateKey)), wif);
        assert.equal(toHex(withPrefix(publicKeyOf(parseWif(` ${wif}\n`)))), publicKey);
      });
  }

  for (const [text, why] of [
    ['', 'empty'],
    ['5', 'one digit'],
    ['5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ?', 'alien character'],
    [formatWif(new Uint8Array(32)), 'key 0'],
    [formatWif(fromHex('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141')), 'key n'],
    ['z'.repeat(100_000), 'far too long'],
  ] as const)
    it(`refuses what is no key: ${why}`, () => assert.throws(() => parseWif(text), DecodeError));
});
