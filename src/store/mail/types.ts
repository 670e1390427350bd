/** The folders of the mail store and what lies in them, as they are promised to the IMAP server and to mapping. */
import type { UnixSeconds } from '../../base/clock.js';
import type { MessageStaging, StagedMessage } from './staged-messages.js';
import type { UidRun } from './uid-runs.js';

/** A folder. Paths are Unicode with "/" between the levels; INBOX is written in capitals. */
export interface Mailbox {
  readonly id: number;
  readonly path: string;
  /** Given once when the folder is made, never changed, never used again for another folder of that name. */
  readonly uidValidity: number;
  /** The UID that the next message will get; never goes back. */
  readonly uidNext: number;
  /** The lowest UID that no session was told of as \Recent yet. */
  readonly recentFrom: number;
  readonly highestModseq: number;
  /** RFC 6154 attribute such as "\\Sent", or null. */
  readonly specialUse: string | null;
  /** False: a name that only has children (\Noselect). */
  readonly selectable: boolean;
  /** RFC 8474 MAILBOXID. */
  readonly objectId: string;
}

/** A message in a folder. */
export interface Entry {
  readonly uid: number;
  readonly modseq: number;
  /** System flags in their canonical case ("\\Seen"), keywords as first written. Without \Recent. */
  readonly flags: readonly string[];
  readonly internalDate: UnixSeconds;
  readonly savedAt: UnixSeconds;
  /** RFC822.SIZE, bytes. */
  readonly size: number;
  /** The content; the same content can lie in several folders. */
  readonly messageId: number;
  /** The identity whose mail this is ("BM-…"), or '' for none in particular. */
  readonly identity: string;
}

/** Entries (ascending) with the same flags and the same mod-sequence. */
export interface EntryStateRun {
  readonly uids: readonly number[];
  readonly modseq: number;
  /** As in `Entry`; may be the same list in several runs. */
  readonly flags: readonly string[];
}

/** What can be read of entries without the rest. */
export type EntryColumn = 'flags' | 'modseq' | 'internalDate' | 'savedAt' | 'size' | 'messageId';

/** Entries column by column, in the order of their UIDs; columns that were not asked for are empty. The same flags may be the same array. */
export type EntryColumns = { readonly uid: readonly number[]; readonly flags: readonly (readonly string[])[] } & {
  readonly [column in Exclude<EntryColumn, 'flags'>]: readonly number[];
};

/** What of an entry (or its message) is a number that can be asked for. Seconds, bytes; `sentDay` as in `MessageDescription`. */
export type EntryNumber = 'size' | 'internalDate' | 'savedAt' | 'modseq' | 'messageId' | 'sentDay' | 'threadId';

/** A question about an entry that needs no look at its text. */
export type EntryCondition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly EntryCondition[] }
  | { readonly kind: 'not'; readonly of: EntryCondition }
  /** A system flag or a keyword, in any case. */
  | { readonly kind: 'flag'; readonly flag: string }
  /** Both ends belong to it. */
  | { readonly kind: 'between'; readonly number: EntryNumber; readonly from: number; readonly to: number };

/** Which entries a login sees: those of one identity, or (null) all of them. */
export type Scope = string | null;

export interface NewEntry {
  /** The message, or what stands for one that is in the store already. */
  readonly raw: Buffer | StagedMessage;
  readonly flags: readonly string[];
  readonly internalDate: UnixSeconds;
  readonly identity: string;
}

export interface Counts {
  readonly messages: number;
  readonly unseen: number;
  readonly deleted: number;
  /** Sum of the sizes of these, bytes. */
  readonly deletedSize: number;
  /** Sum of the sizes, bytes. */
  readonly size: number;
}

export interface Changes {
  /** Those that are new or whose flags changed after the given mod-sequence, ascending. */
  readonly entries: readonly EntryStateRun[];
  /** UIDs expunged after it, ascending (may name UIDs of another scope: RFC 7162 allows it); all are in the first slice. Null: forgotten, whatever is not there is gone. */
  readonly expunged: readonly number[] | null;
  /** Up to here, and no further, are they told, in all slices. */
  readonly highestModseq: number;
  /** Where the next slice begins; null: this was the last. */
  readonly next: ChangesPosition | null;
}

/** How far changes were read, in the order of the UIDs. */
export interface ChangesPosition {
  readonly since: number;
  readonly upTo: number;
  readonly afterUid: number;
}

/** A copy that is made in several steps and is nevertheless there as a whole or not at all, also after a crash. */
export interface StepwiseCopy {
  /** The next of them, at most SHOWN_AT_ONCE before they are shown; those that are gone are left out. Seen by nobody. */
  add(uids: readonly number[]): void;
  /** Shows all that was added at once. Null: so much else came into the folder meanwhile that it has to be added again. */
  show(): UidPairs | null;
  /** All is there. */
  finish(): void;
  /** Takes away what one `add` has copied; false: nothing is left of it all. */
  undoNext(): boolean;
}

