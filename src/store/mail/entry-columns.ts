/** Some columns of many entries: what clients list of whole folders, in a fraction of the time that whole rows take. */
import type { Database } from '../database.js';
import { toFlags } from './flags.js';
import type { EntryColumn, EntryColumns } from './types.js';
import { readingRuns, type UidRun } from './uid-runs.js';

type Columns = { uid: number[]; flags: (readonly string[])[] } & Record<Exclude<EntryColumn, 'flags'>, number[]>;

const SQL: Readonly<Record<EntryColumn | 'uid', string>> = {
  uid: 'json_group_array(uid) AS uid',
  flags: `json_group_array(flags) AS flags, json_group_object(uid, keywords) FILTER (WHERE keywords <> '') AS keywords`,
  modseq: 'json_group_array(modseq) AS modseq',
  internalDate: 'json_group_array(internal_date) AS internalDate',
  savedAt: 'json_group_array(saved_at) AS savedAt',
  size: 'json_group_array(size) AS size',
  messageId: 'json_group_array(message_id) AS messageId',
};

/** @param uids ascending, each once */
export function readEntryColumns(
  database: Database,
  mailboxId: number,
  uids: readonly number[],
  wanted: readonly EntryColumn[],
): EntryColumns {
  const found = noColumns();
  let next = 0;
  for (const run of readingRuns(uids)) {
    const read = readRun(database, mailboxId, run, wanted);
    for (const [index, uid] of read.uid.entries()) {
      while (next < uids.length && uids[next] < uid) next++;
      if (uids[next] !== uid) continue;
      found.uid.push(uid);
      for (const column of wanted) {
        if (column === 'flags') found.flags.push(read.flags[index]);
        else found[column].push(read[column][index]);
      }
    }
  }
  return found;
}

function readRun(database: Database, mailboxId: number, { first, last }: UidRun, wanted: readonly EntryColumn[]): Columns {
  const columns = ['uid' as const, ...wanted].map((column) => SQL[column]);
  const row = database.get<Record<string, string>>(
    `SELECT ${columns.join(', ')} FROM (SELECT * FROM entries WHERE mailbox_id = ? AND uid BETWEEN ? AND ? ORDER BY uid)`,
    mailboxId,
    first,
    last,
  )!;
  const read = noColumns();
  read.uid = JSON.parse(row.uid) as number[];
  for (const column of wanted) {
    if (column === 'flags') read.flags = toFlagColumn(read.uid, JSON.parse(row.flags) as number[], row.keywords);
    else read[column] = JSON.parse(row[column]) as number[];
  }
  return read;
}

/** The same flags are the same array. @param keywordsByUid a JSON object of those that have some */
function toFlagColumn(uids: readonly number[], bits: readonly number[], keywordsByUid: string): (readonly string[])[] {
  const keywords = JSON.parse(keywordsByUid) as Record<string, string>;
  const known = new Map<string, readonly string[]>();
  return bits.map((each, index) => {
    const words = keywords[uids[index]];
    if (words === undefined) return toFlags(each, '');
    const key = `${each} ${words}`;
    const flags = known.get(key) ?? toFlags(each, words);
    known.set(key, flags);
    return flags;
  });
}

function noColumns(): Columns {
  return { uid: [], flags: [], modseq: [], internalDate: [], savedAt: [], size: [], messageId: [] };
}
