/** Whether the database of a gateway is as it should be: whole, nothing half in it, and what had to be cleared away is gone. */
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { DATABASE_NAME } from '../../src/backup/archive.js';
import { findFault } from '../../src/store/snapshot.js';

/** What is left to the sweeper. */
const LEFT = [
  'SELECT count(*) AS n FROM staged_messages',
  'SELECT count(*) AS n FROM removed_entries',
  'SELECT count(*) AS n FROM large_messages WHERE message_id IS NULL',
  'SELECT count(*) AS n FROM mailboxes WHERE removed = 1',
];

/** Each counts what there must be none of, once the sweeper has been there. */
const FAULTS = {
  'unfinished copies': 'SELECT count(*) AS n FROM unfinished_copies',
  'messages in no folder': 'SELECT count(*) AS n FROM messages WHERE id NOT IN (SELECT message_id FROM entries)',
  'messages without content': `SELECT count(*) AS n FROM messages
    WHERE id NOT IN (SELECT message_id FROM bodies) AND id NOT IN (SELECT message_id FROM large_messages)`,
  'messages that are cut': `SELECT count(*) AS n FROM messages LEFT JOIN bodies ON message_id = id
    WHERE size <> coalesce(length(header) + length(text), (SELECT sum(length(bytes)) FROM large_messages JOIN message_pieces
      ON large_id = large_messages.id WHERE large_messages.message_id = messages.id))`,
  'folders that are miscounted': `SELECT count(*) AS n FROM mailboxes
    WHERE (SELECT count(*) FROM entries WHERE mailbox_id = mailboxes.id) <>
      coalesce((SELECT sum(messages) FROM entry_counts WHERE mailbox_id = mailboxes.id), 0)`,
  'UIDs that were not given': 'SELECT count(*) AS n FROM entries JOIN mailboxes ON mailbox_id = id WHERE uid >= uid_next',
} as const;

/** How much the sweeper has still to do. */
export function unswept(dataDirectory: string): number {
  return looking(dataDirectory, (count) => LEFT.reduce((sum, sql) => sum + count(sql), 0));
}

/** What is wrong, in words; of a store that is swept. */
export function faultsOf(dataDirectory: string): string[] {
  const path = join(dataDirectory, DATABASE_NAME);
  const fault = findFault(path);
  const faults = fault === null ? [] : [fault];
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const checks = database.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
    faults.push(...checks.map((row) => row.integrity_check).filter((text) => text !== 'ok'));
    faults.push(
      ...database
        .prepare('PRAGMA foreign_key_check')
        .all()
        .map((row) => JSON.stringify(row)),
    );
  } finally {
    database.close();
  }
  looking(dataDirectory, (count) => {
    for (const [what, sql] of Object.entries(FAULTS)) if (count(sql) > 0) faults.push(`${count(sql)} ${what}`);
  });
  return faults;
}

function looking<T>(dataDirectory: string, look: (count: (sql: string) => number) => T): T {
  const database = new DatabaseSync(join(dataDirectory, DATABASE_NAME), { readOnly: true });
  try {
    return look((sql) => (database.prepare(sql).get() as { n: number }).n);
  } finally {
    database.close();
  }
}
