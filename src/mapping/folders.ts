/** Flow 3: what a person does with folders, and what it means for chans, subscriptions and mail that is being sent. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Login } from '../access/login.js';
import { AddressError } from '../bitmessage/crypto/address.js';
import { KeysLocked } from '../bitmessage/key-vault.js';
import type { BitmessageNode } from '../bitmessage/node.js';
import { type AppendDecision, type AppendRequest, type FolderRules, ImapNo } from '../imap/folder-rules.js';
import { readHeaderField, readMailboxes } from '../mime/read-mail.js';
import type { Database } from '../store/database.js';
import type { Links } from '../store/links/links.js';
import { StoreLimit } from '../store/mail/message-types.js';
import type { Mailbox, Mailboxes } from '../store/mail/types.js';
import type { Saying } from '../words/words.js';
import { explainAddress, findAddress } from './address.js';
import type { Blocking } from './blocking.js';
import { type GroupKind, PARENTS, planFolder, readChanName } from './folder-plan.js';
import type { Groups } from './groups.js';
import type { Labels } from './labels.js';
import type { Outbox } from './outbox.js';
import { MAX_MAIL_BYTES } from './submit.js';

export interface FoldersRooms {
  readonly database: Database;
  readonly mailboxes: Mailboxes;
  readonly links: Links;
  readonly node: BitmessageNode;
  readonly groups: Groups;
  readonly outbox: Outbox;
  readonly blocking: Blocking;
  readonly labels: Labels;
}

/**
 * Old mail that is moved in: 25 MB of files, where the large providers stop, as base64 (78/57), and their mail around it. Decision
 * 13 says why no more.
 */
export const MAX_KEPT_MAIL_BYTES = 36 * 2 ** 20;
/** Some milliseconds; then others have their turn. */
const LEARNT_AT_ONCE = 100;
const OUTBOX = 'Outbox';
const SENT = 'Sent';

export class Folders implements FolderRules {
  constructor(private readonly rooms: FoldersRooms) {}

  async create(login: Login, name: string, specialUse: string | null): Promise<void> {
    const path = name.replace(/\/$/, '');
    const plan = planFolder(path);
    if (plan.kind === 'refused') throw new ImapNo('CANNOT', plan.why);
    this.#checkVisible(login, path);
    if (plan.kind === 'standard' || this.rooms.mailboxes.find(path)?.selectable)
      throw new ImapNo('ALREADYEXISTS', ({ folders }) => folders.isThere(path));
    if (plan.kind === 'group') {
      await this.#join(plan.group, plan.name, path);
      return;
    }
    if (specialUse !== null && this.rooms.mailboxes.list().some((mailbox) => mailbox.specialUse === specialUse)) {
      throw new ImapNo('USEATTR', ({ folders }) => folders.useTaken(specialUse));
    }
    withinLimits(() => this.rooms.mailboxes.create(path, { specialUse }));
  }

  async rename(login: Login, from: string, to: string): Promise<void> {
    const target = to.replace(/\/$/, '');
    const source = this.#find(login, from);
    const plan = planFolder(target);
    if (planFolder(source.path).kind === 'standard' && source.path !== 'INBOX')
      throw new ImapNo('CANNOT', ({ folders }) => folders.keepsName(source.path));
    if (plan.kind === 'refused') throw new ImapNo('CANNOT', plan.why);
    this.#checkVisible(login, target);
    if (plan.kind === 'standard' || this.rooms.mailboxes.find(target))
      throw new ImapNo('ALREADYEXISTS', ({ folders }) => folders.isThere(target));
    if (target.startsWith(`${source.path}/`)) throw new ImapNo('CANNOT', ({ folders }) => folders.intoItself);
    const folder = this.rooms.links.groupFolders.ofMailbox(source.id);
    if (plan.kind === 'group') {
      if (folder?.kind !== plan.group) throw new ImapNo('CANNOT', NOT_INTO[plan.group]);
      // Joined first, then shown. Taking a folder out of Trash is how leaving is undone.
      const { kind, address } = folder;
      if (!folder.joined) await explained(() => this.rooms.groups.rejoin(folder, plan.name), unfit(kind, address));
      else if (folder.kind === 'subscription') this.rooms.node.subscribe(folder.address, plan.name);
      // While we waited, a post may have come and fetched the folder already.
      const { path } = this.rooms.mailboxes.byId(source.id) ?? source;
      if (path !== target) this.rooms.mailboxes.rename(path, target);
      return;
    }
    if (folder?.joined && !target.startsWith('Trash/')) {
      throw new ImapNo('CANNOT', ({ folders }) => folders.staysBelow(PARENTS[folder.kind]));
    }
    this.rooms.database.transaction(() => {
      if (folder?.joined) this.rooms.groups.leave(folder);
      withinLimits(() => this.rooms.mailboxes.rename(source.path, target));
    });
  }

