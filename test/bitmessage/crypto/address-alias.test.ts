import assert from 'node:assert/strict';
import { formatAddress } from '../../../src/bitmessage/crypto/address.js';
import { fromAlias, toAlias } from '../../../src/bitmessage/crypto/address-alias.js';
import { generator } from '../../support/random.js';

/** PROTOCOL Annex A.1. */
const ADDRESS = 'BM-2cW67GEKkHGonXKZLCzouLLxnLym3azS8r';

describe('address alias', () => {
  it('survives any case', () => {
    const alias = toAlias(ADDRESS);
    assert.match(alias, /^b32-[a-z2-7]{40}$/);
    assert.equal(fromAlias(alias), ADDRESS);
    assert.equal(fromAlias(alias.toUpperCase()), ADDRESS);
  });

  it('goes both ways for every version, and fits before "@" (64 octets)', () => {
    const random = generator();
    for (let i = 0; i < 200; i++) {
      const ripe = random.bytes(20);
      ripe[0] = i % 2 === 0 ? 0 : ripe[0];
      const address = formatAddress({ version: 2 + (i % 3), stream: 1n, ripe });
      assert.equal(fromAlias(toAlias(address)), address, `seed ${random.seed}`);
      assert.ok(toAlias(address).length <= 64);
    }
  });

  const alias = toAlias(ADDRESS);
  for (const [text, why] of [
    [alias.slice(0, -1), 'cut'],
    [`${alias}a`, 'longer'],
    [alias.replace(/.$/, alias.endsWith('a') ? 'b' : 'a'), 'another digit'],
    [alias.replace(/^b32-/, ''), 'without its mark'],
    [`b32-${'a'.repeat(5000)}`, 'endless'],
    ['b32-', 'empty'],
    ['b32-0189', 'not Base32'],
    [ADDRESS, 'an address'],
  ])
    it(`refuses what is ${why}`, () => assert.equal(fromAlias(text), null));
});
