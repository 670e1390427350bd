/** The address book, and orders about other people. */
import { write } from './write.js';

const addressOrContact = 'the address, or the name of a contact';
const nameOrAddress = 'its address or its name';

export const contacts = {
  isYours: (address: string) => `${address} is your own`,
  nameYours: (address: string) => `${address} is your own: name it with "identity", or its chan's folder`,
  unknown: (wanted: string) => `there is no contact "${wanted}"`,
  ambiguous: (wanted: string, addresses: readonly string[]) => `"${wanted}" could be ${write.either(addresses)}: use the address`,
  noAddress: (typed: string) => `"${typed}" is no Bitmessage address (BM-...)`,
  didYouMean: (typed: string, address: string) => `"${typed}" is mistyped: did you mean ${address}?`,
  tooManyAddresses: (most: number) => `a card holds ${write.number(most)} addresses at most`,
  isThere: (address: string, name: string) => `${address} is in the book already, as "${name}"`,
  full: (most: number) => `the book is full: it holds ${write.number(most)} contacts`,
  nameless: 'a contact needs a name',
  longName: (most: number) => `a name has ${write.number(most)} characters at most`,
  longNotes: (most: number) => `notes have ${write.number(most)} characters at most`,

  /** Asked for by an address book program. */
  cards: {
    notRemoved: (book: string) => `Nothing is removed from ${book} here: delete its folder`,
    noAddress: 'A contact here has a Bitmessage address (BM-...) as its e-mail',
    uidTaken: (uid: string) => `The card ${uid} is in the book already`,
    notMade: (book: string) => `Cards of ${book} are not made here: only their names can be changed`,
  },

  add: {
    help: 'Give an address a name; mail to that name reaches it.',
    address: 'BM-…',
    name: 'what you call it',
    notes: 'anything worth remembering',
    reach: (mail: string) => `write to ${mail}`,
    noReach: 'another contact has the same name: write to the address',
  },
  list: { help: 'List the address book.', none: 'no contacts yet' },
  remove: {
    help: 'Take a contact out of the address book; mail stays.',
    contact: nameOrAddress,
    done: (name: string, address: string) => `Removed ${name} (${address}).`,
  },
  rename: { help: 'Give a contact another name.', contact: nameOrAddress, name: 'what you call it from now on' },
  block: {
    help: 'Take no more messages from an address; it gets no acknowledgements.',
    sender: addressOrContact,
    done: (address: string) => `Blocked ${address}.`,
  },
  unblock: {
    help: 'Take messages from an address again.',
    sender: addressOrContact,
    isNot: (address: string) => `${address} is not blocked`,
    done: (address: string) => `Unblocked ${address}.`,
  },
  blocked: { help: 'List the addresses that you blocked.', nobody: 'nobody is blocked' },
  reads: {
    help: "Say what somebody's program shows: plain text and images, or any attachment.",
    address: 'BM-…, or the name of a contact',
    what: 'plain, extended, or unknown (then it is learnt from what comes)',
    isNone: 'say plain, extended or unknown',
  },
  spelling: {
    help: 'Say which address you mean, when a mail asks you.',
    address: 'the address, as that mail shows it',
    notAsked: (address: string) => `nothing was asked about ${address}`,
    done: (address: string) => `Your mail goes to ${address}.`,
  },
};
