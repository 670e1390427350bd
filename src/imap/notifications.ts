/** What a client wants to be told of unasked, RFC 5465: of the selected folder, and of the others as STATUS, LIST and METADATA. */
import type { MetadataChange } from '../store/mail/message-types.js';
import type { Mailbox } from '../store/mail/types.js';
import { isIn } from './commands/mailbox-filter.js';
import { formatEntry, formatTarget, ownerOf, SERVER } from './commands/metadata.js';
import { type EventGroup, isSelected, type NotifyEvent } from './commands/notify-syntax.js';
import { formatStatus, type StatusItem } from './commands/status.js';
import type { FetchItem } from './fetch-items.js';
import { NotifiedNames } from './notified-names.js';
import type { Session } from './session.js';

/** What of the selected folder is told. */
export interface SelectedEvents {
  /** Whether EXPUNGE may come at any time, also between commands. */
  readonly immediately: boolean;
  readonly flagChange: boolean;
  /** What is fetched of new messages. */
  readonly items: readonly FetchItem[];
}

/** How a folder was when the client was last told. */
interface Told {
  readonly uidNext: number;
  readonly messages: number;
  readonly unseen: number;
  readonly size: number;
  readonly modseq: number;
}

export class Notifications {
  /** Null: nothing is told of it. */
  readonly selected: SelectedEvents | null;
  readonly #groups: readonly EventGroup[];
  readonly #told = new Map<number, Told>();
  readonly #names: NotifiedNames;
  readonly #dirty = new Set<number>();
  /** By folder and owner: which entries, each once, however often they change while the client does not listen. */
  #metadata = new Map<string, { readonly mailboxId: number; readonly owner: string; readonly entries: Set<string> }>();
  /** While the client itself changes something. */
  #quiet = false;
  /** Whether it has subscribed to folders since it was last told, so that some may be watched that were not. */
  #watchesAnew = false;
  /** Messages that the client itself has put into the selected folder since it was last told. */
  readonly #ownMessages = new Set<number>();
  #wake: (() => void) | null = null;
  readonly #unwatch: readonly (() => void)[];

