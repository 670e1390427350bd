import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { silentLogger } from '../../../src/base/log.js';
import { Outbox } from '../../../src/bitmessage/messaging/outbox.js';
import { Reporter } from '../../../src/bitmessage/messaging/reporter.js';
import type { NewOutgoing, OutgoingMessage } from '../../../src/bitmessage/node.js';
import { Database } from '../../../src/store/database.js';
import { OutboxTable } from '../../../src/store/node/outbox.js';

const NEW: NewOutgoing = { kind: 'message', from: 'BM-a', to: 'BM-b', encoding: 2, content: new Uint8Array(1), ttlSeconds: 3600 };

describe('reporter', () => {
  const clock = new ManualClock(1_000_000);
  let database: Database;
  let outbox: Outbox;
  let table: OutboxTable;
  let reporter: Reporter | undefined;

  /** What the house is told; `answer` decides whether it takes it. */
  function startReporter(answer: (message: OutgoingMessage) => Promise<void>): void {
    reporter = new Reporter({ outbox, table, clock, log: silentLogger, outgoingChanged: answer });
    reporter.start();
  }

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
  afterEach(async () => {
    await reporter?.stop();
    database.close();
  });

  it('tells each new state, not the queueing that the house did itself', async () => {
    const told: string[] = [];
    const sent = new Promise<void>((resolve) => {
      startReporter(async ({ outgoing }) => {
        told.push(outgoing.state);
        if (outgoing.state === 'sent') resolve();
      });
    });
    const id = outbox.add(NEW);
    await turns();
    outbox.apply(id, { event: 'work-started' });
    await turns();
    outbox.apply(id, { event: 'published-without-ack' });
    await sent;
    assert.deepEqual(told, ['mining', 'sent']);
  });

  it('says again what the house could not take, and what it had not confirmed before a restart', async () => {
    const id = outbox.add(NEW);
    outbox.apply(id, { event: 'cancelled' });
    let refused = 0;
    startReporter(async () => {
      refused++;
      throw new Error('disk full');
    });
    await turns();
    clock.advance(1);
    await turns();
    assert.equal(refused, 2);
    await reporter?.stop();
    await new Promise<void>((resolve) => startReporter(async () => resolve()));
    await turns();
    assert.deepEqual(table.unreported(), []);
  });

  it('holds up no other message for one that is not taken', async () => {
    const ids = [outbox.add(NEW), outbox.add(NEW)];
    for (const id of ids) outbox.apply(id, { event: 'cancelled' });
    startReporter(async ({ id }) => {
      if (id === ids[0]) throw new Error('no');
    });
    await turns();
    assert.deepEqual(
      table.unreported().map(({ id }) => id),
      [ids[0]],
    );
  });
});

/** Lets everything that is ready run; nothing here waits for anything but promises. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
