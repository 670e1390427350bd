/** Sets of folders as NOTIFY (RFC 5465 §6) and ESEARCH (RFC 7377 §2.2) name them. */
import type { Mailbox } from '../../store/mail/types.js';
import type { Session } from '../session.js';
import type { Lexer } from '../wire/lexer.js';
import { DELIMITER } from '../wire/mailbox-name.js';

export type MailboxFilter =
  | { readonly kind: 'selected' | 'selected-delayed' | 'inboxes' | 'personal' | 'subscribed' }
  | { readonly kind: 'subtree' | 'subtree-one' | 'mailboxes'; readonly paths: readonly string[] };

const NAME = /[A-Za-z-]+/y;

/** @throws ImapBad */
export function parseMailboxFilter(args: Lexer): MailboxFilter {
  const kind = args.match(NAME)?.toLowerCase();
  switch (kind) {
    case 'selected':
    case 'selected-delayed':
    case 'inboxes':
    case 'personal':
    case 'subscribed':
      return { kind };
    case 'subtree':
    case 'subtree-one':
    case 'mailboxes': {
      args.space();
      const paths = args.peek('(') ? args.list(() => args.mailbox()) : [args.mailbox()];
      if (paths.length === 0) throw args.bad('the name of a mailbox');
      return { kind, paths: paths.filter((path) => path !== null) };
    }
    default:
      throw args.bad('a set of mailboxes');
  }
}

/** Whether a folder belongs to the set; the selected one is named by its own filters alone. */
export function isIn(filter: MailboxFilter, path: string, subscriptions: ReadonlySet<string>): boolean {
  switch (filter.kind) {
    case 'selected':
    case 'selected-delayed':
      return false;
    // Mail comes into chans, lists and groups too: RFC 5465 §6.3 makes INBOXES the same as PERSONAL where that cannot be told.
    case 'inboxes':
    case 'personal':
      return true;
    case 'subscribed':
      return subscriptions.has(path);
    case 'mailboxes':
      return filter.paths.includes(path);
    case 'subtree':
      return filter.paths.some((top) => path === top || path.startsWith(top + DELIMITER));
    case 'subtree-one':
      return filter.paths.some(
        (top) => path === top || (path.startsWith(top + DELIMITER) && !path.slice(top.length + 1).includes(DELIMITER)),
      );
  }
}

/** The folders that hold messages and that this client sees. */
export function visibleFolders(session: Session): Mailbox[] {
  const { mailboxes, folders } = session.rooms;
  return mailboxes.list().filter((mailbox) => mailbox.selectable && folders.visible(session.login, mailbox.path));
}
