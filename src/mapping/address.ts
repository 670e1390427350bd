/** Pure: every form in which a mail program writes a Bitmessage address, and what is wrong with the ones that are none. */
import { type DecodeProblem, decodeAddress, formatAddress } from '../bitmessage/crypto/address.js';
import { fromAlias } from '../bitmessage/crypto/address-alias.js';
import { planSpellings } from '../bitmessage/crypto/spellings.js';
import { SmtpRefusal } from '../smtp/submission.js';
import type { Spelling } from '../store/spellings.js';
import type { Saying } from '../words/words.js';
import { findNamed, guessNamed, type Named, toPetname } from './petnames.js';
import { closestAddresses } from './spelling.js';
import { parseTtl } from './ttl.js';

/** Where a mail goes. */
export type Destination =
  | { readonly kind: 'message'; readonly to: string; readonly ttlSeconds: number | null }
  /** `from` null: from whatever identity the mail is from. */
  | { readonly kind: 'broadcast'; readonly from: string | null; readonly ttlSeconds: number | null }
  /** An address that has lost its capital letters, with those that it may be: none, as long as they are not found. */
  | { readonly kind: 'lowered'; readonly text: string; readonly candidates: readonly string[]; readonly ttlSeconds: number | null }
  /** For the gateway itself: leave this chan, or end this subscription. */
  | { readonly kind: 'unsubscribe'; readonly group: string }
  /** For the gateway itself: an order in words. */
  | { readonly kind: 'control' };

export interface AddressContext {
  /** Canonical addresses that this gateway has met: own, subscribed, written to, written from. Asked only when needed. */
  readonly known: () => readonly string[];
  /** What is known of an address without its capital letters, when it was asked for before. */
  readonly spelling?: (lowered: string) => Pick<Spelling, 'searched' | 'candidates' | 'chosen'> | undefined;
  /** The streams that our node serves. */
  readonly streams: readonly bigint[];
  /** The address book, by whose names mail can be addressed too; asked only when needed. */
  readonly contacts?: () => readonly Named[];
}

/** What we write behind an address. */
export const MAIL_DOMAIN = 'bitmessage';
/** What other bridges wrote there (PROTOCOL 6.6), and the form that resolves without DNS: people have them in their address books. */
const ALIAS_DOMAINS = new Set([MAIL_DOMAIN, 'bm.addr', 'bmaddr.lan', 'bm.agent', 'bitmessage.ch', 'bitmessage.localhost']);
/** Where one's own orders to this gateway go; a mail to it never leaves the machine. */
export const CONTROL_ADDRESS = `control@${MAIL_DOMAIN}`;
const CONTROL = 'control';
/** Must be accepted (RFC 5321 §4.5.1), and our own mails come from there: who answers these is told how to give orders. */
const POSTMASTER = 'postmaster';
const BROADCAST = 'broadcast';
/** Namesakes that a refusal lists; mail programs show a few lines. */
const MAX_NAMED = 4;
/** Shorter texts are names. */
const SHORTEST_ADDRESS = 30;
const UNSUBSCRIBE = 'unsubscribe';

/** "BM-…" -> "BM-…@bitmessage" */
export function toMailAddress(address: string): string {
  return `${address}@${MAIL_DOMAIN}`;
}

/** The address that stands for the subscribers of an identity. */
export function toBroadcastAddress(address: string): string {
  return `${address}+${BROADCAST}@${MAIL_DOMAIN}`;
}

/** Where List-Unsubscribe points: a mail to it leaves the chan, or ends the subscription. */
export function toUnsubscribeAddress(address: string): string {
  return `${address}+${UNSUBSCRIBE}@${MAIL_DOMAIN}`;
}

