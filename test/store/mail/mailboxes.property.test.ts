/** Random operations on the mail store against a simple model, the database reopened in between. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../../src/base/clock.js';
import { Database } from '../../../src/store/database.js';
import { SqliteMailboxes } from '../../../src/store/mail/mailboxes.js';
import { SqliteMessages } from '../../../src/store/mail/messages.js';
import { RemovedEntries } from '../../../src/store/mail/removed-entries.js';
import { type Generator, generator } from '../../support/random.js';
import { describeStub } from './describe-stub.js';

interface ModelEntry {
  raw: string;
  flags: Set<string>;
  identity: string;
}

interface ModelMailbox {
  entries: Map<number, ModelEntry>;
  uidNext: number;
  modseq: number;
  uidValidity: number;
}

const STEPS = 300;
const FLAGS = ['\\Seen', '\\Deleted', '\\Flagged', '\\Answered', '\\Draft', '$Work', '$Later', 'Junk'];
const IDENTITIES = ['', 'BM-a', 'BM-b'];

describe('mail store, random operations', () => {
  for (let round = 0; round < 3; round++) {
    const numbers = generator();
    it(`agrees with the model after every step (POSTERN_SEED=${numbers.seed})`, () => runRound(numbers));
  }
});

function runRound({ seed, u32, pick }: Generator): void {
  const directory = mkdtempSync(join(tmpdir(), 'postern-store-'));
  const random = (): number => u32() / 2 ** 32;
  const some = (uids: number[]): number[] => uids.filter(() => random() < 0.3);
  const clock = new ManualClock(1_800_000_000);
  const file = join(directory, 'mail.db');
  let database = new Database(file);
  let store = new SqliteMailboxes(database, describeStub, clock);
  const model = new Map<string, ModelMailbox>();
  const validities = new Set<number>();
  const inbox = store.find('INBOX')!;
  model.set('INBOX', { entries: new Map(), uidNext: 1, modseq: 0, uidValidity: inbox.uidValidity });

  const take = (name: string): [number, ModelMailbox] => [store.find(name)!.id, model.get(name)!];
  const giveUids = (to: ModelMailbox, uids: readonly number[], entries: ModelEntry[]): void => {
    assert.deepEqual(
      uids,
      entries.map((_, i) => to.uidNext + i),
    );
    for (const entry of entries) to.entries.set(to.uidNext++, { ...entry, flags: new Set(entry.flags) });
  };
  const operations: Record<string, () => void> = {
    append: () => {
      const [id, box] = take(pick([...model.keys()]));
      const entries = Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({
        raw: `Message-ID: <${Math.floor(random() * 1e9)}@x>\r\n\r\n${'x'.repeat(Math.floor(random() * 50))}`,
        flags: new Set(FLAGS.filter(() => random() < 0.2)),
        identity: pick(IDENTITIES),
      }));
      const uids = store.append(
        id,
        entries.map((e) => ({ raw: Buffer.from(e.raw), flags: [...e.flags], internalDate: 1, identity: e.identity })),
      );
      giveUids(box, uids, entries);
    },
    setFlags: () => {
      const [id, box] = take(pick([...model.keys()]));
      const uids = some([...box.entries.keys()]);
      const operation = pick(['add', 'remove', 'replace'] as const);
      const flags = FLAGS.filter(() => random() < 0.3);
      const changedBefore = store.find(pathOf(box))!.highestModseq;
      const { changed, refused } = store.setFlags(id, uids, operation, flags.map(pick([upper, same])));
      assert.deepEqual(refused, []);
      const expected: number[] = [];
      for (const uid of uids) {
        const entry = box.entries.get(uid)!;
        const after =
          operation === 'add'
            ? new Set([...entry.flags, ...flags])
            : operation === 'remove'
              ? new Set([...entry.flags].filter((flag) => !flags.includes(flag)))
              : new Set(flags);
        if (!sameSet(after, entry.flags)) expected.push(uid);
        entry.flags = after;
      }
      assert.deepEqual(
        changed.flatMap((run) => run.uids),
        expected,
      );
      for (const run of changed) assert.ok(run.modseq > changedBefore, 'a change gets a new mod-sequence');
    },
    expunge: () => {
      const [id, box] = take(pick([...model.keys()]));
      const uids = some([...box.entries.keys()]);
      assert.deepEqual(store.expunge(id, [...uids, 9999]), uids);
      for (const uid of uids) box.entries.delete(uid);
    },
    transfer: () => {
      const [id, box] = take(pick([...model.keys()]));
      const [targetId, target] = take(pick([...model.keys()]));
      const uids = some([...box.entries.keys()]);
      const entries = uids.map((uid) => box.entries.get(uid)!);
      const moves = random() < 0.5;
      const pairs = moves ? store.move(id, uids, targetId) : store.copy(id, uids, targetId);
      assert.deepEqual(pairs.from, uids);
      giveUids(target, pairs.to, entries);
      if (moves) for (const uid of uids) box.entries.delete(uid);
    },
    create: () => {
      const path = `folder ${Math.floor(random() * 4)}/ü${Math.floor(random() * 3)}`;
      if (model.has(path)) return;
      const made = store.create(path);
      assert.ok(!validities.has(made.uidValidity), 'UIDVALIDITY is never given twice');
      validities.add(made.uidValidity);
      model.set(path, { entries: new Map(), uidNext: 1, modseq: 0, uidValidity: made.uidValidity });
    },
    remove: () => {
      const path = pick([...model.keys()]);
      if (path === 'INBOX' || random() < 0.7) return;
      store.remove(path);
      model.delete(path);
    },
    rename: () => {
      const path = pick([...model.keys()]);
      const target = `renamed ${Math.floor(random() * 1e6)}/ä`;
      store.rename(path, target);
      const box = model.get(path)!;
      if (path !== 'INBOX') {
        model.delete(path);
        model.set(target, box);
        return;
      }
      const moved = [...box.entries.values()];
      box.entries.clear();
      const made = store.find(target)!;
      const inbox = store.find('INBOX')!.id;
      store.move(inbox, store.uids(inbox, null), made.id);
      const fresh = { entries: new Map(), uidNext: 1, modseq: 0, uidValidity: made.uidValidity };
      model.set(target, fresh);
      giveUids(
        fresh,
        moved.map((_, i) => i + 1),
        moved,
      );
    },
    reopen: () => {
      database.close();
      database = new Database(file);
      store = new SqliteMailboxes(database, describeStub, clock);
    },
    rollback: () => {
      const [id] = take(pick([...model.keys()]));
      assert.throws(() =>
        database.transaction(() => {
          store.append(id, [{ raw: Buffer.from('\r\n'), flags: [], internalDate: 1, identity: '' }]);
          store.expunge(id, store.uids(id, null));
          throw new Error('the power goes');
        }),
      );
    },
  };
  const pathOf = (box: ModelMailbox): string => [...model].find(([, other]) => other === box)![0];

  try {
    for (let step = 0; step < STEPS; step++) {
      clock.advance(Math.floor(random() * 3));
      const name = pick([...Object.keys(operations), 'append', 'append', 'setFlags', 'transfer']);
      operations[name]();
      check(store, new SqliteMessages(database), model, `seed ${seed}, step ${step}, ${name}`);
    }
    while (new RemovedEntries(database).deleteNext(100));
    const held = database.get<{ n: number }>('SELECT count(DISTINCT message_id) AS n FROM entries')!.n;
    assert.equal(database.get<{ n: number }>('SELECT count(*) AS n FROM messages')!.n, held, 'content goes with its last entry');
    assert.equal(database.get<{ n: number }>('SELECT count(*) AS n FROM bodies')!.n, held);
  } finally {
    database.close();
    rmSync(directory, { recursive: true });
  }
}

function check(store: SqliteMailboxes, messages: SqliteMessages, model: Map<string, ModelMailbox>, where: string): void {
  const selectable = store.list().filter((mailbox) => mailbox.selectable);
  assert.deepEqual(selectable.map((mailbox) => mailbox.path).sort(), [...model.keys()].sort(), where);
  for (const mailbox of selectable) {
    const box = model.get(mailbox.path)!;
    const uids = [...box.entries.keys()];
    assert.equal(mailbox.uidNext, box.uidNext, where);
    assert.equal(mailbox.uidValidity, box.uidValidity, where);
    assert.ok(mailbox.highestModseq >= box.modseq, `${where}: the highest mod-sequence goes back`);
    const known = new Map(store.entries(mailbox.id, store.uids(mailbox.id, null)).map((entry) => [entry.uid, entry]));
    assert.deepEqual([...known.keys()], uids, where);
    for (const [uid, entry] of box.entries) {
      assert.ok(sameSet(new Set(known.get(uid)!.flags), entry.flags), `${where}: flags of ${uid}`);
      assert.equal(messages.raw(known.get(uid)!.messageId).toString(), entry.raw, where);
    }
    for (const scope of [null, ...IDENTITIES]) {
      const seen = [...box.entries.values()].filter((entry) => scope === null || entry.identity === scope);
      const counts = store.counts(mailbox.id, scope);
      if (counts.messages > 0) assert.deepEqual(store.allCounts(scope).get(mailbox.id), counts, where);
      assert.deepEqual(
        counts,
        {
          messages: seen.length,
          unseen: seen.filter((entry) => !entry.flags.has('\\Seen')).length,
          deleted: seen.filter((entry) => entry.flags.has('\\Deleted')).length,
          deletedSize: seen.reduce((sum, entry) => sum + (entry.flags.has('\\Deleted') ? entry.raw.length : 0), 0),
          size: seen.reduce((sum, entry) => sum + entry.raw.length, 0),
        },
        where,
      );
    }
    const changes = store.changesSince(mailbox.id, null, box.modseq);
    for (const uid of changes.expunged ?? []) assert.ok(!box.entries.has(uid), `${where}: ${uid} is not gone`);
    box.modseq = mailbox.highestModseq;
    assert.deepEqual(
      store.changesSince(mailbox.id, null, box.modseq),
      { entries: [], expunged: [], highestModseq: box.modseq, next: null },
      where,
    );
  }
}

function upper(flag: string): string {
  return flag.toUpperCase();
}

function same(flag: string): string {
  return flag;
}

function sameSet(a: Set<string>, b: Set<string>): boolean {
  const lower = new Set([...b].map((flag) => flag.toLowerCase()));
  return a.size === b.size && [...a].every((flag) => lower.has(flag.toLowerCase()));
}
