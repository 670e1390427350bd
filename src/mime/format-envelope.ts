/** ENVELOPE as it goes over the wire, RFC 9051 §7.5.2: what the sender wrote, byte for byte. Pure. */
import type { Address } from './address-list.js';
import type { Envelope } from './envelope.js';

/** Quoted strings above this length go as literals: some clients read lines into small buffers. */
const MAX_QUOTED_LENGTH = 1000;

/** Text and result are latin1: a character for each byte. */
export function formatEnvelope(envelope: Envelope): string {
  const { date, subject, from, sender, replyTo, to, cc, bcc, inReplyTo, messageId } = envelope;
  const lists = [from, sender, replyTo, to, cc, bcc].map(formatAddresses).join(' ');
  return `(${nstring(date)} ${nstring(subject)} ${lists} ${nstring(inReplyTo)} ${nstring(messageId)})`;
}

/** A string or NIL. */
export function nstring(text: string | null): string {
  return text === null ? 'NIL' : imapString(text);
}

/** Quoted where that is safe, else a literal. */
export function imapString(text: string): string {
  if (text.length <= MAX_QUOTED_LENGTH && QUOTABLE.test(text)) return `"${text}"`;
  // A NUL cannot be said in IMAP at all: RFC 9051 §9 CHAR8.
  const sayable = text.replaceAll('\0', '?');
  return `{${sayable.length}}\r\n${sayable}`;
}

// Without the characters that need a backslash: clients exist that do not take it away, all read literals.
const QUOTABLE = /^[ !#-[\]-~\t]*$/;

function formatAddresses(addresses: readonly Address[]): string {
  if (addresses.length === 0) return 'NIL';
  const formatted = addresses.map(
    ({ name, route, mailbox, host }) => `(${nstring(name)} ${nstring(route)} ${nstring(mailbox)} ${nstring(host)})`,
  );
  return `(${formatted.join('')})`;
}
