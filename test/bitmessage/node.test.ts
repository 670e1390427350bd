import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, ManualClock, systemClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/log.js';
import { createNode } from '../../src/bitmessage/create-node.js';
import type { OpenNode, ReceivedMessage } from '../../src/bitmessage/node.js';
import { PRIVATE } from '../../src/bitmessage/wire/params.js';
import { Database } from '../../src/store/database.js';

interface House {
  readonly node: OpenNode;
  readonly database: Database;
  readonly delivered: ReceivedMessage[];
  readonly states: Map<number, string>;
}

describe('node', () => {
  const directory = mkdtempSync(join(tmpdir(), 'postern-node-'));
  const houses: House[] = [];
  let told: () => void = () => {};

  function build(name: string, peers: readonly string[], clock: Clock = systemClock): House {
    const database = new Database(join(directory, `${name}.sqlite`));
    const delivered: ReceivedMessage[] = [];
    const states = new Map<number, string>();
    const node = createNode(
      {
        network: { params: PRIVATE, listen: '127.0.0.1:0', peers, loopbackOnly: true, limits: { outbound: 0 } },
        miningThreads: 1,
        messaging: { publishPubkeys: false },
      },
      {
        database,
        clock,
        log: silentLogger,
        listener: {
          deliver: async (message) => {
            delivered.push(message);
            told();
          },
          outgoingChanged: async ({ id, outgoing }) => {
            states.set(id, outgoing.state);
            told();
          },
        },
      },
    );
    const house = { node, database, delivered, states };
    houses.push(house);
    return house;
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (told = resolve));
  }

  after(async () => {
    for (const { node } of houses) await node.stop();
    for (const { database } of houses) database.close();
    rmSync(directory, { recursive: true });
  });

  it('carries a message, a broadcast and a chan post to another node, and hands out no keys', async () => {
    const bob = build('bob', []);
    await bob.node.start();
    const listening = bob.node.status().listening;
    assert.ok(listening !== null && listening.port > 0);
    const alice = build('alice', [`127.0.0.1:${listening.port}`]);
    const from = await alice.node.createIdentity({ label: 'alice' });
    const to = await bob.node.createIdentity({ label: 'bob' });
    assert.deepEqual(Object.keys(from).sort(), [
      'address',
      'chan',
      'createdAt',
      'demand',
      'enabled',
      'label',
      'mailingList',
      'sendDelaySeconds',
      'signatureDigest',
      'ttlSeconds',
    ]);
    const subscription = bob.node.subscribe(from.address, 'news');
    assert.deepEqual(subscription, { address: from.address, label: 'news', enabled: true });
    const [chan] = await Promise.all([alice.node.joinChan('general'), bob.node.joinChan('general')]);
    await alice.node.start();
    const content = (text: string) => ({ encoding: 2, content: Buffer.from(`Subject:${text}\nBody:${text}`), ttlSeconds: 3600 });
    const ids = alice.database.transaction(() => [
      alice.node.enqueue({ kind: 'message', from: from.address, to: to.address, ...content('message') }),
      alice.node.enqueue({ kind: 'broadcast', from: from.address, to: from.address, ...content('broadcast') }),
      alice.node.enqueue({ kind: 'message', from: from.address, to: chan.address, ...content('post') }),
    ]);
    await until(() => bob.delivered.length === 3 && alice.states.get(ids[0]) === 'delivered');
    assert.deepEqual(
      bob.delivered.map(({ kind, to: recipient, chan: isChan }) => `${kind} ${recipient} ${isChan}`).sort(),
      [`broadcast ${from.address} false`, `message ${chan.address} true`, `message ${to.address} false`].sort(),
    );
    assert.deepEqual(
      ids.map((id) => alice.node.outgoingById(id)?.outgoing.state),
      ['delivered', 'sent', 'sent'],
    );
    assert.equal(alice.node.status().peers.length, 1);
    alice.node.leaveChan(chan.address);
    assert.deepEqual(
      alice.node.identities().map(({ address }) => address),
      [from.address],
    );
  });

  it('makes its connections anew when the clock was set back', async () => {
    const clock = new ManualClock(systemClock.now());
    const carol = build('carol', [], clock);
    await carol.node.start();
    const before = carol.node.status().listening;
    clock.setBack(3_600);
    for (let looks = 0; looks < 2; looks++) {
      clock.advance(5);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const isOpenAgain = (): boolean => {
      const now = carol.node.status().listening;
      return now !== null && now.port !== before?.port;
    };
    while (!isOpenAgain()) await new Promise((resolve) => setImmediate(resolve));
    const dave = build('dave', [`127.0.0.1:${carol.node.status().listening?.port}`], clock);
    await dave.node.start();
    while (dave.node.status().peers.length === 0) {
      clock.advance(1);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
});
