import assert from 'node:assert/strict';
import { formatAddress, parseAddress } from '../../../src/bitmessage/crypto/address.js';
import {
  type DeterministicKeys,
  deterministicKeySearch,
  findKeys,
  type KeySearch,
  type LeadingZeros,
  randomKeySearch,
} from '../../../src/bitmessage/crypto/key-search.js';
import { identityKeys, withPrefix } from '../../../src/bitmessage/crypto/keys.js';
import { formatWif } from '../../../src/bitmessage/crypto/wif.js';
import { fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { loadVectors } from '../../support/vectors.js';

interface DeterministicCase {
  kind: 'deterministic' | 'chan' | 'chanMismatch';
  passphrase: string;
  version: number;
  stream: number;
  eighteenByteRipe: boolean;
  index: number;
  signingKeyNonce: number;
  encryptionKeyNonce: number;
  signingPrivateKey: string;
  signingPrivateKeyWif: string;
  signingPublicKey: string;
  encryptionPrivateKey: string;
  encryptionPrivateKeyWif: string;
  encryptionPublicKey: string;
  ripe: string;
  address: string;
}

/** Searching for two zero bytes takes minutes: begin so many tries before the known find, and show that none of them fits. */
const TRIES_BEFORE_KNOWN_FIND = 32;

const cases = loadVectors<DeterministicCase>('deterministic.json').cases;
/** The same search serves the rows that differ in version only. */
const finds = new Map<string, DeterministicKeys>();
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function find({ passphrase, eighteenByteRipe, signingKeyNonce, index }: DeterministicCase): Promise<DeterministicKeys> {
  const key = `${passphrase}/${eighteenByteRipe}/${index}`;
  const known = finds.get(key);
  if (known !== undefined) return known;
  const zeros: LeadingZeros = eighteenByteRipe ? 2 : 1;
  const from = eighteenByteRipe ? signingKeyNonce - 2 * TRIES_BEFORE_KNOWN_FIND : 0;
  const search = deterministicKeySearch(fromHex(passphrase), zeros, from);
  let keys = await findKeys(search, pause);
  if (!eighteenByteRipe) for (let finding = 0; finding < index; finding++) keys = await findKeys(search, pause);
  finds.set(key, keys);
  return keys;
}

describe('deterministic keys', () => {
  for (const vector of cases.filter(({ kind }) => kind !== 'chanMismatch'))
    it(`${vector.kind} ${vector.address} comes of its passphrase`, async () => {
      const keys = await find(vector);
      assert.equal(keys.signingNonce, vector.signingKeyNonce);
      assert.equal(keys.encryptionNonce, vector.encryptionKeyNonce);
      assert.equal(toHex(keys.signingPrivateKey), vector.signingPrivateKey);
      assert.equal(formatWif(keys.signingPrivateKey), vector.signingPrivateKeyWif);
      assert.equal(toHex(withPrefix(keys.signingKey)), vector.signingPublicKey);
      assert.equal(toHex(keys.encryptionPrivateKey), vector.encryptionPrivateKey);
      assert.equal(formatWif(keys.encryptionPrivateKey), vector.encryptionPrivateKeyWif);
      assert.equal(toHex(withPrefix(keys.encryptionKey)), vector.encryptionPublicKey);
      assert.equal(toHex(keys.ripe), vector.ripe);
      assert.equal(formatAddress({ version: vector.version, stream: BigInt(vector.stream), ripe: keys.ripe }), vector.address);
    });

  // One is enough: each costs a whole search.
  for (const vector of cases.filter(({ kind }) => kind === 'chanMismatch').slice(0, 1))
    it(`of another name do not give ${vector.address}`, async () => {
      const { version, stream } = parseAddress(vector.address);
      const { ripe } = await findKeys(deterministicKeySearch(fromHex(vector.passphrase)), pause);
      assert.notEqual(formatAddress({ version, stream, ripe }), vector.address);
    });

  it('of one passphrase go on where the last find stopped', async () => {
    // "BM" is found first at nonce 50.
    const search = deterministicKeySearch(Buffer.from('BM'));
    const first = await findKeys(search, pause);
    const second = await findKeys(search, pause);
    assert.equal(first.signingNonce, 50);
    assert.ok(second.signingNonce > 50);
    const fromThere = await findKeys(deterministicKeySearch(Buffer.from('BM'), 1, 52), pause);
    assert.equal(second.signingNonce, fromThere.signingNonce);
  });
});

describe('random keys', () => {
  it('have a ripe that begins with a zero byte, and fit their private keys', async () => {
    const search = randomKeySearch();
    const ripes = new Set<string>();
    for (let round = 0; round < 5; round++) {
      const keys = await findKeys(search, pause);
      assert.equal(keys.ripe[0], 0);
      assert.deepEqual(identityKeys(keys.signingPrivateKey, keys.encryptionPrivateKey), keys);
      ripes.add(toHex(keys.ripe));
    }
    assert.equal(ripes.size, 5);
  });

  it('are looked for in slices that leave room for other work', async () => {
    const search: KeySearch = randomKeySearch(2);
    const slicesMs: number[] = [];
    for (let slice = 0; slice < 20; slice++) {
      const begun = process.cpuUsage();
      search.step();
      const { user, system } = process.cpuUsage(begun);
      slicesMs.push((user + system) / 1_000);
      await pause();
    }
    // The median: one slice may meet the garbage collector.
    assert.ok(slicesMs.sort((a, b) => a - b)[10]! < 50, `${slicesMs}`);
  });
});
