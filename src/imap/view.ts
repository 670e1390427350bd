/** One client's picture of the folder it has selected: message numbers, what is \Recent, and what it was not told yet. */
import type { Changes, ChangesPosition, EntryStateRun, Mailbox, Mailboxes, Scope } from '../store/mail/types.js';
import { exactRuns } from '../store/mail/uid-runs.js';
import type { FolderUids } from './folder-uids.js';
import { GoneMessages } from './gone-messages.js';
import { Recent } from './recent.js';
import type { UpdatingSearch } from './search-updates.js';
import { UidList } from './uid-list.js';
import { ImapBad } from './wire/imap-bad.js';
import { type SequenceSet, selectNumbers, selectUids } from './wire/sequence-set.js';

/** What changed since the client was last told, in the order in which it must be told. */
export interface Updates {
  /** Message numbers from the highest down, so that each is right whether or not the others were said before. */
  readonly expungedNumbers: readonly number[];
  /** The UIDs of the same messages, ascending. */
  readonly expungedUids: readonly number[];
  /** The new count of messages, when some were added. */
  readonly exists: number | null;
  /** The UIDs of those. */
  readonly added: readonly number[];
  /** Keywords that this client has not heard of. */
  readonly newKeywords: boolean;
  /** Messages known before whose flags changed, and the client does not know it. */
  readonly changed: readonly EntryStateRun[];
  /** The UIDs of messages known before whose flags changed; of what the client has done itself too, where a search depends on it. */
  readonly touched: readonly number[];
}

export interface ViewRooms {
  readonly mailboxes: Mailboxes;
  readonly folderUids: FolderUids;
}

export interface ViewOptions {
  readonly scope: Scope;
  readonly readOnly: boolean;
  /** Lets others have their turn if it is time. */
  breathe(): Promise<void>;
}

/** Entries that are read and told at once when the client catches up. */
const CHANGES_PER_SLICE = 1000;

export class View {
  /** UIDs by message number (less one). */
  #uids = UidList.EMPTY;
  /** All changes up to this one are in `#uids`, `#gone` or were told. */
  #modseq = 0;
  /** Expunged in the store, still numbered here until the client may be told. */
  readonly #gone = new GoneMessages();
  /** While some are `#gone`: up to where the client has heard everything. */
  #heardTo: number | null = null;
  /** Mod-sequences of changes that the client knows from the answer to its own command. */
  readonly #told = new Set<number>();
  readonly #recent: Recent;
  #keywords: ReadonlySet<string> = new Set();
  #dirty = false;
  /** While the client catches up: how far it has come. */
  #position: ChangesPosition | null = null;
  /** While the client catches up: the first UID that was new when that began. */
  #newFrom: number | null = null;
  /** UIDs below this one were read. */
  #seenTo = 0;
  #wake: (() => void) | null = null;
  readonly #unwatch: () => void;
  /** Whether the client was told of `heardTo`, and waits to hear that it is over. */
  saidHeardTo = false;
  /** RFC 5182: the UIDs that "$" names. */
  saved: number[] = [];
  /** RFC 5267: searches whose results the client is kept informed of. */
  updatingSearches: UpdatingSearch[] = [];

