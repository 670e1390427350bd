/** Folders and their entries in SQLite: each call is one transaction, and tells the watchers once it is on the disk. */
import type { Clock } from '../../base/clock.js';
import type { Database } from '../database.js';
import { CopyLog } from './copy-log.js';
import { Entries } from './entries.js';
import { readAllCounts, readCounts } from './entry-counts.js';
import { EntryReader } from './entry-reader.js';
import { EntryStates } from './entry-states.js';
import { canonicalPath, FolderTree } from './folder-tree.js';
import { Keywords } from './keywords.js';
import type { Describe } from './message-types.js';
import { copyMetadata } from './metadata.js';
import { RemovedFolders } from './removed-folders.js';
import { type MessageStaging, StagedMessages } from './staged-messages.js';
import type {
  Changes,
  ChangesPosition,
  Counts,
  Entry,
  EntryColumn,
  EntryColumns,
  EntryCondition,
  EntryStateRun,
  FlagOperation,
  Mailbox,
  Mailboxes,
  NewEntry,
  Scope,
  StepwiseCopy,
  UidPairs,
} from './types.js';
import { sortedUids, type UidRun } from './uid-runs.js';
import { UnseenCopy, undoNext } from './unseen-copy.js';
import { WhileUnchanged } from './while-unchanged.js';

/** Some milliseconds. */
const MESSAGES_REMOVED_AT_ONCE = 200;

export class SqliteMailboxes implements Mailboxes {
  readonly #tree: FolderTree;
  readonly #reader: EntryReader;
  readonly #entries: Entries;
  readonly #keywords: Keywords;
  readonly #removed: RemovedFolders;
  readonly staged: StagedMessages;
  /** What SELECT and STATUS tell of folders, each by folder and scope. */
  readonly #counts: WhileUnchanged<Counts>;
  readonly #keywordLists: WhileUnchanged<readonly string[]>;
  readonly #firstUnseen: WhileUnchanged<number | null>;
  #copies = 0;
  readonly #watchers = new Set<(mailboxId: number | null) => void>();

  constructor(
    private readonly database: Database,
    private readonly describe: Describe,
    private readonly clock: Clock,
  ) {
    this.#tree = new FolderTree(database);
    const states = new EntryStates(database);
    this.#reader = new EntryReader(database, states);
    this.#entries = new Entries(database, describe, states);
    this.#keywords = new Keywords(database);
    this.#removed = new RemovedFolders(database);
    this.staged = new StagedMessages(database);
    this.#counts = new WhileUnchanged(database);
    this.#keywordLists = new WhileUnchanged(database);
    this.#firstUnseen = new WhileUnchanged(database);
  }

  get revision(): number {
    return this.database.revision;
  }

  list(): Mailbox[] {
    return this.#tree.list();
  }

  find(path: string): Mailbox | undefined {
    return this.#tree.find(path);
  }

  byId(id: number): Mailbox | undefined {
    return this.#tree.byId(id);
  }

  create(path: string, options: { specialUse?: string | null; selectable?: boolean } = {}): Mailbox {
    return this.#change(null, () => this.#tree.create(path, options.specialUse ?? null, options.selectable ?? true, this.clock.now()));
  }

  rename(from: string, to: string): void {
    this.database.transaction(() => {
      if (canonicalPath(from) === 'INBOX') {
        copyMetadata(this.database, this.find('INBOX')!.id, this.create(to).id);
        return;
      }
      this.#tree.rename(from, to, this.clock.now());
      this.#tell(null);
    });
  }

  remove(path: string): void {
    this.database.transaction(() => {
      const mailbox = this.find(path);
      if (mailbox === undefined) throw new Error(`there is no folder ${path}`);
      if (mailbox.path === 'INBOX') throw new Error('INBOX cannot be removed');
      this.#tree.remove(mailbox, this.clock.now());
      // A small one is gone for good at once; what remains of others is left to the sweeper.
      this.#removed.empty(mailbox.id, MESSAGES_REMOVED_AT_ONCE);
      this.#tell(mailbox.id);
      this.#tell(null);
    });
  }

  subscribe(path: string): void {
    this.#change(null, () => this.#tree.subscribe(path));
  }

  unsubscribe(path: string): void {
    this.#change(null, () => this.#tree.unsubscribe(path));
  }

  subscriptions(): string[] {
    return this.#tree.subscriptions();
  }

  counts(mailboxId: number, scope: Scope): Counts {
    return this.#counts.get(keyOf(mailboxId, scope), () => readCounts(this.database, mailboxId, scope));
  }

  allCounts(scope: Scope): Map<number, Counts> {
    return readAllCounts(this.database, scope);
  }

  keywords(mailboxId: number): readonly string[] {
    return this.#keywordLists.get(mailboxId, () => this.#keywords.list(mailboxId));
  }

  firstUnseen(mailboxId: number, scope: Scope): number | null {
    return this.#firstUnseen.get(keyOf(mailboxId, scope), () => this.#reader.firstUnseen(mailboxId, scope));
  }

  uids(mailboxId: number, scope: Scope, first?: number, last?: number): number[] {
    return this.#reader.uids(mailboxId, scope, first, last);
  }

  uidRuns(mailboxId: number): UidRun[] | null {
    return this.#reader.uidRuns(mailboxId);
  }

