/** DOOR: what the CardDAV server asks of the house: address books, and the cards in them. */
import type { Login } from '../access/login.js';
import type { CardContent } from '../mime/vcard.js';

export interface AddressBook {
  /** As in its URL. */
  readonly id: string;
  readonly name: string;
  /** Cards can be made and removed; otherwise only renamed. */
  readonly writable: boolean;
  /** Another text after every change. */
  readonly state: string;
}

export interface Card {
  /** The last part of its URL, "….vcf". */
  readonly name: string;
  /** Another text after every change, without quotes. */
  readonly etag: string;
  readonly content: CardContent;
}

export interface CardChanges {
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export interface AddressBooks {
  list(login: Login): readonly AddressBook[];
  cards(login: Login, book: string): readonly Card[];
  card(login: Login, book: string, name: string): Card | undefined;
  /** Makes a card, or writes it anew. @throws CardRefusal */
  put(login: Login, book: string, name: string, content: CardContent): Promise<void>;
  /** @throws CardRefusal */
  remove(login: Login, book: string, name: string): void;
  /** What changed since the book was in that state; null when that cannot be told: everything is to be read anew. */
  changesSince(login: Login, book: string, state: string): CardChanges | null;
}

/** The card cannot be kept as it is; the person may read why. */
export class CardRefusal extends Error {
  override readonly name = 'CardRefusal';

  constructor(
    /** RFC 6352 §6.3.2.1, or null for what is simply not allowed. */
    readonly precondition: 'valid-address-data' | 'no-uid-conflict' | null,
    message: string,
  ) {
    super(message);
  }
}
