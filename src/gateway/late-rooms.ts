/** Rooms that doors ask for before they are there: nobody gets through a door until the house behind it is open. */
import type { AddressBooks } from '../carddav/address-books.js';
import { MAX_HOLD_SECONDS } from '../mapping/hold.js';
import { MAX_MAIL_BYTES } from '../mapping/submit.js';
import type { Submission } from '../smtp/submission.js';

/** @param submission of the open house */
export function lateSubmission(submission: () => Submission): Submission {
  return {
    maxMessageBytes: MAX_MAIL_BYTES,
    maxHoldSeconds: MAX_HOLD_SECONDS,
    checkSender: (login, from) => submission().checkSender(login, from),
    checkRecipient: (login, recipient) => submission().checkRecipient(login, recipient),
    accept: (envelope, message) => submission().accept(envelope, message),
  };
}

/** @param books of the open house */
export function lateAddressBooks(books: () => AddressBooks): AddressBooks {
  return {
    list: (login) => books().list(login),
    cards: (login, book) => books().cards(login, book),
    card: (login, book, name) => books().card(login, book, name),
    put: (login, book, name, content) => books().put(login, book, name, content),
    remove: (login, book, name) => books().remove(login, book, name),
    changesSince: (login, book, state) => books().changesSince(login, book, state),
  };
}
