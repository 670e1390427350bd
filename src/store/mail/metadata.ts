/** Annotations of folders and of the server, RFC 5464, in SQLite. */
import type { Database } from '../database.js';
import { ChangeLog } from './change-log.js';
import { type Metadata, type MetadataChange, type MetadataEntry, StoreLimit } from './message-types.js';

export const METADATA_SCHEMA = `
CREATE TABLE metadata (
  mailbox_id INTEGER NOT NULL, -- 0: the server
  owner      TEXT    NOT NULL, -- whose /private entry this is, an identity or '' for the combined login; '' for /shared
  entry      TEXT    NOT NULL, -- in lower case
  value      BLOB    NOT NULL,
  PRIMARY KEY (mailbox_id, owner, entry)
) STRICT, WITHOUT ROWID;
`;

/** In the place of a folder's id: annotations of the server. */
const SERVER_ID = 0;

/** Clients keep a comment, a colour, a sort order: beyond this somebody uses it as a disk. */
export const MAX_ENTRIES_PER_MAILBOX = 100;

export class SqliteMetadata implements Metadata {
  readonly #watchers = new Set<(change: MetadataChange) => void>();
  readonly #log: ChangeLog;

  constructor(private readonly database: Database) {
    this.#log = new ChangeLog(database);
  }

  list(mailboxId: number, owner: string): MetadataEntry[] {
    const rows = this.database.all<{ entry: string; value: Uint8Array }>(
      `SELECT entry, value FROM metadata WHERE mailbox_id = ?1 AND (owner = ?2 OR entry LIKE '/shared/%') ORDER BY entry`,
      mailboxId,
      owner,
    );
    return rows.map(({ entry, value }) => ({ entry, value: Buffer.from(value) }));
  }

  set(mailboxId: number, owner: string, entries: readonly { entry: string; value: Buffer | null }[]): void {
    this.database.transaction(() => {
      for (const { entry, value } of entries) {
        const whose = entry.startsWith('/shared/') ? '' : owner;
        this.database.run('DELETE FROM metadata WHERE mailbox_id = ? AND owner = ? AND entry = ?', mailboxId, whose, entry);
        if (value === null) continue;
        this.database.run('INSERT INTO metadata (mailbox_id, owner, entry, value) VALUES (?, ?, ?, ?)', mailboxId, whose, entry, value);
      }
      // RFC 7162 §3.2: an annotation counts as a change of its folder.
      if (mailboxId !== SERVER_ID) this.#log.next(mailboxId);
      const { count } = this.database.get<{ count: number }>('SELECT count(*) AS count FROM metadata WHERE mailbox_id = ?', mailboxId)!;
      if (count > MAX_ENTRIES_PER_MAILBOX) throw new StoreLimit(`A folder has at most ${MAX_ENTRIES_PER_MAILBOX} annotations`);
      this.database.afterCommit(() => {
        const change = { mailboxId, owner, entries: entries.map(({ entry }) => entry) };
        for (const watcher of [...this.#watchers]) watcher(change);
      });
    });
  }

  watch(listener: (change: MetadataChange) => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }
}

/** INBOX keeps its annotations when it is renamed, and the new folder has them too: RFC 5464 §4.1. */
export function copyMetadata(database: Database, fromId: number, toId: number): void {
  database.run(
    'INSERT INTO metadata (mailbox_id, owner, entry, value) SELECT ?2, owner, entry, value FROM metadata WHERE mailbox_id = ?1',
    fromId,
    toId,
  );
}
