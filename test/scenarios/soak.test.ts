import assert from 'node:assert/strict';
import { startNode, type TestNode } from '../support/nodes.js';
import { generator } from '../support/random.js';
import { SoakWorld } from '../support/soak-world.js';

/** The short form of bench/soak: the same peers, fewer of them, for some seconds. */
describe('soak', function () {
  this.timeout(120_000);
  const random = generator();
  let hub: TestNode;
  let world: SoakWorld;

  before(async () => {
    hub = await startNode({ announceDelay: false });
    world = new SoakWorld(hub.port, { relays: 5, hostile: 3, objectMs: 40, messageMs: 1_000, cutMs: 800, attackMs: 150 }, random);
    await world.start();
  });
  after(async () => {
    await world.stop();
    await hub.stop();
  });

  it(`loses no object and no message while connections are cut and floods come (seed ${random.seed})`, async () => {
    // On a busy machine less happens in a second.
    const wasHard = (): boolean => world.objects > 20 && world.messages > 1 && world.cuts > 1 && world.attacks > 5;
    for (let rounds = 0; rounds < 10 && !wasHard(); rounds++) await world.run(4_000);
    assert.ok(wasHard());
    await world.settle();
    assert.deepEqual(
      world.readings(),
      Array.from({ length: world.messages }, () => 1),
    );
  });
});
