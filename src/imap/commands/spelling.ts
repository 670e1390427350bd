/** Tells a client of IMAP4rev2 how the store spells the name of a folder that it spelt otherwise: RFC 9051 §6.3.9.7. */
import { formatList, formatOldName, nameAttributes } from '../responses.js';
import type { Session } from '../session.js';
import { DELIMITER } from '../wire/mailbox-name.js';

/** The LIST response of one name. @param typed the name as the client spelt it; null: as the store does */
export function formatName(session: Session, path: string, typed: string | null): string {
  const { mailboxes } = session.rooms;
  const hasChildren = mailboxes.list().some((other) => other.path.startsWith(path + DELIMITER));
  const words = nameAttributes(mailboxes.find(path), hasChildren, mailboxes.subscriptions().includes(path));
  return formatList('LIST', words, path, session.utf8, formatOldName(typed, session.utf8));
}

export function tellSpelling(session: Session, path: string, typed: string | null): void {
  if (typed !== null && session.enabled.has('IMAP4rev2')) session.send(formatName(session, path, typed));
}
