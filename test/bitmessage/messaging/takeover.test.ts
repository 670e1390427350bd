import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ManualClock } from '../../../src/base/clock.js';
import type { TakenNode, Takeover } from '../../../src/bitmessage/takeover.js';
import { readKeysDat } from '../../../src/migration/formats/keys-dat.js';
import { PybitmessageDatabase } from '../../../src/store/foreign/pybitmessage.js';
import { PubkeyTable } from '../../../src/store/node/pubkeys.js';
import { MINIMUM, TestNode } from '../../support/messaging-node.js';
import { VECTORS_DIRECTORY } from '../../support/vectors.js';

const directory = `${VECTORS_DIRECTORY}pybitmessage-data/`;
const { identities } = readKeysDat(readFileSync(`${directory}keys.dat`));
/** When PyBitmessage ended: its objects live. */
const NOW = 1_795_307_500;

describe('takeover', () => {
  let node: TestNode;
  let takeover: Takeover;
  const nodes: TakenNode[] = [];
  const foreign = new PybitmessageDatabase(`${directory}messages.dat`);
  after(() => foreign.close());
  beforeEach(() => {
    node = new TestNode({ clock: new ManualClock(NOW) }).start();
    takeover = node.messaging.takeover((taken) => nodes.push(taken) === 1);
  });
  afterEach(() => node.remove());

  it('keeps identities as they were, once, and publishes nothing', () => {
    assert.deepEqual(new Set(identities.map((identity) => takeover.identity(identity))), new Set(['taken']));
    assert.deepEqual(new Set(identities.map((identity) => takeover.identity(identity))), new Set(['known']));
    const [alice, silent, off, list] = node.messaging.identities.all();
    assert.deepEqual(
      [alice.label, alice.sendsAcks, alice.enabled, alice.demand],
      ['Alice', true, true, { nonceTrialsPerByte: 10, extraBytes: 10 }],
    );
    assert.deepEqual([silent.sendsAcks, off.enabled, list.mailingList, alice.mailingList], [false, false, 'Gardening', null]);
    assert.deepEqual(
      node.messaging.identities
        .all()
        .filter(({ chan }) => chan)
        .map(({ label }) => label),
      identities.filter(({ chan }) => chan).map(({ label }) => label),
    );
    assert.ok(node.messaging.identities.all().every(({ pubkeyExpiresAt }) => pubkeyExpiresAt > NOW + 86_400));
    assert.deepEqual(
      takeover.identities().map(({ address, signingKey }) => [address, Buffer.from(signingKey).toString('hex')]),
      identities.map(({ address, signingKey }) => [address, Buffer.from(signingKey).toString('hex')]),
    );
    assert.equal(node.inventory.count(), 0);
  });

  it('refuses keys of another address', () => {
    assert.equal(takeover.identity({ ...identities[0], address: identities[1].address }), 'refused');
  });

  it('keeps subscriptions, switched off too', () => {
    const rows = foreign.addresses('subscriptions', 0, 10).map(({ id, ...row }) => row);
    assert.deepEqual(
      rows.map((row) => takeover.subscription(row)),
      rows.map(() => 'taken'),
    );
    assert.deepEqual(
      node.messaging.subscriptions.all().map(({ address, label, enabled }) => ({ address, label, enabled })),
      rows,
    );
    assert.equal(takeover.subscription(rows[0]), 'known');
    assert.equal(takeover.subscription({ address: 'BM-x', label: '', enabled: true }), 'refused');
    takeover.lookBack([rows[1].address]);
    assert.deepEqual(
      node.messaging.subscriptions.all().map(({ rescanAfter }) => rescanAfter),
      [-1, 0, -1, -1],
    );
  });

  it('keeps the keys that belong to their address', () => {
    const rows = foreign.pubkeys(0, 100).map(({ address, transmitData: data, time: learntAt }) => ({ address, data, learntAt }));
    assert.deepEqual(
      rows.map((row) => takeover.pubkey(row)),
      rows.map(() => 'taken'),
    );
    assert.equal(takeover.pubkey(rows[0]), 'known');
    assert.equal(takeover.pubkey({ ...rows[0], address: rows[1].address }), 'refused');
    assert.equal(takeover.pubkey({ ...rows[0], data: rows[0].data.subarray(1) }), 'refused');
    assert.equal(new PubkeyTable(node.database).get(rows[0].address)?.demandTrials, 10);
  });

  it('checks objects as if they came from the network', () => {
    assert.ok(MINIMUM.nonceTrialsPerByte <= 10);
    const objects = foreign.objects(0, 1000);
    assert.deepEqual(new Set(objects.map(({ payload }) => takeover.object(payload, true))), new Set(['taken']));
    assert.equal(node.inventory.count(), objects.length);
    assert.equal(node.inventory.unprocessedCount(), 0);
    assert.deepEqual(
      [...objects].map(({ hash }) => node.inventory.has(hash)),
      objects.map(() => true),
    );
    assert.equal(takeover.object(objects[0].payload, true), 'known');
    const damaged = Uint8Array.from(objects[0].payload);
    damaged[0] ^= 1;
    assert.equal(takeover.object(damaged, true), 'refused');
    assert.equal(takeover.object(new Uint8Array(3), false), 'refused');
  });

  it('looks at what the other program had not looked at', () => {
    assert.equal(takeover.object(foreign.objects(0, 1)[0].payload, false), 'taken');
    assert.equal(node.inventory.unprocessedCount(), 1);
  });

  it('goes on with a message where the other program stopped, once', () => {
    takeover.identity(identities[0]);
    const [from, to] = [identities[0].address, foreign.addresses('addressbook', 0, 10)[0].address];
    const ackdata = new Uint8Array(38).fill(7);
    const begun = {
      kind: 'message',
      from,
      to,
      encoding: 2,
      content: Buffer.from('Subject:a\nBody:b'),
      ttlSeconds: 345_600,
      createdAt: NOW - 5,
    } as const;
    const message = { ...begun, ackdata, attempts: 1, objectHash: new Uint8Array(32), pubkeyRequest: null };
    const id = takeover.outgoing({ ...message, outgoing: { state: 'awaiting-ack', expiresAt: NOW + 1000 } });
    const { outgoing, attempts, createdAt } = node.messaging.outbox.get(id!)!;
    assert.deepEqual([outgoing, attempts, createdAt], [{ state: 'awaiting-ack', expiresAt: NOW + 1000 }, 1, NOW - 5]);
    assert.deepEqual(Buffer.from(node.messaging.outbox.content(id!)!.ackdata!), Buffer.from(ackdata));
    assert.equal(takeover.outgoing({ ...message, outgoing: { state: 'queued' } }), undefined);
  });
});
