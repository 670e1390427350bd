/** Some columns of many entries: what clients list of whole folders, in a fraction of the time that whole rows take. */
import type { Database, SqlValue } from '../database.js';
import type { EntryColumn } from './types.js';
import { readingRuns } from './uid-runs.js';

/** A query takes as long as some ten rows more. */
const MAX_RUNS = 4;

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
  let next = 0;
  for (const rows of rowsOf(mailboxId, uids)) {
    const row = database.get<Record<string, string>>(`SELECT ${columns.join(', ')} FROM (${rows.sql})`, ...rows.values)!;
    const read = fixed.map((column) => ({ into: found[column], values: JSON.parse(row[column]) as number[] }));
    for (const [index, uid] of (JSON.parse(row.uid) as number[]).entries()) {
      if (uids[next] !== uid) continue;
      next++;
      for (const { into, values } of read) into.push(values[index]);
    }
  }
  return found;
}

/** Neighbours with one query for each run; those that lie far apart with one for all. */
function rowsOf(mailboxId: number, uids: readonly number[]): { sql: string; values: SqlValue[] }[] {
  const runs = readingRuns(uids);
  if (runs.length > MAX_RUNS) {
    const sql = 'SELECT entries.* FROM json_each(?2) AS ids CROSS JOIN entries ON mailbox_id = ?1 AND uid = ids.value ORDER BY ids.key';
    return [{ sql, values: [mailboxId, JSON.stringify(uids)] }];
  }
  const sql = 'SELECT * FROM entries WHERE mailbox_id = ? AND uid BETWEEN ? AND ? ORDER BY uid';
  return runs.map(({ first, last }) => ({ sql, values: [mailboxId, first, last] }));
}
