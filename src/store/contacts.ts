/** The address book: the names that a person gave to addresses of others, and the cards on which they stand. */
import { randomUUID } from 'node:crypto';
import type { Database } from './database.js';

export const CONTACTS_SCHEMA = `
-- What an address book program sees. A card whose last address is gone stays as a mark of its removal, so that others hear of it.
CREATE TABLE cards (
  name     TEXT    NOT NULL PRIMARY KEY,   -- as in its URL, "….vcf"
  uid      TEXT    NOT NULL,
  rest     TEXT    NOT NULL,               -- the lines of the card that mean nothing to us
  sequence INTEGER NOT NULL UNIQUE,        -- of the last change; the highest is the state of the book
  removed  INTEGER NOT NULL
) STRICT;

CREATE TABLE contacts (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  address    TEXT    NOT NULL UNIQUE,      -- canonical
  label      TEXT    NOT NULL,
  notes      TEXT    NOT NULL,
  card       TEXT    NOT NULL REFERENCES cards (name),
  created_at INTEGER NOT NULL,             -- UnixSeconds
  changed_at INTEGER NOT NULL              -- UnixSeconds
) STRICT;
CREATE INDEX contacts_card ON contacts (card);
`;

export interface ContactRow {
  readonly address: string;
  readonly label: string;
  readonly notes: string;
  /** The name of its card. */
  readonly card: string;
  readonly createdAt: number;
  readonly changedAt: number;
}

export interface CardRow {
  readonly name: string;
  readonly uid: string;
  readonly rest: string;
  readonly sequence: number;
}

/** A card as a program writes it. */
export interface NewCard {
  readonly name: string;
  readonly uid: string;
  readonly rest: string;
  readonly label: string;
  readonly notes: string;
  /** Canonical, at least one; none of them on another card. */
  readonly addresses: readonly string[];
}

const CONTACT = 'address, label, notes, card, created_at AS createdAt, changed_at AS changedAt';
const CARD = 'name, uid, rest, sequence';

export class Contacts {
  constructor(private readonly database: Database) {}

  /** In the order in which they were added. */
  all(): ContactRow[] {
    return this.database.all<ContactRow>(`SELECT ${CONTACT} FROM contacts ORDER BY id`);
  }

  count(): number {
    return this.database.get<{ count: number }>('SELECT count(*) AS count FROM contacts')!.count;
  }

  find(address: string): ContactRow | undefined {
    return this.database.get<ContactRow>(`SELECT ${CONTACT} FROM contacts WHERE address = ?`, address);
  }

  /** Undefined for who is not in the book. */
  labelOf(address: string): string | undefined {
    return this.find(address)?.label;
  }

  /** Adds an address, or gives it (and all that stand on the same card) another name. */
  put(address: string, label: string): void {
    this.database.transaction(() => {
      const present = this.find(address);
      if (present === undefined) this.#insertCard(address, label);
      else if (present.label !== label) {
        this.database.run('UPDATE contacts SET label = ?, changed_at = unixepoch() WHERE card = ?', label, present.card);
        this.#touch(present.card);
      }
    });
  }

  /** Adds an address that is not in the book; the name that a known one has stays. */
  add(address: string, label: string): boolean {
    return this.database.transaction(() => {
      if (this.find(address) !== undefined) return false;
      this.#insertCard(address, label);
      return true;
    });
  }

  setNotes(address: string, notes: string): void {
    this.database.transaction(() => {
      const present = this.find(address);
      if (present === undefined || present.notes === notes) return;
      this.database.run('UPDATE contacts SET notes = ?, changed_at = unixepoch() WHERE card = ?', notes, present.card);
      this.#touch(present.card);
    });
  }

  remove(address: string): void {
    this.database.transaction(() => {
      const present = this.find(address);
      if (present === undefined) return;
      this.database.run('DELETE FROM contacts WHERE address = ?', address);
      if (this.onCard(present.card).length > 0) this.#touch(present.card);
      else this.#markRemoved(present.card);
    });
  }

  /** Those that are there. */
  cards(): CardRow[] {
    return this.database.all<CardRow>(`SELECT ${CARD} FROM cards WHERE removed = 0 ORDER BY sequence`);
  }

  card(name: string): CardRow | undefined {
    return this.database.get<CardRow>(`SELECT ${CARD} FROM cards WHERE name = ? AND removed = 0`, name);
  }

  onCard(name: string): ContactRow[] {
    return this.database.all<ContactRow>(`SELECT ${CONTACT} FROM contacts WHERE card = ? ORDER BY id`, name);
  }

  /** Writes a card in place of the one of that name, if there is one; addresses that are no longer on it leave the book. */
  putCard({ name, uid, rest, label, notes, addresses }: NewCard): void {
    this.database.transaction(() => {
      this.database.run(
        `INSERT INTO cards (name, uid, rest, sequence, removed) VALUES (?, ?, ?, ?, 0)
         ON CONFLICT (name) DO UPDATE SET uid = excluded.uid, rest = excluded.rest, sequence = excluded.sequence, removed = 0`,
        name,
        uid,
        rest,
        this.sequence() + 1,
      );
      for (const { address } of this.onCard(name)) {
        if (!addresses.includes(address)) this.database.run('DELETE FROM contacts WHERE address = ?', address);
      }
      for (const address of addresses) {
        this.database.run(
          `INSERT INTO contacts (address, label, notes, card, created_at, changed_at) VALUES (?, ?, ?, ?, unixepoch(), unixepoch())
           ON CONFLICT (address) DO UPDATE SET label = excluded.label, notes = excluded.notes, changed_at = excluded.changed_at`,
          address,
          label,
          notes,
          name,
        );
      }
    });
  }

  removeCard(name: string): void {
    this.database.transaction(() => {
      this.database.run('DELETE FROM contacts WHERE card = ?', name);
      this.#markRemoved(name);
    });
  }

  /** Cards that were written or removed since the book was in that state. */
  cardsChangedSince(sequence: number): { name: string; sequence: number; removed: boolean }[] {
    return this.database
      .all<{ name: string; sequence: number; removed: number }>(
        'SELECT name, sequence, removed FROM cards WHERE sequence > ? ORDER BY sequence',
        sequence,
      )
      .map((card) => ({ ...card, removed: card.removed === 1 }));
  }

  /** The state of the book: a number that grows with every change. */
  sequence(): number {
    return this.database.get<{ highest: number }>('SELECT coalesce(max(sequence), 0) AS highest FROM cards')!.highest;
  }

  #insertCard(address: string, label: string): void {
    // Not named after the address: the name outlives the card.
    const uid = randomUUID();
    this.putCard({ name: `${uid}.vcf`, uid, rest: '', label, notes: '', addresses: [address] });
  }

  #touch(card: string): void {
    this.database.run('UPDATE cards SET sequence = ? WHERE name = ?', this.sequence() + 1, card);
  }

  #markRemoved(card: string): void {
    this.database.run(`UPDATE cards SET removed = 1, uid = '', rest = '', sequence = ? WHERE name = ?`, this.sequence() + 1, card);
  }
}
