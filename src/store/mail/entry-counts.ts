/** The numbers of STATUS, kept up with every change: one row per folder and identity. */
import type { Database } from '../database.js';
import { DELETED, SEEN } from './flags.js';
import type { Counts, Scope } from './types.js';

/** Sums up what a change does to the counts, so that a change of many entries writes one row per identity. */
export class CountChange {
  readonly #byIdentity = new Map<string, { messages: number; unseen: number; deleted: number; size: number }>();

  added(identity: string, bits: number, size: number): void {
    this.#add(identity, 1, bits, size);
  }

  removed(identity: string, bits: number, size: number): void {
    this.#add(identity, -1, bits, size);
  }

  write(database: Database, mailboxId: number): void {
    for (const [identity, { messages, unseen, deleted, size }] of this.#byIdentity) {
      if (messages === 0 && unseen === 0 && deleted === 0 && size === 0) continue;
      database.run(
        `INSERT INTO entry_counts (mailbox_id, identity, messages, unseen, deleted, size) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET messages = messages + excluded.messages, unseen = unseen + excluded.unseen,
           deleted = deleted + excluded.deleted, size = size + excluded.size`,
        mailboxId,
        identity,
        messages,
        unseen,
        deleted,
        size,
      );
    }
  }

  #add(identity: string, sign: 1 | -1, bits: number, size: number): void {
    let change = this.#byIdentity.get(identity);
    if (change === undefined) this.#byIdentity.set(identity, (change = { messages: 0, unseen: 0, deleted: 0, size: 0 }));
    change.messages += sign;
    if ((bits & SEEN) === 0) change.unseen += sign;
    if ((bits & DELETED) !== 0) change.deleted += sign;
    change.size += sign * size;
  }
}

export function readCounts(database: Database, mailboxId: number, scope: Scope): Counts {
  const kept = database.get<Omit<Counts, 'recent'>>(
    `SELECT coalesce(sum(messages), 0) AS messages, coalesce(sum(unseen), 0) AS unseen,
       coalesce(sum(deleted), 0) AS deleted, coalesce(sum(size), 0) AS size
     FROM entry_counts WHERE mailbox_id = ?1 AND (?2 IS NULL OR identity = ?2)`,
    mailboxId,
    scope,
  )!;
  const { recent } = database.get<{ recent: number }>(
    `SELECT count(*) AS recent FROM entries
     WHERE mailbox_id = ?1 AND uid >= (SELECT recent_from FROM mailboxes WHERE id = ?1) AND (?2 IS NULL OR identity = ?2)`,
    mailboxId,
    scope,
  )!;
  return { ...kept, recent };
}
