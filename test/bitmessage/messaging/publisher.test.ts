import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { Inventory } from '../../../src/bitmessage/inventory/inventory.js';
import { Publisher } from '../../../src/bitmessage/messaging/publisher.js';
import { objectBody } from '../../../src/bitmessage/wire/object.js';
import { isSufficient } from '../../../src/pow/target.js';
import { Database } from '../../../src/store/database.js';
import { InventoryStore } from '../../../src/store/node/inventory.js';
import { sharedMiner, stopSharedMiner } from '../../support/messaging-node.js';

const NOW = 1_800_000_000;
const MINIMUM = { nonceTrialsPerByte: 10, extraBytes: 10 };

describe('publisher', () => {
  const clock = new ManualClock(NOW);
  const work = { demand: MINIMUM, signal: new AbortController().signal };
  const body = (now: number): Uint8Array => objectBody({ expiresAt: now + 3600, type: 2, version: 1n, stream: 1n }, new Uint8Array(100));
  let database: Database;
  before(() => (database = new Database(':memory:')));
  after(async () => {
    database.close();
    await stopSharedMiner();
  });
  type Rooms = ConstructorParameters<typeof Publisher>[1];
  const publisher = (miner: Rooms['miner'], power?: Rooms['power']): Publisher =>
    new Publisher({ minimum: MINIMUM }, { miner, power, inventory: new Inventory(new InventoryStore(database), clock), clock });

  it('publishes nothing whose work does not suffice', async () => {
    // A miner that is wrong: there are 40,000 wrong nonces for a right one.
    const wrong = publisher({ mine: async () => ({ nonce: 12_345n, trials: 1, seconds: 0 }) });
    await assert.rejects(wrong.mine(body, work), /does not suffice/);
  });

  it('builds nothing before work may be done', async () => {
    let plugIn!: () => void;
    const mains = new Promise<void>((resolve) => (plugIn = resolve));
    const built: number[] = [];
    const mined = publisher(sharedMiner(), { isHeld: true, ready: () => mains }).mine((now) => {
      built.push(now);
      return body(now);
    }, work);
    await new Promise(setImmediate);
    assert.deepEqual(built, []);
    plugIn();
    await mined;
    assert.equal(built.length, 1);
  });

  it('gives up waiting for it when it is called off', async () => {
    const controller = new AbortController();
    const mined = publisher(sharedMiner(), {
      isHeld: true,
      ready: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    }).mine(body, { ...work, signal: controller.signal });
    controller.abort();
    await assert.rejects(mined, { name: 'AbortError' });
  });

  it('does work that suffices for who has a clock that is five minutes behind, too', async () => {
    const object = await publisher(sharedMiner()).mine(body, work);
    for (const now of [NOW, NOW - 300]) assert.ok(isSufficient(object, now, MINIMUM, MINIMUM));
  });
});
