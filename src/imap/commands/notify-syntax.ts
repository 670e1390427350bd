/** The arguments of NOTIFY, RFC 5465 §8. */
import type { FetchItem } from '../fetch-items.js';
import { ImapBad } from '../wire/imap-bad.js';
import type { Lexer } from '../wire/lexer.js';
import { parseItemList } from './fetch-syntax.js';
import { type MailboxFilter, parseMailboxFilter } from './mailbox-filter.js';

/** In the order in which BADEVENT lists them. */
export const EVENTS = [
  'MessageNew',
  'MessageExpunge',
  'FlagChange',
  'MailboxName',
  'SubscriptionChange',
  'MailboxMetadataChange',
  'ServerMetadataChange',
] as const;
export type NotifyEvent = (typeof EVENTS)[number];

export interface EventGroup {
  readonly filter: MailboxFilter;
  readonly events: ReadonlySet<NotifyEvent>;
  /** What is fetched of new messages in the selected folder. */
  readonly items: readonly FetchItem[];
}

export interface NotifyRequest {
  /** Whether the client wants to hear now how the folders are. */
  readonly withStatus: boolean;
  /** None: NOTIFY NONE. */
  readonly groups: readonly EventGroup[];
  /** Whether the client asks for events that nobody here knows. */
  readonly hasUnknown: boolean;
}

const STARTS_ITEMS = / \(/y;
const MESSAGE_EVENTS: readonly NotifyEvent[] = ['MessageNew', 'MessageExpunge', 'FlagChange'];

export function parseNotify(args: Lexer): NotifyRequest {
  args.space();
  if (args.skip('NONE')) return { withStatus: false, groups: [], hasUnknown: false };
  args.expect('SET ');
  const withStatus = args.skip('STATUS ');
  const groups: EventGroup[] = [];
  let hasUnknown = false;
  do {
    const { group, isKnown } = parseGroup(args);
    groups.push(group);
    hasUnknown ||= !isKnown;
  } while (args.skip(' '));
  if (groups.filter(({ filter }) => isSelected(filter)).length > 1) throw new ImapBad('One group for the selected mailbox');
  return { withStatus, groups, hasUnknown };
}

export function isSelected({ kind }: MailboxFilter): boolean {
  return kind === 'selected' || kind === 'selected-delayed';
}

/** "(SELECTED (MessageNew (UID) MessageExpunge))", "(SUBTREE Lists NONE)". */
function parseGroup(args: Lexer): { group: EventGroup; isKnown: boolean } {
  args.expect('(');
  const filter = parseMailboxFilter(args);
  args.space();
  const events = new Set<NotifyEvent>();
  let items: FetchItem[] = [];
  let isKnown = true;
  if (!args.skip('NONE')) {
    const names = args.list(() => {
      const name = args.keyword();
      const event = EVENTS.find((known) => known.toUpperCase() === name);
      if (event === undefined) isKnown = false;
      else events.add(event);
      if (event === 'MessageNew' && args.looksAt(STARTS_ITEMS)) {
        args.space();
        items = parseItemList(args);
      }
    });
    if (names.length === 0) throw new ImapBad('Name at least one event');
  }
  args.expect(')');
  checkEvents(filter, events, items);
  return { group: { filter, events, items }, isKnown };
}

function checkEvents(filter: MailboxFilter, events: ReadonlySet<NotifyEvent>, items: readonly FetchItem[]): void {
  const hasNew = events.has('MessageNew');
  if (hasNew !== events.has('MessageExpunge')) throw new ImapBad('MessageNew and MessageExpunge go together');
  if (events.has('FlagChange') && !hasNew) throw new ImapBad('FlagChange needs MessageNew and MessageExpunge');
  if (!isSelected(filter)) {
    if (items.length > 0) throw new ImapBad('Only of the selected mailbox messages are fetched');
  } else if ([...events].some((event) => !MESSAGE_EVENTS.includes(event))) {
    throw new ImapBad('The selected mailbox has message events alone');
  }
}
