/** One question to the full-text index, put by a search. With a million messages it takes up to seconds: for a thread of its own. */

import { type Connection, pathOf, type SqliteFile } from '../sqlite-file.js';
import { readMailFile } from './mail-file.js';
import type { FoundTexts } from './message-types.js';
import { TextIndex } from './text-index.js';

export interface FindOrder {
  /** The file with the mail. */
  readonly mail: SqliteFile;
  readonly index: SqliteFile;
  readonly mailboxId: number;
  readonly foldedText: string;
}

/** Null: the text is too short for the index. Errors lose what they are on the way out of a thread. */
export type FindResult = FoundTexts | null | 'index damaged';

/** What the index knows of a text, whichever folder is asked for: numbers of messages up to `reach`, ascending. */
interface Known {
  readonly name: string;
  readonly sure: Float64Array;
  readonly possible: Float64Array;
  readonly reach: number;
}

/** From so many numbers for each message of a folder on it is the folder that is gone through. */
const MANY = 4;

/**
 * Answers for the messages of a folder that may hold a text; keeps what the index said last, since a search in all folders asks for the
 * same text folder by folder. What it answers with throws Error as SQLite says it.
 */
export function createFinder(): (order: FindOrder) => FindResult {
  let last: Known | undefined;
  return ({ mail, index: file, mailboxId, foldedText }) =>
    readMailFile(mail, (database) => {
      const index = new TextIndex(file);
      try {
        const known = askIndex(database, index, { name: `${pathOf(file)}\n${foldedText}`, foldedText, last });
        if (known === null) return index.isDamaged ? 'index damaged' : null;
        last = known;
        return findInFolder(database, mailboxId, known);
      } finally {
        index.close();
      }
    });
}

/** Messages only ever leave an index that reaches as far as it did: what it said stays good. */
function askIndex(
  mail: Connection,
  index: TextIndex,
  { name, foldedText, last }: { readonly name: string; readonly foldedText: string; readonly last: Known | undefined },
): Known | null {
  const { reach } = index;
  if (last?.name === name && last.reach === reach) return last;
  const { first } = mail.prepare('SELECT min(id) AS first FROM messages').get() as { first: number | null };
  const found = index.find(foldedText, first ?? 1, reach);
  return found && { name, sure: Float64Array.from(found.sure).sort(), possible: Float64Array.from(found.possible).sort(), reach };
}

function findInFolder(mail: Connection, mailboxId: number, { sure, possible, reach }: Known): FoundTexts {
  const { messages } = mail
    .prepare('SELECT coalesce(sum(messages), 0) AS messages FROM entry_counts WHERE mailbox_id = ?')
    .get(mailboxId) as {
    messages: number;
  };
  const uidsOf = (ids: Float64Array): number[] =>
    ids.length > MANY * messages ? goThrough(mail, mailboxId, ids) : lookUp(mail, mailboxId, ids);
  // Not out of the numbers: a restored backup leaves out a million millions of them.
  const unknown = uidsIn(
    mail,
    'SELECT uid FROM entries INDEXED BY entries_message_id WHERE message_id > ? AND mailbox_id = ?',
    reach,
    mailboxId,
  );
  return { sure: Uint32Array.from(uidsOf(sure)).sort(), possible: Uint32Array.from([...uidsOf(possible), ...unknown]).sort() };
}

function lookUp(mail: Connection, mailboxId: number, ids: Float64Array): number[] {
  const sql = 'SELECT uid FROM json_each(?) AS ids CROSS JOIN entries ON entries.message_id = ids.value AND entries.mailbox_id = ?';
  return uidsIn(mail, sql, `[${ids.join()}]`, mailboxId);
}

function goThrough(mail: Connection, mailboxId: number, ids: Float64Array): number[] {
  const { entries } = mail
    .prepare('SELECT json_group_array(json_array(uid, message_id)) AS entries FROM entries WHERE mailbox_id = ?')
    .get(mailboxId) as { entries: string };
  return (JSON.parse(entries) as [uid: number, messageId: number][]).filter(([, id]) => isAmong(ids, id)).map(([uid]) => uid);
}

function isAmong(ascending: Float64Array, wanted: number): boolean {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (ascending[middle] < wanted) from = middle + 1;
    else to = middle;
  }
  return ascending[from] === wanted;
}

function uidsIn(mail: Connection, sql: string, ...values: (string | number)[]): number[] {
  const { uids } = mail.prepare(`SELECT json_group_array(uid) AS uids FROM (${sql})`).get(...values) as { uids: string };
  return JSON.parse(uids) as number[];
}
