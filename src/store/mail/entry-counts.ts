/** The numbers of STATUS, kept up with every change: one row per folder and identity. */
import type { Database } from '../database.js';
import { DELETED, SEEN } from './flags.js';
import type { Counts, Scope } from './types.js';

/** How much is marked \\Deleted is kept too, so that DELETED-STORAGE need not read the folder. */
export const DELETED_SIZE_SCHEMA = `
ALTER TABLE entry_counts ADD COLUMN deleted_size INTEGER NOT NULL DEFAULT 0; -- bytes
UPDATE entry_counts SET deleted_size = coalesce((SELECT sum(entries.size) FROM entries
  WHERE entries.mailbox_id = entry_counts.mailbox_id AND entries.identity = entry_counts.identity AND flags & 8 <> 0), 0)
  WHERE deleted > 0;
`;

interface Sums {
  messages: number;
  unseen: number;
  deleted: number;
  deletedSize: number;
  size: number;
}

/** Sums up what a change does to the counts, so that a change of many entries writes one row per identity. */
export class CountChange {
  readonly #byIdentity = new Map<string, Sums>();

  added(identity: string, bits: number, size: number): void {
    this.#add(identity, 1, bits, size);
  }

  removed(identity: string, bits: number, size: number): void {
    this.#add(identity, -1, bits, size);
  }

  write(database: Database, mailboxId: number): void {
    for (const [identity, { messages, unseen, deleted, deletedSize, size }] of this.#byIdentity) {
      if (messages === 0 && unseen === 0 && deleted === 0 && deletedSize === 0 && size === 0) continue;
      database.run(
        `INSERT INTO entry_counts (mailbox_id, identity, messages, unseen, deleted, deleted_size, size) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET messages = messages + excluded.messages, unseen = unseen + excluded.unseen,
           deleted = deleted + excluded.deleted, deleted_size = deleted_size + excluded.deleted_size, size = size + excluded.size`,
        mailboxId,
        identity,
        messages,
        unseen,
        deleted,
        deletedSize,
        size,
      );
    }
  }

  #add(identity: string, sign: 1 | -1, bits: number, size: number): void {
    let change = this.#byIdentity.get(identity);
    if (change === undefined) this.#byIdentity.set(identity, (change = { messages: 0, unseen: 0, deleted: 0, deletedSize: 0, size: 0 }));
    change.messages += sign;
    if ((bits & SEEN) === 0) change.unseen += sign;
    if ((bits & DELETED) !== 0) {
      change.deleted += sign;
      change.deletedSize += sign * size;
    }
    change.size += sign * size;
  }
}

export function readCounts(database: Database, mailboxId: number, scope: Scope): Counts {
  const condition = 'mailbox_id = ?1 AND (?2 IS NULL OR identity = ?2)';
  return { ...database.get<Counts>(`SELECT ${SUMS} FROM entry_counts WHERE ${condition}`, mailboxId, scope)! };
}

/** By folder. In one statement, as one text: 200 folders in less time than 20 one by one. */
export function readAllCounts(database: Database, scope: Scope): Map<number, Counts> {
  const { rows } = database.get<{ rows: string }>(
    `SELECT json_group_array(json_array(id, messages, unseen, deleted, deletedSize, size)) AS rows FROM (
       SELECT mailbox_id AS id, ${SUMS} FROM entry_counts WHERE ?1 IS NULL OR identity = ?1 GROUP BY mailbox_id)`,
    scope,
  )!;
  type Values = [number, number, number, number, number, number];
  return new Map(
    (JSON.parse(rows) as Values[]).map(([id, messages, unseen, deleted, deletedSize, size]) => [
      id,
      { messages, unseen, deleted, deletedSize, size },
    ]),
  );
}

const SUMS = `coalesce(sum(messages), 0) AS messages, coalesce(sum(unseen), 0) AS unseen, coalesce(sum(deleted), 0) AS deleted,
  coalesce(sum(deleted_size), 0) AS deletedSize, coalesce(sum(size), 0) AS size`;
