/** Questions about entries that need no look at their text, as SQL: a folder is gone through without a row leaving the database. */
import type { Database, SqlValue } from '../database.js';
import { SYSTEM_FLAGS } from './flags.js';
import type { EntryCondition, EntryNumber } from './types.js';

const COLUMNS: Readonly<Record<EntryNumber, string>> = {
  size: 'size',
  internalDate: 'internal_date',
  savedAt: 'saved_at',
  modseq: 'modseq',
  messageId: 'message_id',
  sentDay: '(SELECT sent_day FROM messages WHERE id = message_id)',
  threadId: '(SELECT thread_id FROM messages WHERE id = message_id)',
};

/** The UIDs between these two whose entries fit, ascending. */
export function selectEntries(database: Database, mailboxId: number, condition: EntryCondition, first: number, last: number): number[] {
  const values: SqlValue[] = [mailboxId, first, last];
  const sql = `SELECT json_group_array(uid) AS uids FROM (
    SELECT uid FROM entries WHERE mailbox_id = ? AND uid BETWEEN ? AND ? AND ${toSql(condition, values)} ORDER BY uid)`;
  return JSON.parse(database.getOnce<{ uids: string }>(sql, ...values)!.uids) as number[];
}

/** @param values what the "?" stand for, in order; is added to */
function toSql(condition: EntryCondition, values: SqlValue[]): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return join(
        condition.of.map((each) => toSql(each, values)),
        condition.kind === 'and' ? ' AND ' : ' OR ',
      );
    case 'not':
      return `NOT ${toSql(condition.of, values)}`;
    case 'flag':
      return flagSql(condition.flag.toLowerCase(), values);
    case 'between':
      values.push(condition.from, condition.to);
      // A date that is not there lies nowhere, and outside of everything.
      return `(coalesce(${COLUMNS[condition.number]} BETWEEN ? AND ?, 0))`;
  }
}

function flagSql(lower: string, values: SqlValue[]): string {
  const bit = SYSTEM_FLAGS.find(([flag]) => flag.toLowerCase() === lower)?.[1];
  if (bit !== undefined) return `(flags & ${bit} <> 0)`;
  values.push(` ${lower} `);
  return `(keywords <> '' AND instr(' ' || lower(keywords) || ' ', ?) > 0)`;
}

/** As a tree of halves: SQLite bounds how deep an expression may be, and would see a list as a deep one. */
function join(terms: readonly string[], operator: ' AND ' | ' OR '): string {
  if (terms.length === 1) return terms[0];
  const half = Math.ceil(terms.length / 2);
  return `(${join(terms.slice(0, half), operator)}${operator}${join(terms.slice(half), operator)})`;
}