export interface UidPairs {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

export type FlagOperation = 'add' | 'remove' | 'replace';

/**
 * Folders and their entries. Every call is synchronous and, when it returns, on the disk (unless the caller has opened a
 * larger transaction). UIDs ascend and are never used twice; every change gets a new mod-sequence.
 */
export interface Mailboxes {
  /** As long as it stays the same, nothing was written, and all that was read is so still. */
  readonly revision: number;
  /** All folders in path order, INBOX first. */
  list(): Mailbox[];
  find(path: string): Mailbox | undefined;
  byId(id: number): Mailbox | undefined;
  /** Makes a folder and its missing parents (those as \Noselect). @throws StoreLimit; Error when it exists and is selectable: ask first */
  create(path: string, options?: { specialUse?: string | null; selectable?: boolean }): Mailbox;
  /** Renames a folder with all below it; subscriptions follow. Renaming INBOX makes the new folder: its messages are then moved there (RFC 9051 §6.3.6). */
  rename(from: string, to: string): void;
  /** Removes a folder with its entries (of a large one, they are deleted in the background); one with children stays as a \Noselect name. */
  remove(path: string): void;

  subscribe(path: string): void;
  unsubscribe(path: string): void;
  /** Subscribed names, of folders that are gone too. */
  subscriptions(): string[];

  counts(mailboxId: number, scope: Scope): Counts;
  /** Those of all folders at once, by id; a folder in which nothing ever was may be missing. */
  allCounts(scope: Scope): ReadonlyMap<number, Counts>;
  /** The keywords that messages of this folder carry or have carried (all identities): the FLAGS response. */
  keywords(mailboxId: number): readonly string[];
  /** The lowest UID without \Seen, or null. */
  firstUnseen(mailboxId: number, scope: Scope): number | null;
  /**
   * All UIDs (of any scope) as runs without a gap, where what was expunged is remembered from the beginning; null: it is not.
   * In a moment, however large the folder is.
   */
  uidRuns(mailboxId: number): readonly UidRun[] | null;
  /** The UIDs from the first to the last whose entries (of any scope) fit, ascending. */
  select(mailboxId: number, condition: EntryCondition, first: number, last: number): number[];
  /** All UIDs, or those from the first to the last, ascending. */
  uids(mailboxId: number, scope: Scope, first?: number, last?: number): number[];
  /** The entries with these UIDs (ascending), those that are gone left out. */
  entries(mailboxId: number, uids: readonly number[]): Entry[];
  /** Of these entries (ascending) what changes, those that are gone left out: of 10,000 in a millisecond. */
  states(mailboxId: number, uids: readonly number[]): EntryStateRun[];
  /** As `entries`, of each what is wanted. */
  columns(mailboxId: number, uids: readonly number[], wanted: readonly EntryColumn[]): EntryColumns;
  /**
   * What changed after a mod-sequence up to now, or the next slice of that. What changes once more meanwhile is left out: it will be found
   * after `highestModseq`.
   *
   * @param limit about so many entries at once
   */
  changesSince(mailboxId: number, scope: Scope, from: number | ChangesPosition, limit?: number): Changes;
  /** The UIDs expunged after this mod-sequence (of any scope), ascending; null when that is forgotten. */
  expungedSince(mailboxId: number, modseq: number): readonly UidRun[] | null;
  /** The lowest UID that no session was told of as \Recent yet; the next call will answer uidNext. */
  claimRecent(mailboxId: number): number;

  /** Brings messages onto the disk before `append` takes them: many of them, or large ones, in steps in which nobody has to wait. */
  stage(): MessageStaging;
  /** Appends all or none; answers their UIDs in order. */
  append(mailboxId: number, messages: readonly NewEntry[]): number[];
  /** Entries whose modseq is above `unchangedSince` are left as they are and answered as `refused`. */
  setFlags(
    mailboxId: number,
    uids: readonly number[],
    operation: FlagOperation,
    flags: readonly string[],
    unchangedSince?: number,
  ): { changed: EntryStateRun[]; refused: number[] };
  /** Removes entries for ever; answers which were there. */
  expunge(mailboxId: number, uids: readonly number[]): number[];
  copy(mailboxId: number, uids: readonly number[], targetId: number): UidPairs;
  copyStepwise(mailboxId: number, targetId: number): StepwiseCopy;
  move(mailboxId: number, uids: readonly number[], targetId: number): UidPairs;
  /** In one step: a new entry in a folder, and this one, which the caller has just seen, gone for ever. Answers the new UID. */
  replace(mailboxId: number, uid: number, targetId: number, message: NewEntry): number;
  /** The UIDs in this folder whose Message-ID header is this ("<…>"). */
  findByMessageId(mailboxId: number, header: string): number[];

  /** Told after each commit which folder changed, or `null` for the list of folders itself. Answers the way to stop. */
  watch(listener: (mailboxId: number | null) => void): () => void;
}
