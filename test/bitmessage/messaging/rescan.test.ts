/** Looking back for keys that are new: nothing is left out, several keys go together, and a restart goes on where it was. */
import assert from 'node:assert/strict';
import { systemClock } from '../../../src/base/clock.js';
import { Inventory } from '../../../src/bitmessage/inventory/inventory.js';
import { OPEN_VAULT } from '../../../src/bitmessage/key-vault.js';
import { Identities } from '../../../src/bitmessage/messaging/identities.js';
import { Rescan, whereToGoOn } from '../../../src/bitmessage/messaging/rescan.js';
import { Subscriptions } from '../../../src/bitmessage/messaging/subscriptions.js';
import { toHex } from '../../../src/bitmessage/wire/bytes.js';
import { objectBody, readObjectHeader, withNonce } from '../../../src/bitmessage/wire/object.js';
import { OBJECT_MSG } from '../../../src/bitmessage/wire/params.js';
import { Database } from '../../../src/store/database.js';
import { IdentityTable } from '../../../src/store/node/identities.js';
import { InventoryStore } from '../../../src/store/node/inventory.js';
import { SubscriptionTable } from '../../../src/store/node/subscriptions.js';
import { MINIMUM } from '../../support/messaging-node.js';

const OBJECTS = 500;
const ALL = Array.from({ length: OBJECTS }, (_, at) => at + 1);

describe('looking back', () => {
  for (const [positions, end, from, to, why] of [
    [[0], 100, 0, undefined, 'one alone'],
    [[30, 30], 100, 30, undefined, 'two at one place'],
    [[0, 40], 100, 0, 40, 'the one behind is waited for: it is nearer than the end'],
    [[0, 60], 100, 60, undefined, 'the one in front goes on: it is nearer to the end'],
    [[0, 20, 45], 100, 0, 20, 'the last of several is waited for'],
    [[0, 80, 90], 100, 80, 90, 'those in front go on together'],
  ] as const)
    it(`goes on from ${from}: ${why}`, () => assert.deepEqual(whereToGoOn(positions, end), { from, to }));

  let database: Database;
  let identities: Identities;
  let rescan: Rescan;
  beforeEach(() => {
    database = new Database(':memory:');
    const inventory = new Inventory(new InventoryStore(database), systemClock);
    const afterCommit = (callback: () => void): void => database.afterCommit(callback);
    const shortKeys = (): never => assert.fail();
    const rooms = { afterCommit, clock: systemClock };
    identities = new Identities({ minimum: MINIMUM }, { ...rooms, table: new IdentityTable(database), shortKeys, vault: OPEN_VAULT });
    rescan = new Rescan({ inventory, identities, subscriptions: new Subscriptions({ ...rooms, table: new SubscriptionTable(database) }) });
    const objects = ALL.map((number) => {
      const fields = { expiresAt: systemClock.now() + 3600, type: OBJECT_MSG, version: 1n, stream: 1n };
      const bytes = withNonce(BigInt(number), objectBody(fields, new Uint8Array(200)));
      return { object: { ...readObjectHeader(bytes), bytes }, origin: { own: false } };
    });
    inventory.addAll(objects);
  });
  afterEach(() => database.close());

  /** Takes one step; answers the numbers of its objects by the address they are tried for. */
  const step = (seen: Map<string, number[]>): boolean => {
    const next = rescan.next();
    if (next === undefined) return false;
    const numbers = next.objects.map(({ bytes }) => Number.parseInt(toHex(bytes.subarray(0, 8)), 16));
    for (const { address } of next.keyring.identities) seen.set(address, [...(seen.get(address) ?? []), ...numbers]);
    next.finish();
    return true;
  };

  it('tries every object for each key once, those together that came one after the other', async () => {
    const seen = new Map<string, number[]>();
    let steps = 0;
    for (const passphrase of ['first', 'second', 'third']) {
      await identities.joinChan(passphrase);
      steps += Number(step(seen));
    }
    while (step(seen)) steps++;
    assert.deepEqual([...seen.values()], [ALL, ALL, ALL]);
    // Alone they would have taken four each.
    assert.ok(steps <= 6, `${steps} steps`);
    assert.equal(rescan.progress(), null);
  });

  it('goes no further than to where the next one stands', async () => {
    const seen = new Map<string, number[]>();
    const front = await identities.joinChan('front');
    identities.update(front.address, { rescanAfter: 50 });
    const behind = await identities.joinChan('behind');
    assert.equal(step(seen), true);
    assert.deepEqual([...seen], [[behind.address, ALL.slice(0, 50)]]);
    while (step(seen));
    assert.deepEqual([seen.get(front.address), seen.get(behind.address)], [ALL.slice(50), ALL]);
  });

  it('tells how far it came, and goes on from there after a restart', async () => {
    const seen = new Map<string, number[]>();
    assert.equal(rescan.progress(), null);
    await identities.joinChan('general');
    assert.equal(rescan.progress(), 0);
    step(seen);
    const done = rescan.progress();
    assert.ok(done !== null && done > 0.2 && done < 0.3, `${done}`);
    assert.equal(new IdentityTable(database).all()[0].rescanAfter, [...seen.values()][0].length);
  });

  it('begins anew for one that was to do so while a step ran', async () => {
    const { address } = await identities.joinChan('general');
    rescan.next()?.finish();
    const late = rescan.next();
    identities.lookBack(address);
    late?.finish();
    assert.equal(identities.find(address)?.rescanAfter, 0);
  });
});
