/** Pure: the address that a person means who writes a contact's name instead: "alice@bitmessage". */
import { closestAddresses } from './spelling.js';

export interface Named {
  readonly address: string;
  readonly label: string;
}

/** In shorter names a wrong letter makes another name, and not a mistyped one. */
const MIN_GUESSED_CHARACTERS = 4;
const MAX_GUESSES = 3;

/** A label as it stands before "@": letters and digits of any script in lower case, a dot for whatever lies between. */
export function toPetname(label: string): string {
  return label
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '.')
    .replace(/^\.+|\.+$/g, '');
}

/** Everybody whom this name may mean. Accents count only where two names differ in nothing else. */
export function findNamed<T extends Named>(text: string, contacts: readonly T[]): T[] {
  const wanted = toPetname(text);
  if (wanted === '') return [];
  const exact = contacts.filter(({ label }) => toPetname(label) === wanted);
  return exact.length > 0 ? exact : contacts.filter(({ label }) => withoutAccents(toPetname(label)) === withoutAccents(wanted));
}

/** Contacts whose names are one or two letters away, the closest first. */
export function guessNamed(text: string, contacts: readonly Named[]): Named[] {
  const wanted = toPetname(text);
  if (wanted.length < MIN_GUESSED_CHARACTERS) return [];
  const byName = new Map(contacts.map((contact) => [toPetname(contact.label), contact]));
  const names = [...byName.keys()].filter((name) => name.length >= MIN_GUESSED_CHARACTERS);
  return closestAddresses(wanted, names)
    .slice(0, MAX_GUESSES)
    .map((name) => byName.get(name)!);
}

function withoutAccents(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '');
}
