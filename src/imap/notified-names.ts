/** Names of folders and subscriptions as a client with NOTIFY knows them, and the LIST responses when they change: RFC 5465 §5.4, §5.5. */
import type { Mailbox } from '../store/mail/types.js';
import { formatList, formatOldName, nameAttributes } from './responses.js';
import type { Session } from './session.js';
import { ancestors } from './wire/mailbox-name.js';

export type NameEvent = 'MailboxName' | 'SubscriptionChange';

/** Whether the client wants to hear of a name; its subscriptions may just have changed. */
export type WantsName = (path: string, event: NameEvent, subscriptions: ReadonlySet<string>) => boolean;

export class NotifiedNames {
  #mailboxes: ReadonlyMap<number, Mailbox>;
  #subscriptions: ReadonlySet<string>;
  #dirty = false;

  constructor(
    private readonly session: Session,
    private readonly wants: WantsName,
  ) {
    this.#mailboxes = this.#visible();
    this.#subscriptions = this.#subscribed();
  }

  get dirty(): boolean {
    return this.#dirty;
  }

  get subscriptions(): ReadonlySet<string> {
    return this.#subscriptions;
  }

  has(id: number): boolean {
    return this.#mailboxes.has(id);
  }

  pathOf(id: number): string | undefined {
    return this.#mailboxes.get(id)?.path;
  }

  noteChange(): void {
    this.#dirty = true;
  }

  /** The client itself has just changed something, in one step: unless others did before, that is all that is new. */
  noteOwnStep(): void {
    if (this.#dirty) return;
    this.#mailboxes = this.#visible();
    this.#subscriptions = this.#subscribed();
  }

  /** The client itself has made, renamed or removed these names, which took a while: what else is new others have done. */
  noteOwnNames(isOwn: (path: string) => boolean): void {
    const now = this.#visible();
    const known = new Map(this.#mailboxes);
    for (const [id, { path }] of this.#mailboxes) if (isOwn(path) && !now.has(id)) known.delete(id);
    for (const [id, mailbox] of now) if (isOwn(mailbox.path)) known.set(id, mailbox);
    this.#mailboxes = known;
    // A subscription follows its folder.
    const others = (path: string): boolean => !isOwn(path);
    this.#subscriptions = new Set([...[...this.#subscriptions].filter(others), ...[...this.#subscribed()].filter(isOwn)]);
  }

  /** One LIST for each name that is affected. */
  tell(): void {
    if (!this.#dirty) return;
    this.#dirty = false;
    const before = { mailboxes: this.#mailboxes, subscriptions: this.#subscriptions };
    this.#mailboxes = this.#visible();
    this.#subscriptions = this.#subscribed();
    const changed = affectedNames(before.mailboxes, this.#mailboxes, (path) => this.wants(path, 'MailboxName', this.#subscriptions));
    for (const path of new Set([...before.subscriptions, ...this.#subscriptions])) {
      if (before.subscriptions.has(path) === this.#subscriptions.has(path) || changed.has(path)) continue;
      if (this.wants(path, 'SubscriptionChange', before.subscriptions)) changed.set(path, null);
    }
    const byPath = new Map([...this.#mailboxes.values()].map((mailbox) => [mailbox.path, mailbox]));
    const parents = new Set([...byPath.keys()].flatMap(ancestors));
    const { utf8 } = this.session;
    for (const [path, old] of changed) {
      const words = nameAttributes(byPath.get(path), parents.has(path), this.#subscriptions.has(path));
      this.session.send(formatList('LIST', words, path, utf8, formatOldName(old, utf8)));
    }
  }

  #visible(): ReadonlyMap<number, Mailbox> {
    const { mailboxes, folders } = this.session.rooms;
    const visible = mailboxes.list().filter(({ path }) => folders.visible(this.session.login, path));
    return new Map(visible.map((mailbox) => [mailbox.id, mailbox]));
  }

  #subscribed(): ReadonlySet<string> {
    return new Set(this.session.rooms.mailboxes.subscriptions());
  }
}

/**
 * What was made or removed and the name right above it; what was renamed, with its old name, but not what lies below and went
 * along (RFC 5465 §5.4).
 */
function affectedNames(
  before: ReadonlyMap<number, Mailbox>,
  now: ReadonlyMap<number, Mailbox>,
  wants: (path: string) => boolean,
): Map<string, string | null> {
  const affected = new Map<string, string | null>();
  const renamed = new Map<string, string>();
  for (const [id, { path }] of now) {
    const old = before.get(id)?.path;
    if (old !== undefined && old !== path) renamed.set(old, path);
  }
  for (const [old, path] of renamed) {
    const wentAlong = ancestors(old).some((above) => renamed.get(above) === path.slice(0, path.length - old.length + above.length));
    if (!wentAlong && (wants(path) || wants(old))) affected.set(path, old);
  }
  const made = [...now.values()].filter(({ id }) => !before.has(id));
  const removed = [...before.values()].filter(({ id }) => !now.has(id));
  for (const { path } of [...made, ...removed]) {
    for (const name of [...ancestors(path).slice(-1), path]) if (wants(name) && !affected.has(name)) affected.set(name, null);
  }
  return affected;
}