  async remove(login: Login, path: string): Promise<void> {
    const mailbox = this.#find(login, path);
    if (planFolder(mailbox.path).kind === 'standard') throw new ImapNo('CANNOT', ({ folders }) => folders.stays(mailbox.path));
    if (!mailbox.selectable && this.rooms.mailboxes.list().some((other) => other.path.startsWith(`${mailbox.path}/`))) {
      throw new ImapNo('HASCHILDREN', ({ folders }) => folders.hasFolders(mailbox.path));
    }
    const folder = this.rooms.links.groupFolders.ofMailbox(mailbox.id);
    if (folder === undefined) this.rooms.mailboxes.remove(mailbox.path);
    else if (!folder.joined) this.rooms.database.transaction(() => this.rooms.groups.forget(folder, mailbox));
    else if (folder.kind === 'chan') await this.rooms.groups.leaveChan(folder.address);
    else await this.rooms.groups.unsubscribe(folder.address);
  }

  appendLimit(path: string): number {
    if (path === OUTBOX) return 0;
    const { kind } = planFolder(path);
    return path === 'Drafts' || path === SENT || kind === 'group' ? MAX_MAIL_BYTES : MAX_KEPT_MAIL_BYTES;
  }

  async append(login: Login, request: AppendRequest): Promise<AppendDecision> {
    const mailbox = this.#find(login, request.path);
    if (mailbox.path === OUTBOX) throw new ImapNo('CANNOT', ({ folders }) => folders.outboxBySending);
    if (mailbox.path === SENT) {
      const uid = this.rooms.outbox.adoptSentCopy(readHeaderField(request.raw, 'message-id') ?? '', request.flags, login.identity);
      if (uid !== null) return { kind: 'existing', uid };
    }
    return { kind: 'store', identity: login.identity ?? this.#identityOf(request.raw) };
  }

  async beforeExpunge(_login: Login, path: string, uids: readonly number[]): Promise<void> {
    if (path === OUTBOX) this.rooms.outbox.cancel(uids);
  }

  async beforeTransfer(_login: Login, from: string, to: string, uids: readonly number[], kind: 'copy' | 'move'): Promise<void> {
    if (to === OUTBOX) throw new ImapNo('CANNOT', ({ folders }) => folders.outboxBySending);
    if (from === OUTBOX && kind === 'move') this.rooms.outbox.cancel(uids);
    // Programs without MOVE copy and expunge: a copy says the same about the sender.
    if (!this.rooms.blocking.learnsFrom(from, to)) return;
    for (let start = 0; start < uids.length; start += LEARNT_AT_ONCE) {
      if (start > 0) await nextTurn();
      const slice = uids.slice(start, start + LEARNT_AT_ONCE);
      this.rooms.database.transaction(() => this.rooms.blocking.learn(from, to, slice));
    }
  }

  visible(login: Login, path: string): boolean {
    // Chans and subscriptions belong to the house, not to one identity.
    return login.identity === null || !Object.values(PARENTS).includes(path.split('/')[0]);
  }

  async #join(kind: 'chan' | 'subscription', name: string, path: string): Promise<void> {
    if (kind === 'chan') {
      const { passphrase, address } = readChanName(name);
      const present = await explained(() => this.rooms.groups.joinChanAt(passphrase, path, { address }), unfit(kind, address ?? name));
      if (present !== path) throw new ImapNo('ALREADYEXISTS', ({ folders }) => folders.inChanAlready(present));
      return;
    }
    const known = (): string[] => this.rooms.labels.known();
    const address = findAddress(name, known);
    if (address === null) {
      const problem = explainAddress(name, known);
      throw new ImapNo('CANNOT', (words) => words.folders.nameAfterAddress(problem(words)));
    }
    const present = await explained(async () => this.rooms.groups.subscribeAt(address, path), unfit(kind, address));
    if (present !== path) throw new ImapNo('ALREADYEXISTS', ({ folders }) => folders.subscribedAlready(present));
  }

  /** A draft or sent mail that the combined login stores shows in the identity login that it is from. */
  #identityOf(raw: Buffer): string {
    const own = new Set(this.rooms.node.identities().map(({ address }) => address));
    const from = readMailboxes(readHeaderField(raw, 'from') ?? '').map(({ address }) => findAddress(address, () => [...own]));
    return from.find((address) => address !== null && own.has(address)) ?? '';
  }

  #find(login: Login, path: string): Mailbox {
    const mailbox = this.visible(login, path) ? this.rooms.mailboxes.find(path) : undefined;
    if (mailbox === undefined) throw new ImapNo('NONEXISTENT', ({ folders }) => folders.notThere(path));
    return mailbox;
  }

  #checkVisible(login: Login, path: string): void {
    if (!this.visible(login, path)) throw new ImapNo('NOPERM', ({ folders }) => folders.oneIdentity);
  }
}

const NOT_INTO: Record<GroupKind, Saying> = {
  chan: ({ folders }) => folders.chanByCreating,
  subscription: ({ folders }) => folders.subscriptionByCreating,
};

/** What is said of an address that will not do. */
function unfit(kind: GroupKind, address: string): Saying {
  return ({ folders }) => (kind === 'chan' ? folders.notThatPassphrase(address) : folders.notReachable(address));
}

/** An address that will not do is no fault of ours. */
async function explained<T>(work: () => Promise<T>, said: Saying): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AddressError) throw new ImapNo('CANNOT', said);
    if (error instanceof KeysLocked) throw new ImapNo('CANNOT', ({ keys }) => keys.lockedRefusal);
    throw error;
  }
}

function withinLimits<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StoreLimit) throw new ImapNo('LIMIT', error.message);
    throw error;
  }
}