/** Reads a recipient as it stands in RCPT TO. @throws SmtpRefusal in words for the person who typed it */
export function parseRecipient(text: string, context: AddressContext): Destination {
  const { local, domain } = splitAddress(text);
  if (!isOurDomain(domain)) {
    throw new SmtpRefusal(550, '5.1.2', ({ sending }) => sending.notOurDomain(domain, `BM-...@${MAIL_DOMAIN}`));
  }
  if ([CONTROL, POSTMASTER].includes(local.toLowerCase())) return { kind: 'control' };
  const [base = '', ...tags] = local.split('+');
  if (tags.length === 1 && tags[0].toLowerCase() === UNSUBSCRIBE) return { kind: 'unsubscribe', group: resolveAddress(base, context) };
  let ttlSeconds: number | null = null;
  let broadcast = base.toLowerCase() === BROADCAST;
  let from: string | null = null;
  for (const tag of tags) {
    if (/^ttl=/i.test(tag)) ttlSeconds = readTtlTag(tag);
    else if (tag.toLowerCase() === BROADCAST && !broadcast) {
      broadcast = true;
      from = resolveAddress(base, context);
    } else if (broadcast && from === null && /^bm-/i.test(tag)) from = resolveAddress(tag, context);
    else throw new SmtpRefusal(550, '5.1.3', ({ sending }) => sending.unknownTag(tag));
  }
  if (broadcast) return { kind: 'broadcast', from, ttlSeconds };
  const lowered = parseLowered(base, context);
  return lowered === null ? { kind: 'message', to: resolveAddress(base, context), ttlSeconds } : { ...lowered, ttlSeconds };
}

/** As it is looked for: without "BM-", all letters small. @param text a recipient as typed */
export function toLowered(text: string): string {
  return withPrefix(splitAddress(text).local.split('+')[0]).slice('BM-'.length).toLowerCase();
}

/** A stranger's address whose capital letters are lost, and can be found. @throws SmtpRefusal when it cannot be one, whatever they were */
function parseLowered(base: string, context: AddressContext): Omit<Extract<Destination, { kind: 'lowered' }>, 'ttlSeconds'> | null {
  if (decodeAddress(withPrefix(base)).status === 'success') return null;
  const text = toLowered(base);
  const spelling = context.spelling?.(text);
  if (spelling === undefined && !isStrangerInOneCase(base, context)) return null;
  if (spelling?.searched && spelling.candidates.length === 0) {
    throw new SmtpRefusal(550, '5.1.1', ({ sending }) => sending.loweredMistyped(base));
  }
  return { kind: 'lowered', text, candidates: spelling?.chosen ? [spelling.chosen] : (spelling?.candidates ?? []) };
}

/** Nobody's address whom we know or nearly know, and yet it could be one. */
function isStrangerInOneCase(base: string, context: AddressContext): boolean {
  const digits = base.trim().replace(/^bm-/i, '');
  if (digits.length < SHORTEST_ADDRESS || (/[a-z]/.test(digits) && /[A-Z]/.test(digits))) return false;
  return planSpellings(digits, context.streams).length > 0 && closestAddresses(withPrefix(base), context.known()).length === 0;
}

/** The canonical address that a mail address stands for, or null when it is none of ours: for From headers and logins. */
export function findAddress(text: string, known: () => readonly string[]): string | null {
  const { local, domain } = splitAddress(text);
  const base = local.split('+')[0];
  if (!isOurDomain(domain)) return null;
  const decoded = decodeAddress(withPrefix(fromAlias(base) ?? base));
  if (decoded.status === 'success') return formatAddress(decoded.address);
  const matches = sameLetters(base, known());
  return matches.length === 1 ? matches[0] : null;
}

/** Why a text is no address that can be used here, for who wrote it elsewhere than in a mail: a sentence without its full stop. */
export function explainAddress(text: string, known: () => readonly string[]): Saying {
  const { local } = splitAddress(text);
  const [closest] = closestAddresses(withPrefix(local), known());
  if (closest !== undefined) return ({ contacts }) => contacts.didYouMean(text, closest);
  const { status } = decodeAddress(withPrefix(local));
  const isMeantAsOne = /^bm-/i.test(local) || local.length >= SHORTEST_ADDRESS;
  return ({ contacts, sending }) => (isMeantAsOne && status !== 'success' ? sending.noAddress[status](text) : contacts.noAddress(text));
}

