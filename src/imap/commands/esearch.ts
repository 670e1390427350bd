/** ESEARCH in several folders at once, RFC 7377. */
import type { Mailbox } from '../../store/mail/types.js';
import { type Command, LOGGED_IN } from '../command.js';
import { findMessages, type SearchedFolder } from '../find-messages.js';
import { asksModseq, type SearchKey } from '../search/key.js';
import { keepUpdated } from '../search-updates.js';
import type { Session } from '../session.js';
import { UidList } from '../uid-list.js';
import { quoted } from '../wire/encoder.js';
import { ImapBad } from '../wire/imap-bad.js';
import type { Lexer } from '../wire/lexer.js';
import { isIn, type MailboxFilter, parseMailboxFilter, visibleFolders } from './mailbox-filter.js';
import { RETURN_ALL, type ReturnOptions } from './return-syntax.js';
import { refuseNumbers, requireCharset, requireFreeTag } from './search.js';
import { answerExtended, chooseSaved } from './search-answer.js';
import { parseSearch, type SearchRequest } from './search-syntax.js';

interface MultiSearch extends SearchRequest {
  readonly filters: readonly MailboxFilter[];
}

export const esearch: Command<MultiSearch> = {
  states: LOGGED_IN,
  parse: (args) => {
    const filters = args.skip(' IN (') ? parseSources(args) : [{ kind: 'selected' } as const];
    return { filters, ...parseSearch(args) };
  },
  run: async ({ filters, returns, charset, key }, session) => {
    requireCharset(session, charset);
    const options = returns ?? RETURN_ALL;
    refuseNumbers(session, key);
    const selectedOnly = filters.every(({ kind }) => kind === 'selected');
    if (options.save && !selectedOnly) throw new ImapBad('SAVE goes with the selected mailbox alone');
    if (options.update !== null) requireFreeTag(session);
    const folders = chooseFolders(session, filters);
    if (asksModseq(key)) session.enableCondstore();
    for (const folder of folders) await searchFolder(session, folder, key, options);
    if (options.update !== null && !selectedOnly) {
      session.send(`* NO [NOUPDATE ${quoted(session.tag).toString('latin1')}] Only the selected mailbox is watched\r\n`);
    }
    return undefined;
  },
};

/** "selected subtree Lists mailboxes (a b))". */
function parseSources(args: Lexer): MailboxFilter[] {
  const filters: MailboxFilter[] = [];
  do {
    const filter = parseMailboxFilter(args);
    if (filter.kind === 'selected-delayed') throw new ImapBad('That is for NOTIFY'); // RFC 7377 §2.2
    filters.push(filter);
  } while (args.skip(' '));
  args.expect(')');
  return filters;
}

/** Each once, in the order of LIST. */
function chooseFolders(session: Session, filters: readonly MailboxFilter[]): Mailbox[] {
  const wantsSelected = filters.some(({ kind }) => kind === 'selected');
  if (wantsSelected && session.state !== 'selected') throw new ImapBad('No mailbox is selected');
  const subscriptions = new Set(session.rooms.mailboxes.subscriptions());
  return visibleFolders(session).filter(
    ({ id, path }) => (wantsSelected && id === session.view.id) || filters.some((filter) => isIn(filter, path, subscriptions)),
  );
}

/** RFC 7377 §2.1: a folder in which nothing was found is passed over in silence. */
async function searchFolder(session: Session, mailbox: Mailbox, key: SearchKey, returns: ReturnOptions): Promise<void> {
  const isSelected = session.state === 'selected' && session.view.id === mailbox.id;
  const uids = await findMessages(session, key, isSelected ? session.view : await asItIs(session, mailbox));
  const correlator = ` MAILBOX ${session.formatMailbox(mailbox.path)} UIDVALIDITY ${mailbox.uidValidity}`;
  if (isSelected && returns.save) session.view.saved = await chooseSaved(session, uids, returns);
  if (isSelected && returns.update !== null) {
    keepUpdated(session, { tag: session.tag, correlator, by: 'uid', key, criteria: null, items: returns.update, result: uids });
  }
  if (uids.length === 0) return;
  await answerExtended(session, { uids, by: 'uid', withModseq: asksModseq(key) }, returns, { id: mailbox.id, correlator });
}

async function asItIs(session: Session, { id }: Mailbox): Promise<SearchedFolder> {
  const now = await session.rooms.folderUids.open(id, session.login.identity, () => session.breathe());
  return { id, uidList: now?.uids ?? UidList.EMPTY, saved: [], recent: [] };
}
