/** STATUS, RFC 9051 §6.3.11, with the items of RFC 7162, 7889, 8438, 8474 and 9208. */
import type { Counts, Mailbox } from '../../store/mail/types.js';
import { type Command, LOGGED_IN } from '../command.js';
import type { Session } from '../session.js';
import { ImapBad } from '../wire/imap-bad.js';
import type { Lexer } from '../wire/lexer.js';
import { findFolder } from './folder.js';
import { toStorageUnits } from './quota.js';

const ITEMS = [
  'MESSAGES',
  'RECENT',
  'UIDNEXT',
  'UIDVALIDITY',
  'UNSEEN',
  'DELETED',
  'DELETED-STORAGE',
  'SIZE',
  'HIGHESTMODSEQ',
  'MAILBOXID',
  'APPENDLIMIT',
] as const;

export type StatusItem = (typeof ITEMS)[number];

export const status: Command<{ path: string | null; items: StatusItem[] }> = {
  states: LOGGED_IN,
  parse: (args) => {
    args.space();
    const path = args.mailbox();
    args.space();
    return { path, items: parseStatusItems(args) };
  },
  run: async ({ path, items }, session) => {
    if (items.includes('HIGHESTMODSEQ')) session.enableCondstore();
    const mailbox = findFolder(session, path);
    const recent = items.includes('RECENT') ? await countRecent(session, mailbox) : 0;
    session.send(formatStatus(session, mailbox, items, session.rooms.mailboxes.counts(mailbox.id, session.login.identity), recent));
    return undefined;
  },
};

/** "(MESSAGES UNSEEN)". */
export function parseStatusItems(args: Lexer): StatusItem[] {
  const items = args.list(() => {
    const name = args.keyword();
    const item = ITEMS.find((known) => known === name);
    if (item === undefined) throw new ImapBad('No such status item');
    return item;
  });
  if (items.length === 0) throw new ImapBad('Name at least one status item');
  return items;
}

/** Messages that no session was told of yet. */
export async function countRecent(session: Session, { id }: Mailbox): Promise<number> {
  const now = await session.rooms.folderUids.open(id, session.login.identity, () => session.breathe());
  return now === undefined ? 0 : now.uids.length - now.uids.lowerBound(now.mailbox.recentFrom);
}

/** @param recent where that is among the items */
export function formatStatus(session: Session, mailbox: Mailbox, items: readonly StatusItem[], counts: Counts, recent = 0): string {
  let pairs = '';
  for (const item of items) pairs += `${pairs === '' ? '' : ' '}${item} ${itemValue(item, session, mailbox, counts, recent)}`;
  return `* STATUS ${session.formatMailbox(mailbox.path)} (${pairs})\r\n`;
}

function itemValue(item: StatusItem, session: Session, mailbox: Mailbox, counts: Counts, recent: number): string | number {
  switch (item) {
    case 'MESSAGES':
      return counts.messages;
    case 'RECENT':
      return recent;
    case 'UIDNEXT':
      return mailbox.uidNext;
    case 'UIDVALIDITY':
      return mailbox.uidValidity;
    case 'UNSEEN':
      return counts.unseen;
    case 'DELETED':
      return counts.deleted;
    case 'DELETED-STORAGE':
      return toStorageUnits(counts.deletedSize);
    case 'SIZE':
      return counts.size;
    case 'HIGHESTMODSEQ':
      return mailbox.highestModseq;
    case 'MAILBOXID':
      return `(${mailbox.objectId})`;
    case 'APPENDLIMIT':
      return session.rooms.folders.appendLimit(mailbox.path);
  }
}