function splitAddress(text: string): { local: string; domain: string } {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  const local = at === -1 ? trimmed : trimmed.slice(0, at);
  const domain =
    at === -1
      ? MAIL_DOMAIN
      : trimmed
          .slice(at + 1)
          .toLowerCase()
          .replace(/\.$/, '');
  // RFC 5321 §4.1.2: a quoted local part stands for what is between the quotes, with the backslashes taken away.
  return { local: /^".*"$/.test(local) ? local.slice(1, -1).replace(/\\(.)/g, '$1') : local, domain };
}

function isOurDomain(domain: string): boolean {
  return ALIAS_DOMAINS.has(domain);
}

function readTtlTag(tag: string): number {
  const ttl = parseTtl(tag.slice('ttl='.length));
  if (typeof ttl === 'function') throw new SmtpRefusal(550, '5.1.3', (words) => words.sending.badTag(tag, ttl(words)));
  return ttl;
}

/** @throws SmtpRefusal */
function resolveAddress(text: string, context: AddressContext): string {
  const decoded = decodeAddress(withPrefix(fromAlias(text) ?? text));
  if (decoded.status === 'success') {
    const { version, stream } = decoded.address;
    if (version < 2) throw new SmtpRefusal(550, '5.1.3', ({ sending }) => sending.versionOne(text));
    if (!context.streams.includes(stream)) throw new SmtpRefusal(550, '5.1.2', ({ sending }) => sending.otherStream(text, String(stream)));
    return formatAddress(decoded.address);
  }
  const known = context.known();
  const matches = sameLetters(text, known);
  if (matches.length === 1) return matches[0];
  if (matches.length > 1) throw new SmtpRefusal(550, '5.1.4', ({ sending }) => sending.lowered(text, matches));
  const contacts = context.contacts?.() ?? [];
  const named = findNamed(text, contacts);
  if (named.length === 1) return named[0].address;
  if (named.length > 1) {
    const names = named.slice(0, MAX_NAMED).map(({ label, address }) => `"${label}" ${address}`);
    throw new SmtpRefusal(550, '5.1.4', ({ sending }) => sending.namesakes(text, names));
  }
  throw refuse(text, decoded.status, known, contacts);
}

function refuse(text: string, problem: DecodeProblem, known: readonly string[], contacts: readonly Named[]): SmtpRefusal {
  const [closest] = closestAddresses(withPrefix(text), known);
  if (closest !== undefined) return new SmtpRefusal(550, '5.1.1', ({ sending }) => sending.didYouMean(text, closest));
  if (!/^bm-/i.test(text) && text.length < SHORTEST_ADDRESS) {
    const guesses = guessNamed(text, contacts).map(({ label, address }) => `${toPetname(label)}@${MAIL_DOMAIN} (${address})`);
    return new SmtpRefusal(550, '5.1.1', ({ sending }) =>
      guesses.length === 0 ? sending.nobody(text) : sending.nobodyButMaybe(text, guesses),
    );
  }
  if (problem !== 'versiontoohigh' && text.length >= SHORTEST_ADDRESS && !/[A-Z]/.test(text.replace(/^bm-/i, ''))) {
    return new SmtpRefusal(550, '5.1.1', ({ sending }) => sending.loweredNone(text));
  }
  return new SmtpRefusal(550, '5.1.3', ({ sending }) => sending.noAddress[problem](text));
}

/** Some programs and address books write everything in lower case; base 58 means something else then. */
function sameLetters(text: string, known: readonly string[]): string[] {
  const wanted = withPrefix(text).toLowerCase();
  return [...new Set(known)].filter((address) => address.toLowerCase() === wanted);
}

function withPrefix(text: string): string {
  return `BM-${text.trim().replace(/^bm-/i, '')}`;
}
