/** What the contact operations have in common: a contact for programs and in words, and the book's refusals. */
import { MAIL_DOMAIN } from '../mapping/address.js';
import { type Contact, type ContactBook, ContactRefusal } from '../mapping/contacts.js';
import { ControlRefusal } from './operation.js';

export function contactValue({ address, label, notes, petname }: Contact): Record<string, unknown> {
  return { address, label, notes, mail: mailOf(petname) };
}

/** "alice@bitmessage", or '' when the name does not lead to this contact alone. */
export function mailOf(petname: string): string {
  return petname === '' ? '' : `${petname}@${MAIL_DOMAIN}`;
}

/** @throws ControlRefusal in place of ContactRefusal */
export function inBook<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ContactRefusal) throw new ControlRefusal(error.say, { cause: error });
    throw error;
  }
}

/** The address of a contact by name, or any address that can be read. @throws ControlRefusal */
export function addressOf(wanted: string, contacts: ContactBook): string {
  try {
    return contacts.find(wanted).address;
  } catch (error) {
    if (!(error instanceof ContactRefusal)) throw error;
    return inBook(() => contacts.address(wanted));
  }
}
