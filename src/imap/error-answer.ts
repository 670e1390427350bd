/** The one place where an error becomes an IMAP answer. */
import { isDamage, isDiskFull } from '../base/disk-fault.js';
import { StoreLimit } from '../store/mail/message-types.js';
import { ImapNo } from './folder-rules.js';
import { formatText } from './responses.js';
import type { Session } from './session.js';
import { ImapBad } from './wire/imap-bad.js';

/** Who gets the answer. */
type Reader = Pick<Session, 'utf8'> & { readonly rooms: Pick<Session['rooms'], 'log' | 'words'> };

/** Text for people is in their language, and that for whoever writes the client in English. */
export function answerError(tag: string, error: unknown, { utf8, rooms: { log, words } }: Reader): string {
  if (error instanceof ImapNo) return `${tag} NO ${bracket(error.code)}${formatText(error.say(words), utf8)}\r\n`;
  if (error instanceof ImapBad) return `${tag} BAD ${bracket(error.code)}${formatText(error.message, utf8)}\r\n`;
  if (error instanceof StoreLimit) return `${tag} NO [LIMIT] ${formatText(error.message, utf8)}\r\n`;
  log.error('command failed', error);
  if (isDiskFull(error)) return `${tag} NO [OVERQUOTA] ${formatText(words.folders.diskFull, utf8)}\r\n`;
  if (isDamage(error)) return `${tag} NO [CORRUPTION] ${formatText(words.folders.damaged, utf8)}\r\n`;
  return `${tag} NO [SERVERBUG] Internal error\r\n`;
}

function bracket(code: string): string {
  return code === '' ? '' : `[${code}] `;
}