  constructor(
    private readonly session: Session,
    groups: readonly EventGroup[],
  ) {
    const own = groups.find(({ filter }) => isSelected(filter));
    this.selected =
      own === undefined || own.events.size === 0
        ? null
        : { immediately: own.filter.kind === 'selected', flagChange: own.events.has('FlagChange'), items: own.items };
    this.#groups = groups.filter((group) => group !== own);
    const { mailboxes, metadata } = session.rooms;
    this.#names = new NotifiedNames(session, (path, event, subscriptions) => this.#wants(path, event, subscriptions));
    for (const { mailbox } of this.#watched()) this.#told.set(mailbox.id, this.#look(mailbox));
    this.#unwatch = [
      mailboxes.watch((id) => {
        if (this.#quiet) {
          this.#noteOwn(id);
          return;
        }
        if (id === null) this.#names.noteChange();
        else this.#dirty.add(id);
        this.#wake?.();
      }),
      metadata.watch((change) => {
        if (this.#quiet) return;
        if (change.owner !== ownerOf(session) && change.entries.every((entry) => entry.startsWith('/private/'))) return;
        this.#noteMetadata(change);
        this.#wake?.();
      }),
    ];
  }

  close(): void {
    for (const stop of this.#unwatch) stop();
    this.#wake?.();
  }

  /** Resolves as soon as something may have to be told of other folders than the selected one. */
  async changed(): Promise<void> {
    if (this.#hasNews) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = null;
  }

  /** What the client itself changes, in one step of the store, it is not told of: RFC 5465 §5. */
  quietly<T>(change: () => T): T {
    this.#quiet = true;
    try {
      return change();
    } finally {
      this.#quiet = false;
    }
  }

  noteOwnNames(isOwn: (path: string) => boolean): void {
    this.#names.noteOwnNames(isOwn);
  }

  noteOwnMessages(uids: readonly number[]): void {
    for (const uid of uids) this.#ownMessages.add(uid);
  }

  /** Of messages that the client itself put into the selected folder nothing is fetched: RFC 5465 §5.2. */
  isOwnMessage(uid: number): boolean {
    return this.#ownMessages.has(uid);
  }

  /** NOTIFY SET STATUS: how the folders are whose messages are watched, other than the selected one. */
  async tellStatus(): Promise<void> {
    for (const { mailbox, events } of this.#watched()) {
      if (this.#isSelected(mailbox.id)) continue;
      this.#sendStatus(mailbox, events);
      await this.session.breathe();
    }
  }

  /** Tells what happened since the last time. */
  async tell(): Promise<void> {
    if (this.#hasNews || this.#watchesAnew) await this.#tellNews();
    this.#ownMessages.clear();
  }

  get #hasNews(): boolean {
    return this.#names.dirty || this.#dirty.size > 0 || this.#metadata.size > 0;
  }

  async #tellNews(): Promise<void> {
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    this.#names.tell();
    this.#watchesAnew = false;
    const watched = new Map(this.#watched().map((folder) => [folder.mailbox.id, folder]));
    for (const { mailbox } of watched.values()) if (!this.#told.has(mailbox.id)) this.#told.set(mailbox.id, this.#look(mailbox));
    for (const id of dirty) {
      const folder = watched.get(id);
      if (folder !== undefined) this.#tellMessages(folder.mailbox, folder.events);
      await this.session.breathe();
    }
    this.#tellMetadata();
  }

  /** Nothing is to be told, unless others have changed something there before. */
  #noteOwn(id: number | null): void {
    if (id === null) {
      this.#watchesAnew = true;
      this.#names.noteOwnStep();
      return;
    }
    const mailbox = this.#dirty.has(id) ? undefined : this.session.rooms.mailboxes.byId(id);
    if (mailbox !== undefined && this.#told.has(id)) this.#told.set(id, this.#look(mailbox));
  }

  #tellMessages(mailbox: Mailbox, events: ReadonlySet<NotifyEvent>): void {
    const before = this.#told.get(mailbox.id);
    const now = this.#look(mailbox);
    this.#told.set(mailbox.id, now);
    // A new folder is told of by its name; of a folder that is selected now the client hears otherwise.
    if (before === undefined || this.#isSelected(mailbox.id)) return;
    const counted = before.messages !== now.messages || before.size !== now.size;
    // Of what belongs to other identities their login alone hears.
    const scoped = this.session.login.identity !== null;
    const cameOrWent = counted || (!scoped && before.uidNext !== now.uidNext);
    const flagged = scoped ? before.unseen !== now.unseen : before.modseq !== now.modseq;
    if (cameOrWent || (flagged && events.has('FlagChange'))) this.#sendStatus(mailbox, events);
  }

  /** RFC 5465 §5.1 to §5.3. */
  #sendStatus(mailbox: Mailbox, events: ReadonlySet<NotifyEvent>): void {
    const withModseq = events.has('FlagChange') || this.session.enabled.has('CONDSTORE');
    const counts = this.session.rooms.mailboxes.counts(mailbox.id, this.session.login.identity);
    const items: StatusItem[] = ['MESSAGES', 'UIDNEXT', 'UIDVALIDITY'];
    this.session.send(formatStatus(this.session, mailbox, withModseq ? [...items, 'HIGHESTMODSEQ'] : items, counts));
  }

  #noteMetadata({ mailboxId, owner, entries }: MetadataChange): void {
    const key = `${mailboxId} ${owner}`;
    const noted = this.#metadata.get(key) ?? { mailboxId, owner, entries: new Set() };
    for (const entry of entries) noted.entries.add(entry);
    this.#metadata.set(key, noted);
  }

  /** RFC 5465 §5.6 and §5.7: which entries, not what they are now. */
  #tellMetadata(): void {
    const changes = this.#metadata;
    this.#metadata = new Map();
    for (const { mailboxId, owner, entries } of changes.values()) {
      const path = mailboxId === SERVER ? '' : this.#names.pathOf(mailboxId);
      if (path === undefined || !(path === '' ? this.#wantsServer() : this.#wants(path, 'MailboxMetadataChange'))) continue;
      const visible = [...entries].filter((entry) => owner === ownerOf(this.session) || entry.startsWith('/shared/'));
      this.session.send(`* METADATA ${formatTarget(this.session, path)} ${visible.map(formatEntry).join(' ')}\r\n`);
    }
  }

  #wantsServer(): boolean {
    return this.#groups.some(({ events }) => events.has('ServerMetadataChange'));
  }

  #wants(path: string, event: NotifyEvent, subscriptions = this.#names.subscriptions): boolean {
    return this.#eventsOf(path, subscriptions).has(event);
  }

  #eventsOf(path: string, subscriptions: ReadonlySet<string>): ReadonlySet<NotifyEvent> {
    const known = this.#names.subscriptions;
    const matching = this.#groups.filter(({ filter }) => isIn(filter, path, subscriptions) || isIn(filter, path, known));
    return new Set(matching.flatMap(({ events }) => [...events]));
  }

  /** The folders other than the selected one whose messages the client wants to hear of. */
  #watched(): { mailbox: Mailbox; events: ReadonlySet<NotifyEvent> }[] {
    const { mailboxes } = this.session.rooms;
    return mailboxes.list().flatMap((mailbox) => {
      if (!mailbox.selectable || !this.#names.has(mailbox.id)) return [];
      const events = this.#eventsOf(mailbox.path, this.#names.subscriptions);
      return events.has('MessageNew') ? [{ mailbox, events }] : [];
    });
  }

  #isSelected(id: number): boolean {
    return this.session.state === 'selected' && this.session.view.id === id;
  }

  #look({ id, uidNext, highestModseq }: Mailbox): Told {
    const { messages, unseen, size } = this.session.rooms.mailboxes.counts(id, this.session.login.identity);
    return { uidNext, messages, unseen, size, modseq: highestModseq };
  }
}
