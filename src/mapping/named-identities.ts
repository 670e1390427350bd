/** Identities by their names: the one that somebody logs in as, made if there is none. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.js';
import { KeysLocked } from '../bitmessage/key-vault.js';
import type { BitmessageNode, Identity } from '../bitmessage/node.js';
import { composeMail } from '../mime/compose-mail.js';
import type { Mailboxes } from '../store/mail/types.js';
import type { Words } from '../words/words.js';
import { MAIL_DOMAIN } from './address.js';
import { newAddressMail } from './welcome.js';

export interface NamedIdentitiesRooms {
  readonly mailboxes: Mailboxes;
  readonly node: BitmessageNode;
  readonly clock: Clock;
  readonly words: Words;
}

/** It stands in one line of a list, and in the From of one's own mails. */
export const MAX_LABEL_CHARACTERS = 100;
/** Each has its share in the trial decryption of every message; a mail program that makes up names shall not fill the house. */
const MAX_IDENTITIES = 100;

/** Pure: the name of an identity as it is kept, or null when a text is none. */
export function toLabel(text: string): string | null {
  const label = text.trim();
  return label === '' || label.length > MAX_LABEL_CHARACTERS || /\p{Cc}/u.test(label) ? null : label;
}

export class NamedIdentities {
  /** Being made, by name: a mail program opens several connections at once. */
  readonly #making = new Map<string, Promise<string | null>>();

  constructor(private readonly rooms: NamedIdentitiesRooms) {}

  /** The address of the one of that name, in any case; the oldest, should there be several. Null: it is no name, there are enough, or the keys are locked. */
  async find(typed: string): Promise<string | null> {
    const label = toLabel(typed);
    if (label === null) return null;
    const name = label.toLowerCase();
    const own = this.#own();
    const present = own.find((identity) => identity.label.toLowerCase() === name);
    if (present !== undefined) return present.address;
    const making = this.#making.get(name) ?? (own.length + this.#making.size < MAX_IDENTITIES ? this.#make(label, name) : null);
    return making;
  }

  #make(label: string, name: string): Promise<string | null> {
    const making = this.#makeAndTell(label)
      .catch((error: unknown) => {
        if (error instanceof KeysLocked) return null;
        throw error;
      })
      .finally(() => this.#making.delete(name));
    this.#making.set(name, making);
    return making;
  }

  async #makeAndTell(label: string): Promise<string> {
    const { clock, mailboxes, node, words } = this.rooms;
    const { address } = await node.createIdentity({ label });
    const raw = await composeMail(
      newAddressMail({ address, now: clock.now(), messageId: `<${randomUUID()}@${MAIL_DOMAIN}>` }, label, words),
    );
    mailboxes.append(mailboxes.find('INBOX')!.id, [{ raw, flags: [], internalDate: clock.now(), identity: address }]);
    return address;
  }

  #own(): Identity[] {
    return this.rooms.node.identities().filter(({ chan }) => !chan);
  }
}
