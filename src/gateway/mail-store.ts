/** The mail of the house: its folders and messages, the index of their words, and who sweeps up what was deleted. */
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import { describeMessage } from '../mime/describe.js';
import type { Database } from '../store/database.js';
import { SqliteMailboxes } from '../store/mail/mailboxes.js';
import { SqliteMessages } from '../store/mail/messages.js';
import { RemovedEntries } from '../store/mail/removed-entries.js';
import { RemovedFolders } from '../store/mail/removed-folders.js';
import { Sweeper } from '../store/mail/sweeper.js';
import { openTextIndex, type StoreFiles } from './text-index.js';

export interface MailStore {
  readonly mailboxes: SqliteMailboxes;
  readonly messages: SqliteMessages;
  /** Ends the work in the background. */
  stop(): Promise<void>;
}

export function openMailStore(
  files: StoreFiles,
  database: Database,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): MailStore {
  const mailboxes = new SqliteMailboxes(database, describeMessage, clock);
  mailboxes.undoUnfinishedCopies();
  const textIndex = openTextIndex(files, { database, mailboxes, clock, log });
  const messages = new SqliteMessages(database, textIndex.finder);
  const sweeper = new Sweeper({
    mailboxes,
    removed: new RemovedFolders(database),
    expunged: new RemovedEntries(database),
    staged: mailboxes.staged,
    large: messages.large,
    clock,
    log,
  });
  sweeper.start();
  return { mailboxes, messages, stop: async () => void (await Promise.all([sweeper.stop(), textIndex.stop()])) };
}