  private constructor(
    private readonly rooms: ViewRooms,
    mailbox: Mailbox,
    private readonly options: ViewOptions,
  ) {
    this.id = mailbox.id;
    this.uidValidity = mailbox.uidValidity;
    this.#recent = new Recent(rooms.mailboxes, options.readOnly);
    this.#unwatch = rooms.mailboxes.watch((id) => {
      if (id !== this.id && id !== null) return;
      this.#dirty = true;
      this.#wake?.();
    });
  }

  /** A folder as it is when this resolves (empty when it was removed); what happens to it later is told as `Updates`. */
  static async open(rooms: ViewRooms, mailbox: Mailbox, options: ViewOptions): Promise<View> {
    const view = new View(rooms, mailbox, options);
    try {
      const now = await rooms.folderUids.open(mailbox.id, options.scope, options.breathe);
      if (now !== undefined) view.#begin(now.mailbox, now.uids);
      return view;
    } catch (error) {
      view.close();
      throw error;
    }
  }

  #begin(mailbox: Mailbox, uids: UidList): void {
    this.#uids = uids;
    this.#modseq = mailbox.highestModseq;
    this.#keywords = new Set(this.rooms.mailboxes.keywords(this.id));
    this.#noteRead(mailbox);
  }

  readonly id: number;
  readonly uidValidity: number;

  get scope(): Scope {
    return this.options.scope;
  }

  get readOnly(): boolean {
    return this.options.readOnly;
  }

  close(): void {
    this.#unwatch();
    this.#wake?.();
  }

  get count(): number {
    return this.#uids.length;
  }

  get uids(): readonly number[] {
    return this.#uids.toArray();
  }

  /** The same without a number for each. */
  get uidList(): UidList {
    return this.#uids;
  }

  get modseq(): number {
    return this.#modseq;
  }

  /** The mod-sequence up to which the client has heard everything, when that is not the present one: EXPUNGEs wait to be told. */
  get heardTo(): number | null {
    return this.#heardTo;
  }

  get keywords(): string[] {
    return [...this.#keywords];
  }

  get recentCount(): number {
    return this.#recent.count(this.#uids);
  }

  /** Where \Recent messages stand. */
  get recent(): { start: number; end: number }[] {
    return this.#recent.places(this.#uids);
  }

  /** The folder as it is now; undefined when somebody removed it. */
  mailbox(): Mailbox | undefined {
    return this.rooms.mailboxes.byId(this.id);
  }

  /** Whether the folder itself is no more; looks only when something happened. */
  isRemoved(): boolean {
    return this.#dirty && this.mailbox() === undefined;
  }

  isRecent(uid: number): boolean {
    return this.#recent.has(uid);
  }

  /** The UIDs that were given and are no messages of the folder, ascending. */
  missing(): number[] {
    return this.#uids.missing(this.#seenTo);
  }

  /** As `numberOf`, of many (ascending). */
  numbersOf(uids: readonly number[]): number[] {
    return this.#uids.indexesOf(uids).map((index) => index + 1);
  }

  /** The message number of a UID, or 0 when this client does not know it. */
  numberOf(uid: number): number {
    return this.#uids.indexOf(uid) + 1;
  }

  /** The UIDs that a set names, ascending. @throws ImapBad for a message number that does not exist */
  resolve(set: SequenceSet, by: 'number' | 'uid'): number[] {
    if (set.kind === 'saved') return this.saved.filter((uid) => this.#uids.has(uid));
    return by === 'uid' ? selectUids(set.ranges, this.#uids) : selectNumbers(set.ranges, this.#uids);
  }

  /** The client learnt what has changed from the answer to its own command, whose changes have one mod-sequence. */
  noteTold(changed: readonly EntryStateRun[]): void {
    if (changed.length > 0) this.#told.add(changed[0].modseq);
  }

  /** Whether flags hold a keyword that the client was not told of in FLAGS; it counts as told from now on. */
  learnKeywords(flags: readonly string[]): boolean {
    const unknown = flags.filter((flag) => !flag.startsWith('\\') && !this.#keywords.has(flag));
    if (unknown.length > 0) this.#keywords = new Set([...this.#keywords, ...unknown]);
    return unknown.length > 0;
  }

  /** Resolves as soon as the store changed after the last `takeUpdates`. */
  async changed(): Promise<void> {
    if (this.#dirty) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = null;
  }

  /** Whether the store has changed since the last `takeUpdates`. */
  get hasNews(): boolean {
    return this.#dirty;
  }

  /** Whether expunged messages still wait to be told. */
  get hasGone(): boolean {
    return !this.#gone.isEmpty;
  }

  /** Whether `takeUpdates` may have something to tell. */
  hasUpdates(mayExpunge: boolean): boolean {
    return this.#dirty || (mayExpunge && this.hasGone);
  }

  /**
   * Catches up with the store by one slice of changes. Message numbers shift only when `mayExpunge`; until then expunged
   * messages keep theirs.
   */
  async takeUpdates(mayExpunge: boolean): Promise<Updates | null> {
    this.#skipOwn();
    if (!this.hasUpdates(mayExpunge)) return null;
    let changes = this.#readChanges();
    if (changes.expunged === null) {
      // More was expunged since the last look than the store remembers: compares all, which may take several turns.
      const now = await this.rooms.folderUids.open(this.id, this.scope, this.options.breathe);
      if (now === undefined) return null;
      this.#gone.note(this.#uids.runsNotIn(now.uids), this.#uids);
      changes = this.#readChanges();
    }
    this.#gone.note(exactRuns(changes.expunged ?? []), this.#uids);
    if (this.hasGone) this.#heardTo ??= this.#modseq;
    const expunged = mayExpunge ? this.#removeGone() : NOTHING_GONE;
    // What came in since the catching up began is told by EXISTS, and its flags when the client asks for them.
    this.#newFrom ??= this.#uids.highest + 1;
    const newFrom = this.#newFrom;
    const added = this.#dirty ? this.#takeAdded() : [];
    // What the client itself has done only concerns the searches that it is kept informed of.
    const news = this.updatingSearches.length > 0 ? changes.entries : changes.entries.filter(({ modseq }) => !this.#told.has(modseq));
    const known = news.map((run) => ({ ...run, uids: this.#known(run.uids, newFrom) })).filter(({ uids }) => uids.length > 0);
    const changed = known.filter(({ modseq }) => !this.#told.has(modseq));
    this.#position = changes.next;
    if (changes.next === null) {
      this.#modseq = changes.highestModseq;
      // Others may have gone on between the slices.
      this.#dirty = this.#dirty && (this.mailbox()?.highestModseq ?? 0) > this.#modseq;
      this.#newFrom = null;
      this.#told.clear();
    }
    let newKeywords = false;
    for (const entry of changes.entries) newKeywords = this.learnKeywords(entry.flags) || newKeywords;
    const exists = added.length > 0 ? this.#uids.length : null;
    return { ...expunged, exists, added, newKeywords, changed, touched: known.flatMap(({ uids }) => uids) };
  }

  /** Reads nothing where all that has happened is what the client was told of as it did it: each change has a mod-sequence of its own. */
  #skipOwn(): void {
    if (!this.#dirty || this.#told.size === 0 || this.#position !== null || this.updatingSearches.length > 0) return;
    const highest = this.mailbox()?.highestModseq ?? 0;
    if (highest - this.#modseq !== this.#told.size) return;
    this.#modseq = highest;
    this.#dirty = false;
    this.#told.clear();
  }

  /** Those of the UIDs (ascending) that the client has a number for, up to that which is new. */
  #known(uids: readonly number[], newFrom: number): number[] {
    const indexes = this.#uids.indexesOf(uids);
    return uids.filter((uid, at) => uid < newFrom && indexes[at] >= 0);
  }

  /** UIDs only ascend: all that are new stand behind the highest that is known. */
  #takeAdded(): readonly number[] {
    const mailbox = this.mailbox();
    if (mailbox === undefined || mailbox.uidNext <= this.#seenTo) return [];
    const added = this.rooms.mailboxes.uids(this.id, this.scope, Math.max(this.#uids.highest + 1, this.#seenTo), mailbox.uidNext - 1);
    this.#uids = this.#uids.withAdded(added);
    this.#noteRead(mailbox);
    return added;
  }

  #readChanges(): Changes {
    if (!this.#dirty) return { ...NO_CHANGES, highestModseq: this.#modseq };
    return this.rooms.mailboxes.changesSince(this.id, this.scope, this.#position ?? this.#modseq, CHANGES_PER_SLICE);
  }

  #noteRead(mailbox: Mailbox): void {
    this.#seenTo = mailbox.uidNext;
    this.#recent.note(mailbox, this.#uids);
  }

  #removeGone(): { expungedNumbers: number[]; expungedUids: number[] } {
    if (!this.hasGone) return NOTHING_GONE;
    const expungedUids = this.#gone.take(this.#uids);
    const gone = new Set(expungedUids);
    const expungedNumbers = expungedUids.map((uid) => this.numberOf(uid)).reverse();
    this.#uids = this.#uids.without(exactRuns(expungedUids));
    this.saved = this.saved.filter((uid) => !gone.has(uid));
    if (!this.hasGone) this.#heardTo = null;
    return { expungedNumbers, expungedUids };
  }
}

const NO_CHANGES = { entries: [], expunged: [], next: null };
const NOTHING_GONE = { expungedNumbers: [], expungedUids: [] };

/** The selected folder of a session, or a refusal that cannot happen as long as the table of commands keeps to the states. */
export function selectedView(view: View | null): View {
  if (view === null) throw new ImapBad('No mailbox is selected');
  return view;
}
