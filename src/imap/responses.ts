/** Untagged answers that many commands give, as text. */
import type { Mailbox } from '../store/mail/types.js';
import { toAscii } from '../words/ascii.js';
import { isAstringAtom, string } from './wire/encoder.js';
import { DELIMITER, encodeUtf7 } from './wire/mailbox-name.js';
import { formatSequenceSet } from './wire/sequence-set.js';

export const SYSTEM_FLAGS: readonly string[] = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'];

/** "(\Seen keyword)". */
export function formatFlags(flags: readonly string[], recent = false): string {
  return `(${recent ? [...flags, '\\Recent'].join(' ') : flags.join(' ')})`;
}

/** A mailbox name as this client reads it. */
export function formatMailbox(path: string, utf8: boolean): string {
  const name = utf8 ? path : encodeUtf7(path);
  return isAstringAtom(name) ? name : string(name, utf8).toString('utf8');
}

/** RFC 9051 §6.3.9.7: the name that the client gave, where the store spells it otherwise, or the name before a RENAME. */
export function formatOldName(oldName: string | null, utf8: boolean): string {
  return oldName === null ? '' : ` ("OLDNAME" (${formatMailbox(oldName, utf8)}))`;
}

export function formatList(kind: 'LIST' | 'LSUB', attributes: readonly string[], path: string, utf8: boolean, extended = ''): string {
  return `* ${kind} (${attributes.join(' ')}) "${DELIMITER}" ${formatMailbox(path, utf8)}${extended}\r\n`;
}

/** What LIST says of a name; undefined: there is no such folder. */
export function nameAttributes(mailbox: Mailbox | undefined, hasChildren: boolean, isSubscribed: boolean): string[] {
  const words: string[] = [];
  if (mailbox === undefined) words.push('\\NonExistent');
  else if (!mailbox.selectable) words.push('\\Noselect');
  words.push(hasChildren ? '\\HasChildren' : '\\HasNoChildren');
  if (isSubscribed) words.push('\\Subscribed');
  if (mailbox?.specialUse) words.push(mailbox.specialUse);
  return words;
}

/** EXPUNGE one by one, or VANISHED for a client that speaks QRESYNC (RFC 7162 §3.2.10). */
export function formatExpunged(numbers: readonly number[], uids: readonly number[], vanished: boolean): string {
  if (numbers.length === 0) return '';
  if (vanished) return `* VANISHED ${formatSequenceSet(uids)}\r\n`;
  return numbers.map((number) => `* ${number} EXPUNGE\r\n`).join('');
}

/** Human-readable text of a response: one line, and ASCII unless the client takes UTF-8. */
export function formatText(text: string, utf8: boolean): string {
  const line = text.replace(/[\p{Cc}]+/gu, ' ').trim();
  return (utf8 ? line : toAscii(line)) || 'Done';
}
