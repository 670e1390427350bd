/** In German: the address book, and orders about other people. */
import type { contacts as english } from '../english/contacts.js';
import { write } from './write.js';

const addressOrContact = 'die Adresse oder der Name eines Kontakts';
const nameOrAddress = 'seine Adresse oder sein Name';

export const contacts: typeof english = {
  isYours: (address) => `${address} gehört Ihnen selbst`,
  nameYours: (address) => `${address} gehört Ihnen selbst: Benennen Sie sie mit „identity“, oder den Ordner ihres Kanals`,
  unknown: (wanted) => `Es gibt keinen Kontakt „${wanted}“`,
  ambiguous: (wanted, addresses) => `„${wanted}“ kann ${write.either(addresses)} sein: Nennen Sie die Adresse`,
  noAddress: (typed) => `„${typed}“ ist keine Bitmessage-Adresse (BM-...)`,
  didYouMean: (typed, address) => `„${typed}“ enthält einen Tippfehler: Meinten Sie ${address}?`,
  tooManyAddresses: (most) => `Eine Karte fasst höchstens ${write.number(most)} Adressen`,
  isThere: (address, name) => `${address} steht schon im Adressbuch, als „${name}“`,
  full: (most) => `Das Adressbuch ist voll: Es fasst ${write.number(most)} Kontakte`,
  nameless: 'Ein Kontakt braucht einen Namen',
  longName: (most) => `Ein Name hat höchstens ${write.number(most)} Zeichen`,
  longNotes: (most) => `Notizen haben höchstens ${write.number(most)} Zeichen`,

  cards: {
    notRemoved: (book) => `Aus ${book} wird hier nichts entfernt: Löschen Sie den Ordner`,
    noAddress: 'Ein Kontakt hat hier eine Bitmessage-Adresse (BM-...) als E-Mail-Adresse',
    uidTaken: (uid) => `Die Karte ${uid} steht schon im Adressbuch`,
    notMade: (book) => `Karten in ${book} werden hier nicht angelegt: Nur ihre Namen lassen sich ändern`,
  },

  add: {
    help: 'Gibt einer Adresse einen Namen; Mail an diesen Namen erreicht sie.',
    address: 'BM-…',
    name: 'wie Sie sie nennen',
    notes: 'was Sie sich dazu merken möchten',
    reach: (mail) => `schreiben Sie an ${mail}`,
    noReach: 'ein anderer Kontakt heißt ebenso: Schreiben Sie an die Adresse',
  },
  list: { help: 'Zeigt das Adressbuch.', none: 'noch keine Kontakte' },
  remove: {
    help: 'Nimmt einen Kontakt aus dem Adressbuch; die Mails bleiben.',
    contact: nameOrAddress,
    done: (name, address) => `${name} (${address}) ist entfernt.`,
  },
  rename: { help: 'Gibt einem Kontakt einen anderen Namen.', contact: nameOrAddress, name: 'wie Sie ihn von nun an nennen' },
  block: {
    help: 'Nimmt von einer Adresse keine Nachrichten mehr an; sie erhält keine Bestätigungen.',
    sender: addressOrContact,
    done: (address) => `${address} ist blockiert.`,
  },
  unblock: {
    help: 'Nimmt von einer Adresse wieder Nachrichten an.',
    sender: addressOrContact,
    isNot: (address) => `${address} ist nicht blockiert`,
    done: (address) => `${address} ist nicht mehr blockiert.`,
  },
  blocked: { help: 'Zeigt die Adressen, die Sie blockiert haben.', nobody: 'niemand ist blockiert' },
  reads: {
    help: 'Sagt, was das Programm von jemandem zeigt: nur Text und Bilder, oder jeden Anhang.',
    address: 'BM-… oder der Name eines Kontakts',
    what: 'plain, extended oder unknown (dann wird es aus dem gelernt, was kommt)',
    isNone: 'Sagen Sie plain, extended oder unknown',
  },
  spelling: {
    help: 'Sagt, welche Adresse Sie meinen, wenn eine Mail Sie danach fragt.',
    address: 'die Adresse, wie jene Mail sie zeigt',
    notAsked: (address) => `Nach ${address} wurde nicht gefragt`,
    done: (address) => `Ihre Mail geht an ${address}.`,
  },
};
