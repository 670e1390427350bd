/** Chans and subscriptions as folders: whoever joins or leaves, by folder, CLI or page, passes here, so that both always fit. */
import type { Clock, UnixSeconds } from '../base/clock.js';
import type { KeyVault } from '../bitmessage/key-vault.js';
import type { BitmessageNode, ChanChoice } from '../bitmessage/node.js';
import type { Database } from '../store/database.js';
import type { GroupFolder } from '../store/links/group-folders.js';
import type { Links } from '../store/links/links.js';
import type { Mailbox, Mailboxes } from '../store/mail/types.js';
import { type GroupKind, PARENTS, STANDARD_FOLDERS, toFolderName } from './folder-plan.js';

export interface GroupsRooms {
  readonly database: Database;
  readonly mailboxes: Mailboxes;
  readonly links: Links;
  readonly node: BitmessageNode;
  readonly clock: Clock;
  readonly vault: KeyVault;
}

/** What tells one group from another. */
export interface Group {
  readonly kind: GroupKind;
  readonly address: string;
  /** What the folder is called where nobody said otherwise. */
  readonly label: string;
}

/** A group with the folder that shows it. */
export interface GroupPlace {
  readonly address: string;
  readonly label: string;
  /** The path of its folder, such as "Chans/name". */
  readonly folder: string;
}

const TRASH = 'Trash';

