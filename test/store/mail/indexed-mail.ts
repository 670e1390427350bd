/** Mail in a file and its full-text index beside it, as a gateway has them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../../src/base/clock.js';
import { Database } from '../../../src/store/database.js';
import { SqliteMailboxes } from '../../../src/store/mail/mailboxes.js';
import type { Describe, FoldedText } from '../../../src/store/mail/message-types.js';
import { SqliteMessages } from '../../../src/store/mail/messages.js';
import { TextBacklog } from '../../../src/store/mail/text-backlog.js';
import { createFinder } from '../../../src/store/mail/text-finding.js';
import { TextIndex } from '../../../src/store/mail/text-index.js';
import { takeIndexingTurn } from '../../../src/store/mail/text-indexing.js';

export class IndexedMail {
  readonly #directory = mkdtempSync(join(tmpdir(), 'postern-index-'));
  readonly paths = { mail: join(this.#directory, 'mail.sqlite'), index: join(this.#directory, 'text-index.sqlite') };
  readonly database = new Database(this.paths.mail);
  readonly backlog = new TextBacklog(this.database);
  readonly mailboxes: SqliteMailboxes;
  readonly inbox: number;
  index = TextIndex.openOrMake(this.paths.index, this.backlog.lastMessageId);

  constructor(
    describe: Describe,
    private readonly foldedText: FoldedText,
  ) {
    this.mailboxes = new SqliteMailboxes(this.database, describe, new ManualClock(1_800_000_000));
    this.inbox = this.mailboxes.find('INBOX')!.id;
  }

  readonly #find = createFinder();

  get messages(): SqliteMessages {
    return new SqliteMessages(this.database, {
      find: async (mailboxId, foldedText) => {
        const found = this.#find({ ...this.paths, mailboxId, foldedText });
        return found === 'index damaged' ? null : found;
      },
    });
  }

  /** Into INBOX; answers the number of the message. */
  append(text: string): number {
    const [uid] = this.mailboxes.append(this.inbox, [{ raw: Buffer.from(text), flags: [], internalDate: 0, identity: '' }]);
    return this.mailboxes.entries(this.inbox, [uid])[0].messageId;
  }

  /** Brings the index up to date. */
  indexAll(): void {
    for (;;) {
      const removed = this.backlog.removed(100);
      if (removed.length === 0 && this.index.reach >= this.backlog.lastMessageId) return;
      takeIndexingTurn({ ...this.paths, removed }, this.foldedText);
      this.backlog.forgotten(removed);
    }
  }

  /** As at the next start of the program. */
  reopenIndex(): void {
    this.index.close();
    this.index = TextIndex.openOrMake(this.paths.index, this.backlog.lastMessageId);
  }

  close(): void {
    this.index.close();
    this.database.close();
    rmSync(this.#directory, { recursive: true });
  }
}
