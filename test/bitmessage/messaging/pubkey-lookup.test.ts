import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { addressTag, formatAddress } from '../../../src/bitmessage/crypto/address.js';
import { identityKeys } from '../../../src/bitmessage/crypto/keys.js';
import { Inventory, type StoredObject } from '../../../src/bitmessage/inventory/inventory.js';
import type { Identities } from '../../../src/bitmessage/messaging/identities.js';
import { PubkeyLookup } from '../../../src/bitmessage/messaging/pubkey-lookup.js';
import { buildPubkey } from '../../../src/bitmessage/objects/pubkey.js';
import { concat } from '../../../src/bitmessage/wire/bytes.js';
import { objectBody, readObjectHeader, withNonce } from '../../../src/bitmessage/wire/object.js';
import { OBJECT_PUBKEY } from '../../../src/bitmessage/wire/params.js';
import { Database } from '../../../src/store/database.js';
import { InventoryStore } from '../../../src/store/node/inventory.js';
import { PubkeyTable } from '../../../src/store/node/pubkeys.js';
import { generator } from '../../support/random.js';

const NOW = 1_800_000_000;
const LIFE_SECONDS = 5 * 86_400;

describe('the look-up of pubkeys', () => {
  const random = generator();
  const keys = identityKeys(
    Uint8Array.from({ length: 32 }, () => 1),
    Uint8Array.from({ length: 32 }, () => 2),
  );
  const address = { version: 4, stream: 1n, ripe: keys.ripe };
  let clock: ManualClock;
  let database: Database;
  let lookup: PubkeyLookup;

  beforeEach(() => {
    clock = new ManualClock(NOW);
    database = new Database(':memory:');
    lookup = new PubkeyLookup({
      table: new PubkeyTable(database),
      inventory: new Inventory(new InventoryStore(database), clock),
      identities: { find: () => undefined } as unknown as Identities,
      clock,
    });
    lookup.want(formatAddress(address));
  });
  afterEach(() => database.close());

  const stored = (body: Uint8Array): StoredObject => {
    const bytes = withNonce(0n, body);
    return { ...readObjectHeader(bytes), hash: new Uint8Array(32), bytes, own: false };
  };
  /** The tag is known to all who know the address; what follows is noise. */
  const bogus = (): StoredObject => {
    const header = { expiresAt: NOW + LIFE_SECONDS, type: OBJECT_PUBKEY, version: 4n, stream: 1n };
    return stored(objectBody(header, concat(addressTag(address), random.bytes(320))));
  };
  const good = (): StoredObject => {
    const author = { version: 4, stream: 1n, keys, behavior: 1, nonceTrialsPerByte: 1000, extraBytes: 1000 };
    return stored(buildPubkey(author, NOW + LIFE_SECONDS));
  };
  const isKnown = (): boolean => lookup.known(formatAddress(address)) !== undefined;

  it(`finds the key among bogus ones (seed ${random.seed})`, () => {
    for (let count = 0; count < 99; count++) lookup.consider(bogus());
    lookup.consider(good());
    assert.equal(isKnown(), true);
  });

  it(`tries a hundred pubkeys of an address in a day, and goes on the next day (seed ${random.seed})`, () => {
    for (let count = 0; count < 100; count++) lookup.consider(bogus());
    lookup.consider(good());
    assert.equal(isKnown(), false);
    clock.advance(86_400);
    lookup.consider(good());
    assert.equal(isKnown(), true);
  });

  it('does not look at keys that nobody wants', () => {
    const others = { ...address, ripe: Uint8Array.from(keys.ripe, (byte) => byte ^ 1) };
    const header = { expiresAt: NOW + LIFE_SECONDS, type: OBJECT_PUBKEY, version: 4n, stream: 1n };
    for (let count = 0; count < 200; count++) lookup.consider(stored(objectBody(header, concat(addressTag(others), random.bytes(320)))));
    lookup.consider(good());
    assert.equal(isKnown(), true);
  });
});
