/** The address books that an address book program sees: contacts, and under their names our own addresses, subscriptions and chans. */
import { createHash } from 'node:crypto';
import type { Login } from '../access/login.js';
import type { BitmessageNode } from '../bitmessage/node.js';
import { type AddressBook, type AddressBooks, type Card, type CardChanges, CardRefusal } from '../carddav/address-books.js';
import { type FolderRules, ImapNo } from '../imap/folder-rules.js';
import { type CardContent, emailLine } from '../mime/vcard.js';
import type { Words } from '../words/words.js';
import { findAddress, toMailAddress } from './address.js';
import { type ContactBook, ContactRefusal } from './contacts.js';
import { PARENTS, toFolderName } from './folder-plan.js';
import type { Groups } from './groups.js';

export interface MappedAddressBooksRooms {
  readonly node: BitmessageNode;
  readonly groups: Groups;
  readonly folderRules: FolderRules;
  readonly contacts: ContactBook;
  readonly words: Words;
}

interface Entry {
  readonly address: string;
  readonly label: string;
  /** The folder whose name is the label. */
  readonly folder?: string;
}

type BookId = keyof Words['mails']['books'];
type NamedBookId = Exclude<BookId, 'contacts'>;

export class MappedAddressBooks implements AddressBooks {
  constructor(private readonly rooms: MappedAddressBooksRooms) {}

  list(login: Login): AddressBook[] {
    // As with their folders: chans and subscriptions belong to the house, not to one identity.
    const ids: BookId[] = login.identity === null ? ['contacts', 'identities', 'subscriptions', 'chans'] : ['contacts', 'identities'];
    return ids.map((id) => ({ id, name: this.rooms.words.mails.books[id], writable: id === 'contacts', state: this.#state(login, id) }));
  }

  cards(login: Login, book: string): Card[] {
    if (book === 'contacts') return this.rooms.contacts.cards().flatMap(({ name }) => this.#contactCard(name) ?? []);
    return this.#isNamed(login, book) ? this.#entries(login, book).map(toCard) : [];
  }

  card(login: Login, book: string, name: string): Card | undefined {
    if (book === 'contacts') return this.#contactCard(name);
    return this.cards(login, book).find((card) => card.name === name);
  }

  async put(login: Login, book: string, name: string, content: CardContent): Promise<void> {
    if (book === 'contacts') this.#putContact(name, content);
    else if (this.#isNamed(login, book)) await this.#rename(login, book, name, content.label.trim());
  }

  remove(_login: Login, book: string, name: string): void {
    if (book !== 'contacts') throw new CardRefusal(null, this.#words.notRemoved(this.rooms.words.mails.books[book as BookId]));
    this.rooms.contacts.removeCard(name);
  }

  changesSince(login: Login, book: string, state: string): CardChanges | null {
    if (book !== 'contacts') return state === this.#state(login, book as BookId) ? { changed: [], removed: [] } : null;
    // A token from the future is of a book that was restored from a backup since.
    if (!/^\d{1,15}$/.test(state) || Number(state) > this.rooms.contacts.sequence()) return null;
    const changes = this.rooms.contacts.cardsChangedSince(Number(state));
    return {
      changed: changes.filter(({ removed }) => !removed).map(({ name }) => name),
      removed: changes.filter(({ removed }) => removed).map(({ name }) => name),
    };
  }

  #isNamed(login: Login, book: string): book is NamedBookId {
    return book !== 'contacts' && this.list(login).some(({ id }) => id === book);
  }

  #state(login: Login, book: BookId): string {
    if (book === 'contacts') return String(this.rooms.contacts.sequence());
    return digest(JSON.stringify(this.#entries(login, book)));
  }

  #entries(login: Login, book: NamedBookId): Entry[] {
    const { groups, node } = this.rooms;
    switch (book) {
      case 'identities':
        return node
          .identities()
          .filter(({ chan, address }) => !chan && (login.identity === null || login.identity === address))
          .map(({ address, label }) => ({ address, label: label || address }));
      case 'subscriptions':
        return groups.subscriptions();
      case 'chans':
        return groups.chans();
    }
  }

  #contactCard(name: string): Card | undefined {
    const found = this.rooms.contacts.card(name);
    if (found === undefined || found.contacts.length === 0) return undefined;
    const { card, contacts } = found;
    const [{ label, notes }] = contacts;
    const emails = contacts.map(({ address }) => toMailAddress(address));
    // Addresses of the Internet stand on the card as they came; they are no Bitmessage contacts.
    return { name, etag: String(card.sequence), content: { uid: card.uid, label, notes, emails, rest: card.rest } };
  }

  #putContact(name: string, content: CardContent): void {
    const { contacts } = this.rooms;
    const known = (): string[] => contacts.list().map(({ address }) => address);
    const addresses = new Set<string>();
    let rest = content.rest;
    for (const email of content.emails) {
      const address = findAddress(email, known);
      if (address === null) rest += emailLine(email);
      else addresses.add(address);
    }
    if (addresses.size === 0) throw new CardRefusal('valid-address-data', this.#words.noAddress);
    const { uid, label, notes } = content;
    if (uid !== '' && contacts.cards().some((card) => card.uid === uid && card.name !== name)) {
      throw new CardRefusal('no-uid-conflict', this.#words.uidTaken(uid));
    }
    this.#asCardRefusal(() => contacts.putCard({ name, uid: uid || name, rest, label, notes, addresses: [...addresses] }));
  }

  /** Of our own addresses, subscriptions and chans nothing can be changed here but the name. */
  async #rename(login: Login, book: NamedBookId, name: string, label: string): Promise<void> {
    const entry = this.#entries(login, book).find((candidate) => nameOf(candidate) === name);
    if (entry === undefined) throw new CardRefusal(null, this.#words.notMade(this.rooms.words.mails.books[book]));
    if (label === '' || label === entry.label) return;
    if (entry.folder === undefined) {
      this.rooms.node.updateIdentity(entry.address, { label: this.#asCardRefusal(() => this.rooms.contacts.checkedLabel(label)) });
      return;
    }
    try {
      await this.rooms.folderRules.rename(
        login,
        entry.folder,
        `${PARENTS[book === 'chans' ? 'chan' : 'subscription']}/${toFolderName(label)}`,
      );
    } catch (error) {
      if (error instanceof ImapNo) throw new CardRefusal(null, error.message);
      throw error;
    }
  }

  #asCardRefusal<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof ContactRefusal) throw new CardRefusal(null, error.say(this.rooms.words));
      throw error;
    }
  }

  get #words(): Words['contacts']['cards'] {
    return this.rooms.words.contacts.cards;
  }
}

function toCard(entry: Entry): Card {
  const { address, label } = entry;
  const content = { uid: address, label, notes: '', emails: [toMailAddress(address)], rest: '' };
  return { name: nameOf(entry), etag: digest(`${address} ${label}`), content };
}

function nameOf({ address }: Entry): string {
  return `${address}.vcf`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
