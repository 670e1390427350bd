import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { Outbox } from '../../../src/bitmessage/messaging/outbox.js';
import type { NewOutgoing } from '../../../src/bitmessage/node.js';
import { Database } from '../../../src/store/database.js';
import { OutboxTable } from '../../../src/store/node/outbox.js';

const NEW: NewOutgoing = {
  kind: 'message',
  from: 'BM-a',
  to: 'BM-b',
  encoding: 2,
  content: Buffer.from('Subject:x\nBody:y'),
  ttlSeconds: 3600,
};

describe('outbox', () => {
  let database: Database;
  let table: OutboxTable;
  let outbox: Outbox;
  const clock = new ManualClock(1_000_000);

  beforeEach(() => {
    database = new Database(':memory:');
    table = new OutboxTable(database);
    outbox = new Outbox({
      table,
      clock,
      transaction: (work) => database.transaction(work),
      afterCommit: (callback) => database.afterCommit(callback),
    });
  });
  afterEach(() => database.close());

  it('queues inside the caller’s transaction, and tells after its commit', () => {
    const told: string[] = [];
    outbox.onChange((_, { state }) => told.push(state));
    database.transaction(() => {
      outbox.add(NEW);
      assert.deepEqual(told, []);
    });
    assert.deepEqual(told, ['queued']);
    assert.throws(() =>
      database.transaction(() => {
        outbox.add(NEW);
        throw new Error('the mail could not be stored');
      }),
    );
    assert.deepEqual(told, ['queued']);
    assert.equal(outbox.list().length, 1);
  });

  it('keeps the time that belongs to a state, and when it came into it', () => {
    const id = outbox.add(NEW);
    clock.advance(5);
    outbox.apply(id, { event: 'pubkey-requested', askAgainAt: 2_000_000 });
    const message = outbox.get(id);
    assert.deepEqual(message?.outgoing, { state: 'awaiting-pubkey', askAgainAt: 2_000_000 });
    assert.equal(message?.since, clock.now());
    assert.equal(table.nextTime('awaiting-pubkey', 'awaiting-ack'), 2_000_000);
    assert.deepEqual(table.due('awaiting-pubkey', 1_999_999, 2_000_000), []);
    assert.deepEqual(
      table.due('awaiting-pubkey', 2_000_000, 9_000_000).map((row) => row.id),
      [id],
    );
    // Further off than any wait: the clock was wrong.
    assert.equal(table.due('awaiting-pubkey', 1_000, 1_999_999).length, 1);
  });

  it('answers false to an event that changes nothing, and to an unknown message', () => {
    const id = outbox.add(NEW);
    assert.equal(outbox.apply(id, { event: 'look-again' }), false);
    assert.equal(outbox.apply(99, { event: 'cancelled' }), false);
  });

  it('cancels what was never out, and nothing else', () => {
    const fresh = outbox.add(NEW);
    assert.equal(outbox.cancel(fresh), true);
    assert.equal(outbox.get(fresh)?.outgoing.state, 'cancelled');
    const resent = outbox.add(NEW);
    table.setPublished(resent, new Uint8Array(32));
    assert.equal(outbox.cancel(resent), false);
    assert.equal(outbox.get(resent)?.outgoing.state, 'queued');
  });

  it('shows progress while the work lasts', () => {
    const id = outbox.add(NEW);
    assert.equal(outbox.get(id)?.progress, null);
    outbox.apply(id, { event: 'work-started' });
    outbox.setProgress(id, 0.5);
    assert.equal(outbox.get(id)?.progress, 0.5);
    outbox.apply(id, { event: 'published-without-ack' });
    assert.equal(outbox.get(id)?.progress, null);
  });

  it('forgets the text at the end, but not of a failure, which can be tried again', () => {
    const ids = [outbox.add(NEW), outbox.add(NEW)];
    outbox.apply(ids[0], { event: 'cancelled' });
    outbox.apply(ids[1], { event: 'gave-up', reason: 'too-difficult' });
    assert.equal(outbox.content(ids[0])?.content.length, 0);
    assert.deepEqual(Buffer.from(outbox.content(ids[1])?.content ?? []), NEW.content);
    assert.equal(outbox.retry(ids[1]), true);
    assert.equal(table.get(ids[1])?.retriedAt, clock.now());
    assert.equal(outbox.retry(ids[0]), false);
  });

  it('prunes what came to its end 60 days ago, once the house knows of it', () => {
    const ids = [outbox.add(NEW), outbox.add(NEW), outbox.add(NEW)];
    outbox.apply(ids[0], { event: 'cancelled' });
    outbox.apply(ids[1], { event: 'cancelled' });
    table.setReported(ids[0], table.get(ids[0])?.change ?? 0);
    clock.advance(60 * 86_400 + 1);
    outbox.prune();
    assert.deepEqual(
      outbox.list().map(({ id }) => id),
      [ids[1], ids[2]],
    );
  });
});
