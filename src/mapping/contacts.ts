/** The address book as a person changes it, by terminal, page or address book program: every change passes here. */
import type { BitmessageNode } from '../bitmessage/node.js';
import type { CardRow, ContactRow, Contacts, NewCard } from '../store/contacts.js';
import { Refusal } from '../words/refusal.js';
import { explainAddress, findAddress } from './address.js';
import { readBitmessageUri } from './bitmessage-uri.js';
import type { Labels } from './labels.js';
import { findNamed, toPetname } from './petnames.js';

export interface Contact {
  readonly address: string;
  readonly label: string;
  readonly notes: string;
  /** "alice" when alice@bitmessage reaches this contact; '' when its name is another's too, or no name. */
  readonly petname: string;
}

export interface ContactBookRooms {
  readonly contacts: Contacts;
  readonly labels: Labels;
  readonly node: BitmessageNode;
}

/** What was asked for cannot be done; the person reads why. */
export class ContactRefusal extends Refusal {
  override readonly name = 'ContactRefusal';
}

/** Room for names that somebody means, not for letters; a From line stays one line. */
export const MAX_LABEL_CHARACTERS = 200;
export const MAX_NOTES_CHARACTERS = 10_000;
/** A book that is read as a whole at every change; no person writes so many. */
export const MAX_CONTACTS = 20_000;
/** Groups are lists of their own; on one card stand the addresses of one person. */
export const MAX_ADDRESSES_ON_CARD = 20;

export class ContactBook {
  constructor(private readonly rooms: ContactBookRooms) {}

  list(): Contact[] {
    const rows = this.rooms.contacts.all();
    const counts = new Map<string, number>();
    for (const { label } of rows) counts.set(toPetname(label), (counts.get(toPetname(label)) ?? 0) + 1);
    return rows.map((row) => describe(row, counts.get(toPetname(row.label)) === 1));
  }

  /** Adds an address; one that is in the book gets the new name. @throws ContactRefusal */
  add(typed: string, label: string, notes?: string): Contact {
    const address = this.address(typed);
    const name = checkLabel(label);
    if (this.rooms.node.identities().some((identity) => identity.address === address)) {
      throw new ContactRefusal((words) => words.contacts.nameYours(address));
    }
    this.#checkRoom(address);
    this.rooms.contacts.put(address, name);
    if (notes !== undefined) this.rooms.contacts.setNotes(address, checkNotes(notes));
    return this.#get(address);
  }

  /** @param wanted an address or a name. @throws ContactRefusal */
  rename(wanted: string, label: string): Contact {
    const { address } = this.find(wanted);
    this.rooms.contacts.put(address, checkLabel(label));
    return this.#get(address);
  }

  /** @param wanted an address or a name. @throws ContactRefusal */
  remove(wanted: string): Contact {
    const contact = this.find(wanted);
    this.rooms.contacts.remove(contact.address);
    return contact;
  }

  /** By address or name. @throws ContactRefusal */
  find(wanted: string): Contact {
    const rows = this.rooms.contacts.all();
    const address = findAddress(wanted, () => rows.map((row) => row.address));
    const found = address === null ? findNamed(wanted, rows) : rows.filter((row) => row.address === address);
    if (found.length === 0) throw new ContactRefusal((words) => words.contacts.unknown(wanted));
    if (found.length > 1) {
      throw new ContactRefusal((words) =>
        words.contacts.ambiguous(
          wanted,
          found.map((row) => row.address),
        ),
      );
    }
    return this.#get(found[0].address);
  }

  /** The canonical address of any form of it that names a known one, or a contact. @throws ContactRefusal */
  address(typed: string): string {
    const known = (): string[] => this.rooms.labels.known();
    const address = readBitmessageUri(typed)?.address ?? findAddress(typed, known);
    if (address === null) throw new ContactRefusal(explainAddress(typed, known));
    return address;
  }

  /** The state of the book: a number that grows with every change. */
  sequence(): number {
    return this.rooms.contacts.sequence();
  }

  cards(): CardRow[] {
    return this.rooms.contacts.cards();
  }

  card(name: string): { readonly card: CardRow; readonly contacts: readonly ContactRow[] } | undefined {
    const card = this.rooms.contacts.card(name);
    return card && { card, contacts: this.rooms.contacts.onCard(name) };
  }

  cardsChangedSince(sequence: number): { name: string; sequence: number; removed: boolean }[] {
    return this.rooms.contacts.cardsChangedSince(sequence);
  }

  /** Writes a card in place of the one of that name, if there is one. @throws ContactRefusal */
  putCard(card: NewCard): void {
    const { contacts, node } = this.rooms;
    const label = checkLabel(card.label);
    const notes = checkNotes(card.notes);
    if (card.addresses.length > MAX_ADDRESSES_ON_CARD)
      throw new ContactRefusal((words) => words.contacts.tooManyAddresses(MAX_ADDRESSES_ON_CARD));
    for (const address of card.addresses) {
      const present = contacts.find(address);
      if (present !== undefined && present.card !== card.name) {
        throw new ContactRefusal((words) => words.contacts.isThere(address, present.label));
      }
      // A contact may have become a chan that was joined since: its card stays.
      if (present === undefined && node.identities().some((identity) => identity.address === address)) {
        throw new ContactRefusal((words) => words.contacts.isYours(address));
      }
      this.#checkRoom(address);
    }
    contacts.putCard({ ...card, label, notes });
  }

  /** A name as the book would keep it. @throws ContactRefusal */
  checkedLabel(label: string): string {
    return checkLabel(label);
  }

  removeCard(name: string): void {
    this.rooms.contacts.removeCard(name);
  }

  #checkRoom(address: string): void {
    const { contacts } = this.rooms;
    if (contacts.find(address) === undefined && contacts.count() >= MAX_CONTACTS) {
      throw new ContactRefusal((words) => words.contacts.full(MAX_CONTACTS));
    }
  }

  #get(address: string): Contact {
    const row = this.rooms.contacts.find(address)!;
    return describe(row, findNamed(row.label, this.rooms.contacts.all()).length === 1);
  }
}

function describe({ address, label, notes }: ContactRow, isUnique: boolean): Contact {
  return { address, label, notes, petname: isUnique ? toPetname(label) : '' };
}

/** @throws ContactRefusal */
function checkLabel(label: string): string {
  const name = label.replace(/\p{Cc}+/gu, ' ').trim();
  if (name === '') throw new ContactRefusal((words) => words.contacts.nameless);
  if (name.length > MAX_LABEL_CHARACTERS) throw new ContactRefusal((words) => words.contacts.longName(MAX_LABEL_CHARACTERS));
  return name;
}

/** @throws ContactRefusal */
function checkNotes(notes: string): string {
  if (notes.length > MAX_NOTES_CHARACTERS) throw new ContactRefusal((words) => words.contacts.longNotes(MAX_NOTES_CHARACTERS));
  return notes;
}
