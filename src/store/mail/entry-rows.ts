/**
 * Reading what never changes of many entries. The rows leave SQLite as one JSON text: a call out of the database per value costs
 * more than writing and parsing the text (100,000 rows: 0.1 s instead of 0.5 s).
 */
import type { Database } from '../database.js';
import { readingRuns } from './uid-runs.js';

export interface EntryRow {
  readonly uid: number;
  readonly internalDate: number;
  readonly savedAt: number;
  readonly size: number;
  readonly messageId: number;
  readonly identity: string;
}

type Values = [number, number, number, number, number, string];

/** In the order of the UIDs. @param uids ascending, each once */
export function readEntryRows(database: Database, mailboxId: number, uids: readonly number[]): EntryRow[] {
  const found: EntryRow[] = [];
  let next = 0;
  for (const { first, last } of readingRuns(uids)) {
    const { rows } = database.get<{ rows: string }>(
      `SELECT json_group_array(json_array(uid, internal_date, saved_at, size, message_id, identity)) AS rows
       FROM (SELECT * FROM entries WHERE mailbox_id = ? AND uid BETWEEN ? AND ? ORDER BY uid)`,
      mailboxId,
      first,
      last,
    )!;
    for (const [uid, internalDate, savedAt, size, messageId, identity] of JSON.parse(rows) as Values[]) {
      while (next < uids.length && uids[next] < uid) next++;
      if (uids[next] === uid) found.push({ uid, internalDate, savedAt, size, messageId, identity });
    }
  }
  return found;
}

/** Those of the UIDs whose entries belong to this identity. @param uids ascending, each once */
export function ofIdentity(database: Database, mailboxId: number, uids: readonly number[], identity: string): number[] {
  const own = new Set<number>();
  for (const { first, last } of readingRuns(uids)) {
    const { found } = database.get<{ found: string }>(
      'SELECT json_group_array(uid) AS found FROM entries WHERE mailbox_id = ? AND uid BETWEEN ? AND ? AND identity = ?',
      mailboxId,
      first,
      last,
      identity,
    )!;
    for (const uid of JSON.parse(found) as number[]) own.add(uid);
  }
  return uids.filter((uid) => own.has(uid));
}
