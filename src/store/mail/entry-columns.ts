/** Some columns of many entries: what clients list of whole folders, in a fraction of the time that whole rows take. */
import type { Database } from '../database.js';
import type { EntryColumn } from './types.js';
import { readingRuns } from './uid-runs.js';

/** Those that never change. */
type FixedColumn = Exclude<EntryColumn, 'flags' | 'modseq'>;
type FixedColumns = { uid: number[] } & Record<FixedColumn, number[]>;

const SQL: Readonly<Record<FixedColumn, string>> = {
  internalDate: 'internal_date',
  savedAt: 'saved_at',
  size: 'size',
  messageId: 'message_id',
};

/** @param uids of entries that are there, ascending, each once */
export function readEntryColumns(
  database: Database,
  mailboxId: number,
  uids: readonly number[],
  wanted: readonly EntryColumn[],
): FixedColumns {
  const found: FixedColumns = { uid: [...uids], internalDate: [], savedAt: [], size: [], messageId: [] };
  const fixed = wanted.filter((column): column is FixedColumn => column in SQL);
  if (fixed.length === 0) return found;
  const columns = ['json_group_array(uid) AS uid', ...fixed.map((column) => `json_group_array(${SQL[column]}) AS ${column}`)];
  const sql = `SELECT ${columns.join(', ')} FROM (SELECT * FROM entries WHERE mailbox_id = ? AND uid BETWEEN ? AND ? ORDER BY uid)`;
  let next = 0;
  for (const { first, last } of readingRuns(uids)) {
    const row = database.get<Record<string, string>>(sql, mailboxId, first, last)!;
    const read = fixed.map((column) => ({ into: found[column], values: JSON.parse(row[column]) as number[] }));
    for (const [index, uid] of (JSON.parse(row.uid) as number[]).entries()) {
      if (uids[next] !== uid) continue;
      next++;
      for (const { into, values } of read) into.push(values[index]);
    }
  }
  return found;
}
