/** LIST, RFC 9051 §6.3.9, and LSUB, RFC 3501 §6.3.9. */
import type { Counts, Mailbox } from '../../store/mail/types.js';
import { type Command, LOGGED_IN } from '../command.js';
import { formatList, nameAttributes } from '../responses.js';
import type { Session } from '../session.js';
import { patternMatcher } from '../wire/list-pattern.js';
import { ancestors, DELIMITER } from '../wire/mailbox-name.js';
import { type ListRequest, parseList, parseLsub } from './list-syntax.js';
import { countRecent, formatStatus } from './status.js';

/** A name that LIST can answer: a folder, a subscription to one that is gone, or what stands above either. */
interface Name {
  readonly path: string;
  readonly mailbox: Mailbox | undefined;
  readonly subscribed: boolean;
}

export const list: Command<ListRequest> = {
  states: LOGGED_IN,
  parse: parseList,
  run: async (request, session) => {
    if (request.rootOnly !== null) {
      session.send(`* LIST (\\Noselect) "${DELIMITER}" "${request.rootOnly}"\r\n`);
      return undefined;
    }
    const names = collectNames(session);
    const counts = request.give.status.length > 0 ? session.rooms.mailboxes.allCounts(session.login.identity) : NO_COUNTS;
    const parents = new Set(names.filter((name) => name.mailbox !== undefined).flatMap((name) => ancestors(name.path)));
    const matches = anyOf(request.patterns);
    const selected = (name: Name): boolean => isSelected(name, parents.has(name.path), request.select);
    // RFC 5258 §3.5: a parent says that there are some below it, and is answered itself for those that the answer would not show.
    const below = request.select.recursiveMatch ? names.filter(selected) : [];
    const hasBelow = new Set(below.flatMap((name) => ancestors(name.path)));
    const hasHidden = new Set(below.filter((name) => !matches(name.path)).flatMap((name) => ancestors(name.path)));
    for (const name of names) {
      if (!matches(name.path) || !(selected(name) || hasHidden.has(name.path))) continue;
      const childInfo = hasBelow.has(name.path) ? formatChildInfo(request.select) : '';
      session.send(formatList('LIST', attributes(name, parents.has(name.path), request), name.path, session.utf8, childInfo));
      // RFC 5819 §3: no STATUS of a name that only speaks for others.
      if (request.give.status.length > 0 && name.mailbox?.selectable === true && selected(name)) {
        const recent = request.give.status.includes('RECENT') ? await countRecent(session, name.mailbox) : 0;
        session.send(formatStatus(session, name.mailbox, request.give.status, counts.get(name.mailbox.id) ?? EMPTY, recent));
      }
      if (session.pace.needsBreath) await session.breathe();
    }
    return undefined;
  },
};

export const lsub: Command<readonly string[]> = {
  states: LOGGED_IN,
  parse: parseLsub,
  run: async (patterns, session) => {
    const names = collectNames(session).filter((name) => name.subscribed);
    const answered = new Set<string>();
    const answer = (path: string, isSubscribed: boolean): void => {
      if (answered.has(path)) return;
      answered.add(path);
      session.send(formatList('LSUB', isSubscribed ? [] : ['\\Noselect'], path, session.utf8));
    };
    const matches = anyOf(patterns);
    for (const { path } of names) if (matches(path)) answer(path, true);
    // RFC 3501 §6.3.9: "%" also finds the level above a subscribed name that it does not reach.
    const matchesShallow = anyOf(patterns.filter((pattern) => pattern.includes('%')));
    for (const { path } of names) {
      if (answered.has(path)) continue;
      for (const parent of ancestors(path)) if (matchesShallow(parent)) answer(parent, false);
    }
    return undefined;
  },
};

function anyOf(patterns: readonly string[]): (path: string) => boolean {
  const matchers = patterns.map(patternMatcher);
  return (path) => matchers.some((matches) => matches(path));
}

/** All that the client may see, in the order of the store, names that exist no more behind. */
function collectNames(session: Session): Name[] {
  const { mailboxes, folders } = session.rooms;
  const visible = (path: string): boolean => folders.visible(session.login, path);
  const subscriptions = new Set(mailboxes.subscriptions().filter(visible));
  const names = new Map<string, Name>();
  for (const mailbox of mailboxes.list()) {
    if (!visible(mailbox.path)) continue;
    names.set(mailbox.path, { path: mailbox.path, mailbox, subscribed: subscriptions.has(mailbox.path) });
  }
  const known = [...names.keys()];
  for (const path of [...subscriptions, ...known.flatMap(ancestors), ...[...subscriptions].flatMap(ancestors)]) {
    if (!names.has(path)) names.set(path, { path, mailbox: undefined, subscribed: subscriptions.has(path) });
  }
  return [...names.values()];
}

const NO_COUNTS: ReadonlyMap<number, Counts> = new Map();
const EMPTY: Counts = { messages: 0, unseen: 0, deleted: 0, deletedSize: 0, size: 0 };

function isSelected(name: Name, isParent: boolean, select: ListRequest['select']): boolean {
  if (select.specialUse && (name.mailbox?.specialUse ?? null) === null) return false;
  if (select.subscribed) return name.subscribed;
  // A name that is not there is only worth telling as the parent of one that is.
  return name.mailbox !== undefined || isParent;
}

function attributes({ mailbox, subscribed }: Name, hasChildren: boolean, request: ListRequest): string[] {
  const words = nameAttributes(mailbox, hasChildren, request.give.subscribed && subscribed);
  // \NonExistent says \Noselect too (RFC 5258 §3), but only to those who have read that RFC.
  return request.extended ? words : words.map((word) => (word === '\\NonExistent' ? '\\Noselect' : word));
}

function formatChildInfo(select: ListRequest['select']): string {
  const criteria = [...(select.subscribed ? ['"SUBSCRIBED"'] : []), ...(select.specialUse ? ['"SPECIAL-USE"'] : [])];
  return ` ("CHILDINFO" (${criteria.join(' ')}))`;
}
