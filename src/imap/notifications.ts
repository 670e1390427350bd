/** What a client wants to be told of unasked, RFC 5465: of the selected folder, and of the others as STATUS, LIST and METADATA. */
import type { Mailbox, MetadataChange } from '../store/mail/types.js';
import { isIn } from './commands/mailbox-filter.js';
import { formatEntry, formatTarget, ownerOf, SERVER } from './commands/metadata.js';
import { type EventGroup, isSelected, type NotifyEvent } from './commands/notify-syntax.js';
import { formatStatus, type StatusItem } from './commands/status.js';
import type { FetchItem } from './fetch-items.js';
import { formatList, formatOldName } from './responses.js';
import type { Session } from './session.js';
import { ancestors } from './wire/mailbox-name.js';

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
  #paths: ReadonlyMap<number, string>;
  #subscriptions: ReadonlySet<string>;
  readonly #dirty = new Set<number>();
  #namesDirty = false;
  #metadata: MetadataChange[] = [];
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
    this.#paths = this.#visiblePaths();
    this.#subscriptions = new Set(mailboxes.subscriptions());
    for (const { mailbox } of this.#watched()) this.#told.set(mailbox.id, this.#look(mailbox));
    this.#unwatch = [
      mailboxes.watch((id) => {
        if (id === null) this.#namesDirty = true;
        else this.#dirty.add(id);
        this.#wake?.();
      }),
      metadata.watch((change) => {
        if (change.owner !== ownerOf(session) && change.entries.every((entry) => entry.startsWith('/private/'))) return;
        this.#metadata.push(change);
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
    if (this.#namesDirty || this.#dirty.size > 0 || this.#metadata.length > 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = null;
  }

  /** NOTIFY SET STATUS: how the folders are whose messages are watched. */
  async tellStatus(): Promise<void> {
    for (const { mailbox, events } of this.#watched()) {
      this.#sendStatus(mailbox, events);
      await this.session.breathe();
    }
  }

  /** Tells what happened since the last time. */
  async tell(): Promise<void> {
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    if (this.#namesDirty) this.#tellNames();
    const watched = new Map(this.#watched().map((folder) => [folder.mailbox.id, folder]));
    for (const id of dirty) {
      const folder = watched.get(id);
      if (folder !== undefined) this.#tellMessages(folder.mailbox, folder.events);
      await this.session.breathe();
    }
    this.#tellMetadata();
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
    const items: StatusItem[] = ['MESSAGES', 'UIDNEXT', 'UIDVALIDITY'];
    this.session.send(formatStatus(this.session, mailbox, withModseq ? [...items, 'HIGHESTMODSEQ'] : items));
  }

  /** RFC 5465 §5.4 and §5.5. */
  #tellNames(): void {
    this.#namesDirty = false;
    const before = { paths: this.#paths, subscriptions: this.#subscriptions };
    this.#paths = this.#visiblePaths();
    this.#subscriptions = new Set(this.session.rooms.mailboxes.subscriptions());
    const existing = new Set(this.#paths.values());
    /** The new names, with the old name of each that has one. */
    const changed = new Map<string, string | null>();
    for (const [id, path] of before.paths) if (!this.#paths.has(id) && this.#wants(path, 'MailboxName')) changed.set(path, null);
    for (const [id, path] of this.#paths) {
      const old = before.paths.get(id) ?? null;
      if (old !== path && (this.#wants(path, 'MailboxName') || (old !== null && this.#wants(old, 'MailboxName')))) changed.set(path, old);
    }
    for (const path of new Set([...before.subscriptions, ...this.#subscriptions])) {
      if (before.subscriptions.has(path) === this.#subscriptions.has(path) || changed.has(path)) continue;
      if (this.#wants(path, 'SubscriptionChange', before.subscriptions)) changed.set(path, null);
    }
    for (const [path, old] of changed) this.#sendList(path, existing, old);
    for (const { mailbox } of this.#watched()) if (!this.#told.has(mailbox.id)) this.#told.set(mailbox.id, this.#look(mailbox));
  }

  #sendList(path: string, existing: ReadonlySet<string>, oldName: string | null): void {
    const { session } = this;
    const words: string[] = [];
    if (!existing.has(path)) words.push('\\NonExistent');
    else if (session.rooms.mailboxes.find(path)?.selectable !== true) words.push('\\Noselect');
    const isParent = [...existing].some((other) => ancestors(other).includes(path));
    words.push(isParent ? '\\HasChildren' : '\\HasNoChildren');
    if (this.#subscriptions.has(path)) words.push('\\Subscribed');
    session.send(formatList('LIST', words, path, session.utf8, formatOldName(oldName, session.utf8)));
  }

  /** RFC 5465 §5.6 and §5.7: which entries, not what they are now. */
  #tellMetadata(): void {
    const changes = this.#metadata;
    this.#metadata = [];
    for (const { mailboxId, owner, entries } of changes) {
      const path = mailboxId === SERVER ? '' : this.#paths.get(mailboxId);
      if (path === undefined || !(path === '' ? this.#wantsServer() : this.#wants(path, 'MailboxMetadataChange'))) continue;
      const visible = entries.filter((entry) => owner === ownerOf(this.session) || entry.startsWith('/shared/'));
      this.session.send(`* METADATA ${formatTarget(this.session, path)} ${visible.map(formatEntry).join(' ')}\r\n`);
    }
  }

  #wantsServer(): boolean {
    return this.#groups.some(({ events }) => events.has('ServerMetadataChange'));
  }

  #wants(path: string, event: NotifyEvent, subscriptions = this.#subscriptions): boolean {
    return this.#eventsOf(path, subscriptions).has(event);
  }

  #eventsOf(path: string, subscriptions: ReadonlySet<string>): ReadonlySet<NotifyEvent> {
    const matching = this.#groups.filter(({ filter }) => isIn(filter, path, subscriptions) || isIn(filter, path, this.#subscriptions));
    return new Set(matching.flatMap(({ events }) => [...events]));
  }

  /** The folders other than the selected one whose messages the client wants to hear of. */
  #watched(): { mailbox: Mailbox; events: ReadonlySet<NotifyEvent> }[] {
    const { mailboxes } = this.session.rooms;
    return mailboxes.list().flatMap((mailbox) => {
      if (!mailbox.selectable || !this.#paths.has(mailbox.id)) return [];
      const events = this.#eventsOf(mailbox.path, this.#subscriptions);
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

  #visiblePaths(): ReadonlyMap<number, string> {
    const { mailboxes, folders } = this.session.rooms;
    const visible = mailboxes.list().filter(({ path }) => folders.visible(this.session.login, path));
    return new Map(visible.map(({ id, path }) => [id, path]));
  }
}
