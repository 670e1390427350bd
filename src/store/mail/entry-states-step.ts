/** The step of the schema that takes flags, keywords and mod-sequences out of the rows of entries and puts them into blocks. */
import type { Database } from '../database.js';
import { ENTRY_STATES_SCHEMA, EntryStates } from './entry-states.js';
import { StateBlock, UIDS_PER_BLOCK } from './state-block.js';

/** Read at once: some megabytes. */
const ROWS_AT_ONCE = 20_000;

type Values = [uid: number, modseq: number, flags: number, keywords: string];

/** About 5 seconds for a million entries. */
export function separateEntryStates(database: Pick<Database, 'all' | 'exec' | 'get' | 'run'>): void {
  database.exec(ENTRY_STATES_SCHEMA);
  for (const { id } of database.all<{ id: number }>('SELECT id FROM mailboxes')) copyStates(database, id);
  database.exec(NARROW_ENTRIES);
}

function copyStates(database: Pick<Database, 'all' | 'get' | 'run'>, mailboxId: number): void {
  const states = new EntryStates(database);
  let block = new StateBlock(0);
  for (let next = 0; ; ) {
    const { rows } = database.get<{ rows: string }>(
      `SELECT json_group_array(json_array(uid, modseq, flags, keywords)) AS rows
       FROM (SELECT * FROM entries WHERE mailbox_id = ? AND uid >= ? ORDER BY uid LIMIT ?)`,
      mailboxId,
      next,
      ROWS_AT_ONCE,
    )!;
    const values = JSON.parse(rows) as Values[];
    for (const [uid, modseq, flags, keywords] of values) {
      if (uid >= block.endUid) {
        states.write(mailboxId, [block]);
        block = new StateBlock(Math.floor(uid / UIDS_PER_BLOCK));
      }
      block.set(uid, states.pool.of(flags, keywords), modseq);
      next = uid + 1;
    }
    if (values.length < ROWS_AT_ONCE) break;
  }
  states.write(mailboxId, [block]);
}

const NARROW_ENTRIES = `
-- In the order in which folders are read. No row number: (folder, UID) is one already, and is never re-used.
CREATE TABLE narrow_entries (
  mailbox_id    INTEGER NOT NULL REFERENCES mailboxes (id),
  uid           INTEGER NOT NULL,
  internal_date INTEGER NOT NULL, -- UnixSeconds
  saved_at      INTEGER NOT NULL, -- UnixSeconds
  size          INTEGER NOT NULL, -- bytes, as in messages: a folder is listed without them
  message_id    INTEGER NOT NULL REFERENCES messages (id),
  identity      TEXT    NOT NULL,
  PRIMARY KEY (mailbox_id, uid)
) STRICT, WITHOUT ROWID;
INSERT INTO narrow_entries (mailbox_id, uid, internal_date, saved_at, size, message_id, identity)
  SELECT mailbox_id, uid, internal_date, saved_at, size, message_id, identity FROM entries ORDER BY mailbox_id, uid;
DROP TABLE entries;
ALTER TABLE narrow_entries RENAME TO entries;
CREATE INDEX entries_message_id ON entries (message_id);
`;
