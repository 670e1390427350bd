/** The one place where an error becomes an IMAP answer. */
import { isDiskFull } from '../base/disk-full.js';
import type { Logger } from '../base/log.js';
import { StoreLimit } from '../store/mail/types.js';
import { ImapNo } from './folder-rules.js';
import { formatText } from './responses.js';
import { ImapBad } from './wire/imap-bad.js';

export function answerError(tag: string, error: unknown, utf8: boolean, log: Logger): string {
  if (error instanceof ImapNo) return `${tag} NO ${bracket(error.code)}${formatText(error.message, utf8)}\r\n`;
  if (error instanceof ImapBad) return `${tag} BAD ${bracket(error.code)}${formatText(error.message, utf8)}\r\n`;
  if (error instanceof StoreLimit) return `${tag} NO [LIMIT] ${formatText(error.message, utf8)}\r\n`;
  log.error('command failed', error);
  if (isDiskFull(error)) return `${tag} NO [OVERQUOTA] The disk is full: make room and try again\r\n`;
  return `${tag} NO [SERVERBUG] Internal error\r\n`;
}

function bracket(code: string): string {
  return code === '' ? '' : `[${code}] `;
}
