import assert from 'node:assert/strict';
import { deterministicKeySearch, findKeys } from '../../../src/bitmessage/crypto/key-search.js';
import { identityKeys } from '../../../src/bitmessage/crypto/keys.js';
import { KeyFinder } from '../../../src/bitmessage/messaging/key-finder.js';
import { toHex } from '../../../src/bitmessage/wire/bytes.js';

describe('keys of short addresses', function () {
  this.timeout(60_000);
  let finder: KeyFinder;
  beforeEach(() => (finder = new KeyFinder()));
  afterEach(() => finder.stop());

  it('finds random ones with two zeros, whose keys belong together, and tells how far it is', async () => {
    const told: number[] = [];
    const keys = await finder.find(null, 2, (progress) => told.push(progress));
    assert.deepEqual([...keys.ripe.subarray(0, 2)], [0, 0]);
    assert.equal(toHex(identityKeys(keys.signingPrivateKey, keys.encryptionPrivateKey).ripe), toHex(keys.ripe));
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    );
  });

  it('finds the first of a passphrase, as one thread would', async () => {
    for (const passphrase of ['a', 'Grüße']) {
      const expected = await findKeys(deterministicKeySearch(Buffer.from(passphrase, 'utf8')), async () => {});
      assert.equal(toHex((await finder.find(passphrase, 1)).ripe), toHex(expected.ripe), passphrase);
    }
  });

  it('makes one search after the other, and ends when it is stopped', async () => {
    const searches = [finder.find('never stopped by itself', 2), finder.find(null, 2)];
    const ends = searches.map((search) => assert.rejects(search, { name: 'AbortError' }));
    await new Promise(setImmediate);
    await finder.stop();
    await Promise.all(ends);
  });
});