export class Groups {
  constructor(private readonly rooms: GroupsRooms) {
    rooms.vault.onTurn(() => this.#rewritePassphrases());
  }

  /** Makes and subscribes (mail programs show nothing else) the standard folders and those of all chans and subscriptions. */
  ensureFolders(): void {
    const { database, mailboxes, node } = this.rooms;
    database.transaction(() => {
      for (const { path, specialUse, selectable } of STANDARD_FOLDERS) {
        if (mailboxes.find(path) !== undefined) continue;
        mailboxes.create(path, { specialUse, selectable });
        mailboxes.subscribe(path);
      }
      // INBOX may be there from the start, and nobody but the first start decides about its subscription.
      if (this.rooms.links.sayOnce('inbox subscribed')) mailboxes.subscribe('INBOX');
      for (const identity of node.identities()) {
        if (identity.chan) this.ensureFolder({ kind: 'chan', address: identity.address, label: identity.label });
      }
      for (const { address, label } of node.subscriptions()) this.ensureFolder({ kind: 'subscription', address, label });
    });
  }

  chans(): GroupPlace[] {
    return this.rooms.node.identities().flatMap(({ chan, address }) => (chan ? this.#place(address) : []));
  }

  subscriptions(): GroupPlace[] {
    return this.rooms.node.subscriptions().flatMap(({ address }) => this.#place(address));
  }

  /**
   * Joins a chan; its folder is there when this resolves, and fills with what the network still holds. Idempotent.
   *
   * @param label the folder's name; '' for the passphrase itself
   * @throws AddressError when the passphrase does not make the address that was chosen
   */
  async joinChan(passphrase: string, label: string, choice?: ChanChoice): Promise<GroupPlace> {
    const { address } = await this.rooms.node.joinChan(passphrase, choice);
    const group: Group = { kind: 'chan', address, label: label === '' ? passphrase : label };
    this.rooms.database.transaction(() => this.#settle(group, label, passphrase));
    return this.#place(address)[0];
  }

  /** As `joinChan`, with the folder that a client asks for; answers the one there is. @throws AddressError */
  async joinChanAt(passphrase: string, path: string, choice?: ChanChoice): Promise<string> {
    const { address } = await this.rooms.node.joinChan(passphrase, choice);
    return this.rooms.database.transaction(
      () => this.ensureFolder({ kind: 'chan', address, label: passphrase }, { path, passphrase }).path,
    );
  }

  /** Leaves a chan. Its folder goes to Trash: moving it back, or joining again, brings everything back. */
  async leaveChan(address: string): Promise<void> {
    this.rooms.database.transaction(() => {
      this.rooms.node.leaveChan(address);
      this.#discard(address);
    });
  }

  /**
   * Subscribes to an address; its folder is there when this resolves. Idempotent; a label replaces an older one.
   *
   * @param label the folder's name; '' for the address itself
   * @throws AddressError
   */
  async subscribe(address: string, label: string): Promise<GroupPlace> {
    return this.rooms.database.transaction(() => {
      const subscription = this.rooms.node.subscribe(address, label);
      this.#settle({ kind: 'subscription', address: subscription.address, label: subscription.label }, label);
      return this.#place(subscription.address)[0];
    });
  }

  /** As `subscribe`, with the folder that a client asks for; answers the one there is. @throws AddressError */
  subscribeAt(address: string, path: string): string {
    return this.rooms.database.transaction(() => {
      const present = this.rooms.node.subscriptions().find((subscription) => subscription.address === address);
      const subscription = present ?? this.rooms.node.subscribe(address, '');
      return this.ensureFolder({ kind: 'subscription', address: subscription.address, label: subscription.label }, { path }).path;
    });
  }

  async unsubscribe(address: string): Promise<void> {
    this.rooms.database.transaction(() => {
      this.rooms.node.unsubscribe(address);
      this.#discard(address);
    });
  }

  /** Leaves what this folder stands for; the folder itself stays where it is. */
  leave(folder: GroupFolder): void {
    if (folder.kind === 'chan') this.rooms.node.leaveChan(folder.address);
    else this.rooms.node.unsubscribe(folder.address);
    this.rooms.links.groupFolders.set({ ...folder, joined: false, leftAt: this.rooms.clock.now() });
  }

  /** Joins again what this folder stood for, under its old name. */
  async rejoin(folder: GroupFolder, label: string): Promise<void> {
    if (folder.kind === 'chan') await this.rooms.node.joinChan(this.#passphraseOf(folder), { address: folder.address });
    else this.rooms.node.subscribe(folder.address, label);
    this.rooms.links.groupFolders.set({ ...folder, joined: true, leftAt: 0 });
  }

  /** The folder of a group, made if it is not there, fetched back from Trash if it lies there. Inside the caller's transaction. */
  ensureFolder(group: Group, wish: { path?: string; passphrase?: string } = {}): Mailbox {
    const { links, mailboxes } = this.rooms;
    const link = links.groupFolders.of(group.address);
    const present = link && mailboxes.byId(link.mailboxId);
    const passphrase = wish.passphrase ?? (group.kind === 'chan' ? group.label : '');
    if (link !== undefined && present !== undefined && link.joined) {
      if (passphrase !== '' && !knowsPassphrase(link)) links.groupFolders.set({ ...link, ...this.#keep(group.address, passphrase) });
      return present;
    }
    const path = wish.path ?? this.freePath(PARENTS[group.kind], toFolderName(group.label === '' ? group.address : group.label));
    if (present === undefined) {
      if (mailboxes.find(path)?.selectable !== true) mailboxes.create(path);
    } else mailboxes.rename(present.path, path);
    const mailbox = mailboxes.find(path)!;
    mailboxes.subscribe(path);
    const kept = passphrase === '' && link !== undefined ? link : this.#keep(group.address, passphrase);
    links.groupFolders.set({
      address: group.address,
      kind: group.kind,
      mailboxId: mailbox.id,
      joined: true,
      leftAt: 0,
      passphrase: kept.passphrase,
      sealedPassphrase: kept.sealedPassphrase,
    });
    return mailbox;
  }

  /** Removes the folder of a left group for good. What lay in it may be delivered again, should the group be joined again. */
  forget(folder: GroupFolder, mailbox: Mailbox): void {
    const { links, mailboxes } = this.rooms;
    links.received.forgetFolder(mailbox.id);
    links.groupFolders.remove(folder.address);
    mailboxes.remove(mailbox.path);
    mailboxes.unsubscribe(mailbox.path);
  }

  /** Leaving before that time is final: what still lies in Trash goes. A folder that was moved elsewhere is its owner's, and stays. */
  forgetLeftBefore(time: UnixSeconds): void {
    const { database, links, mailboxes } = this.rooms;
    for (const folder of links.groupFolders.leftBefore(time)) {
      const mailbox = mailboxes.byId(folder.mailboxId);
      database.transaction(() => {
        if (mailbox === undefined) links.groupFolders.remove(folder.address);
        else if (mailbox.path.startsWith(`${TRASH}/`)) this.forget(folder, mailbox);
      });
    }
  }

  /** "parent/name", with a number behind it if there is such a folder. */
  freePath(parent: string, name: string): string {
    for (let count = 1; ; count++) {
      const path = `${parent}/${name}${count === 1 ? '' : ` (${count})`}`;
      if (this.rooms.mailboxes.find(path) === undefined) return path;
    }
  }

  /** The folder of a group that was just joined, under the name that was wished for. */
  #settle(group: Group, label: string, passphrase?: string): void {
    const mailbox = this.ensureFolder(group, { passphrase });
    const name = toFolderName(label);
    if (label === '' || mailbox.path.endsWith(`/${name}`)) return;
    this.rooms.mailboxes.rename(mailbox.path, this.freePath(PARENTS[group.kind], name));
  }

  #place(address: string): GroupPlace[] {
    const link = this.rooms.links.groupFolders.of(address);
    const mailbox = link && this.rooms.mailboxes.byId(link.mailboxId);
    return mailbox === undefined ? [] : [{ address, label: mailbox.path.split('/').at(-1)!, folder: mailbox.path }];
  }

  /** In the form that it lies in the store in: a chan's keys are made of it. */
  #keep(address: string, passphrase: string): Pick<GroupFolder, 'passphrase' | 'sealedPassphrase'> {
    const { vault } = this.rooms;
    if (passphrase === '' || vault.state === 'open') return { passphrase, sealedPassphrase: null };
    return { passphrase: '', sealedPassphrase: vault.seal(Buffer.from(passphrase), nameOf(address)) };
  }

  #passphraseOf({ address, passphrase, sealedPassphrase }: GroupFolder): string {
    return sealedPassphrase === null ? passphrase : Buffer.from(this.rooms.vault.unseal(sealedPassphrase, nameOf(address))).toString();
  }

  /** Encryption was turned on or off. */
  #rewritePassphrases(): void {
    const { links } = this.rooms;
    for (const folder of links.groupFolders.all()) {
      if (knowsPassphrase(folder)) links.groupFolders.set({ ...folder, ...this.#keep(folder.address, this.#passphraseOf(folder)) });
    }
  }

  #discard(address: string): void {
    const { links, mailboxes } = this.rooms;
    const link = links.groupFolders.of(address);
    const mailbox = link && mailboxes.byId(link.mailboxId);
    if (link === undefined || mailbox === undefined || !link.joined) return;
    mailboxes.rename(mailbox.path, this.freePath(TRASH, mailbox.path.split('/').at(-1)!));
    links.groupFolders.set({ ...link, joined: false, leftAt: this.rooms.clock.now() });
  }
}

function knowsPassphrase({ passphrase, sealedPassphrase }: GroupFolder): boolean {
  return passphrase !== '' || sealedPassphrase !== null;
}

function nameOf(address: string): string {
  return `passphrase of ${address}`;
}