  select(mailboxId: number, condition: EntryCondition, first: number, last: number): number[] {
    return this.#reader.select(mailboxId, condition, first, last);
  }

  entries(mailboxId: number, uids: readonly number[]): Entry[] {
    return this.#reader.read(mailboxId, this.#presentUids(mailboxId, uids));
  }

  states(mailboxId: number, uids: readonly number[]): EntryStateRun[] {
    return this.#reader.states(mailboxId, this.#presentUids(mailboxId, uids));
  }

  columns(mailboxId: number, uids: readonly number[], wanted: readonly EntryColumn[]): EntryColumns {
    return this.#reader.columns(mailboxId, this.#presentUids(mailboxId, uids), wanted);
  }

  changesSince(mailboxId: number, scope: Scope, from: number | ChangesPosition, limit = Number.MAX_SAFE_INTEGER): Changes {
    return this.#reader.changesSince(mailboxId, scope, from, limit);
  }

  expungedSince(mailboxId: number, modseq: number): UidRun[] | null {
    return this.#reader.expungedSince(mailboxId, modseq);
  }

  claimRecent(mailboxId: number): number {
    return this.database.transaction(() => {
      const mailbox = this.byId(mailboxId);
      if (mailbox === undefined) throw new Error(`there is no folder ${mailboxId}`);
      const { recentFrom, uidNext } = mailbox;
      if (recentFrom !== uidNext) this.database.run('UPDATE mailboxes SET recent_from = uid_next WHERE id = ?', mailboxId);
      return recentFrom;
    });
  }

  stage(): MessageStaging {
    return this.staged.begin(this.describe);
  }

  append(mailboxId: number, messages: readonly NewEntry[]): number[] {
    return this.#change(mailboxId, () => this.#entries.append(mailboxId, messages, this.clock.now()));
  }

  setFlags(
    mailboxId: number,
    uids: readonly number[],
    operation: FlagOperation,
    flags: readonly string[],
    unchangedSince = Number.MAX_SAFE_INTEGER,
  ): { changed: EntryStateRun[]; refused: number[] } {
    return this.#change(mailboxId, () =>
      this.#entries.setFlags(mailboxId, this.#presentUids(mailboxId, uids), operation, flags, unchangedSince),
    );
  }

  expunge(mailboxId: number, uids: readonly number[]): number[] {
    return this.#change(mailboxId, () => this.#entries.expunge(mailboxId, this.#presentUids(mailboxId, uids)));
  }

  copy(mailboxId: number, uids: readonly number[], targetId: number): UidPairs {
    return this.#change(targetId, () => this.#entries.copy(mailboxId, this.#presentUids(mailboxId, uids), targetId, this.clock.now()));
  }

  copyStepwise(mailboxId: number, targetId: number): StepwiseCopy {
    const log = new CopyLog(this.database, targetId, ++this.#copies);
    const copy = new UnseenCopy(this.database, this.#entries, log, mailboxId, () => this.#tell(targetId));
    return {
      add: (uids) => copy.add(this.#presentUids(mailboxId, uids), this.clock.now()),
      show: () => copy.show(),
      finish: () => copy.finish(),
      undoNext: () => copy.undoNext(),
    };
  }

  /** Takes away what copies have left that were under way when the program ended; to be called before anybody looks. */
  undoUnfinishedCopies(): void {
    this.database.transaction(() => {
      for (const log of CopyLog.all(this.database)) while (undoNext(this.#entries, log));
    });
  }

  move(mailboxId: number, uids: readonly number[], targetId: number): UidPairs {
    return this.#change(mailboxId, () => {
      const pairs = this.copy(mailboxId, uids, targetId);
      this.#entries.expunge(mailboxId, pairs.from);
      return pairs;
    });
  }

  replace(mailboxId: number, uid: number, targetId: number, message: NewEntry): number {
    return this.#change(mailboxId, () => {
      const [given] = this.append(targetId, [message]);
      this.#entries.expunge(mailboxId, [uid]);
      return given;
    });
  }

  findByMessageId(mailboxId: number, header: string): number[] {
    const rows = this.database.all<{ uid: number }>(
      `SELECT entries.uid FROM messages JOIN entries ON entries.message_id = messages.id
       WHERE messages.message_id_header = ? AND entries.mailbox_id = ? ORDER BY entries.uid`,
      header,
      mailboxId,
    );
    return this.#reader.present(
      mailboxId,
      rows.map((row) => row.uid),
    );
  }

  watch(listener: (mailboxId: number | null) => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** As `entries` takes them; none in a folder that was removed, even while its messages are still being deleted. */
  #presentUids(mailboxId: number, uids: readonly number[]): readonly number[] {
    return this.byId(mailboxId) === undefined ? [] : sortedUids(uids);
  }

  #change<T>(mailboxId: number | null, work: () => T): T {
    return this.database.transaction(() => {
      const result = work();
      this.#tell(mailboxId);
      return result;
    });
  }

  /** Asked for within the transaction, so that a rollback takes it back. */
  #tell(mailboxId: number | null): void {
    this.database.afterCommit(() => {
      for (const watcher of [...this.#watchers]) watcher(mailboxId);
    });
  }
}

function keyOf(mailboxId: number, scope: Scope): string {
  return scope === null ? `${mailboxId}` : `${mailboxId} ${scope}`;
}
