/** Questions about entries that need no look at their text: what never changes is asked of SQLite, flags and mod-sequences of their blocks. */
import type { Database, SqlValue } from '../database.js';
import { SYSTEM_FLAGS } from './flags.js';
import type { StateRun } from './state-block.js';
import type { State } from './state-pool.js';
import type { EntryCondition, EntryNumber } from './types.js';

export const SENT_DAY_SCHEMA = `
-- By the message: SENTSINCE and its like read nothing of the long rows that the day stands in.
CREATE INDEX messages_sent_day ON messages (id, sent_day);
`;

const COLUMNS: Readonly<Record<Exclude<EntryNumber, 'modseq'>, string>> = {
  size: 'size',
  internalDate: 'internal_date',
  savedAt: 'saved_at',
  messageId: 'message_id',
  sentDay: '(SELECT sent_day FROM messages INDEXED BY messages_sent_day WHERE id = message_id)',
  threadId: '(SELECT thread_id FROM messages WHERE id = message_id)',
};

interface Asked {
  readonly database: Database;
  readonly mailboxId: number;
  /** The entries that are there, in the order of their UIDs. */
  readonly uids: readonly number[];
  /** The same. */
  readonly runs: readonly StateRun[];
}

/** The UIDs of those of these entries (ascending) that fit. */
export function selectEntries(database: Database, mailboxId: number, condition: EntryCondition, runs: readonly StateRun[]): number[] {
  const test = stateTest(condition);
  if (test !== null) return runs.flatMap((run) => (test(run) ? run.uids : []));
  const uids = runs.flatMap((run) => run.uids);
  if (uids.length === 0) return [];
  const fits = evaluate(condition, { database, mailboxId, uids, runs });
  return uids.filter((_, index) => fits[index] === 1);
}

/** 1 by the place of each entry that fits. */
function evaluate(condition: EntryCondition, asked: Asked): Uint8Array {
  const test = stateTest(condition);
  if (test !== null) return ofRuns(asked, test);
  if (!readsState(condition)) return askSqlite(condition, asked);
  switch (condition.kind) {
    case 'and':
    case 'or':
      return combine(condition.kind, condition.of, asked);
    case 'not':
      return evaluate(condition.of, asked).map((fits) => 1 - fits);
    default:
      throw new TypeError('flags and mod-sequences are asked of runs, the rest of SQLite');
  }
}

/** For what flags and mod-sequences alone can answer, which entries of a run have in common; null: the condition asks for more. */
function stateTest(condition: EntryCondition): ((run: StateRun) => boolean) | null {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const tests = condition.of.map(stateTest).filter((test) => test !== null);
      if (tests.length < condition.of.length) return null;
      return condition.kind === 'and' ? (run) => tests.every((test) => test(run)) : (run) => tests.some((test) => test(run));
    }
    case 'not': {
      const test = stateTest(condition.of);
      return test && ((run) => !test(run));
    }
    case 'flag': {
      const hasFlag = flagTest(condition.flag.toLowerCase());
      return ({ state }) => hasFlag(state);
    }
    case 'between':
      return condition.number === 'modseq' ? ({ modseq }) => modseq >= condition.from && modseq <= condition.to : null;
  }
}

function readsState(condition: EntryCondition): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.some(readsState);
    case 'not':
      return readsState(condition.of);
    case 'flag':
      return true;
    case 'between':
      return condition.number === 'modseq';
  }
}

/** What SQLite can answer it is asked at once. */
function combine(kind: 'and' | 'or', of: readonly EntryCondition[], asked: Asked): Uint8Array {
  const fixed = of.filter((each) => !readsState(each));
  const terms = [...of.filter(readsState), ...(fixed.length === 0 ? [] : [{ kind, of: fixed }])].map((term) => evaluate(term, asked));
  const [result, ...others] = terms;
  for (const other of others) {
    for (let at = 0; at < result.length; at++) result[at] = kind === 'and' ? result[at] & other[at] : result[at] | other[at];
  }
  return result;
}

function ofRuns({ uids, runs }: Asked, fits: (run: StateRun) => boolean): Uint8Array {
  const result = new Uint8Array(uids.length);
  let at = 0;
  for (const run of runs) {
    if (fits(run)) result.fill(1, at, at + run.uids.length);
    at += run.uids.length;
  }
  return result;
}

function flagTest(lower: string): (state: State) => boolean {
  const bit = SYSTEM_FLAGS.find(([flag]) => flag.toLowerCase() === lower)?.[1];
  if (bit !== undefined) return ({ bits }) => (bits & bit) !== 0;
  return ({ keywords }) => keywords !== '' && keywords.toLowerCase().split(' ').includes(lower);
}

function askSqlite(condition: EntryCondition, { database, mailboxId, uids }: Asked): Uint8Array {
  const values: SqlValue[] = [mailboxId, uids[0], uids[uids.length - 1]];
  const sql = `SELECT json_group_array(uid) AS uids FROM (
    SELECT uid FROM entries WHERE mailbox_id = ? AND uid BETWEEN ? AND ? AND ${toSql(condition, values)} ORDER BY uid)`;
  const result = new Uint8Array(uids.length);
  let at = 0;
  for (const uid of JSON.parse(database.getOnce<{ uids: string }>(sql, ...values)!.uids) as number[]) {
    while (at < uids.length && uids[at] < uid) at++;
    if (uids[at] === uid) result[at] = 1;
  }
  return result;
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
    case 'between':
      if (condition.number === 'modseq') break;
      values.push(condition.from, condition.to);
      // A date that is not there lies nowhere, and outside of everything.
      return `(coalesce(${COLUMNS[condition.number]} BETWEEN ? AND ?, 0))`;
    case 'flag':
      break;
  }
  throw new TypeError('flags and mod-sequences stand in no column');
}

/** As a tree of halves: SQLite bounds how deep an expression may be, and would see a list as a deep one. */
function join(terms: readonly string[], operator: ' AND ' | ' OR '): string {
  if (terms.length === 1) return terms[0];
  const half = Math.ceil(terms.length / 2);
  return `(${join(terms.slice(0, half), operator)}${operator}${join(terms.slice(half), operator)})`;
}
