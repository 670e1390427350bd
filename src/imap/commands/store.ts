/** STORE and UID STORE, RFC 9051 §6.4.6. */
import type { Entry, FlagOperation } from '../../store/mail/types.js';
import { type Command, type Completion, SELECTED } from '../command.js';
import type { Session } from '../session.js';
import type { Lexer } from '../wire/lexer.js';
import type { SequenceSet } from '../wire/sequence-set.js';
import { requireReadWrite } from './expunge.js';
import { inSlices } from './slices.js';

interface Store {
  readonly set: SequenceSet;
  readonly operation: FlagOperation;
  readonly silent: boolean;
  readonly flags: readonly string[];
}

export const store = storeCommand('number');
export const uidStore = storeCommand('uid');

function storeCommand(by: 'number' | 'uid'): Command<Store> {
  return {
    states: SELECTED,
    holdsNumbers: by === 'number',
    parse: parseStore,
    run: (input, session) => run(input, by, session),
  };
}

function parseStore(args: Lexer): Store {
  args.space();
  const set = args.sequenceSet();
  args.space();
  const operation: FlagOperation = args.skip('+') ? 'add' : args.skip('-') ? 'remove' : 'replace';
  args.expect('FLAGS');
  const silent = args.skip('.SILENT');
  args.space();
  return { set, operation, silent, flags: args.peek('(') ? args.flagList() : bareFlags(args) };
}

function bareFlags(args: Lexer): string[] {
  const flags: string[] = [];
  do flags.push(args.flag());
  while (args.skip(' '));
  return flags;
}

async function run({ set, operation, silent, flags }: Store, by: 'number' | 'uid', session: Session): Promise<Completion> {
  requireReadWrite(session);
  const uids = session.view.resolve(set, by);
  // What others changed is told first, so that .SILENT leaves the client with no wrong picture (RFC 9051 §6.4.6).
  session.tellChanges(false);
  let found = 0;
  await inSlices(session, uids, (slice) => {
    const { changed } = session.rooms.mailboxes.setFlags(session.view.id, slice, operation, flags);
    found += tell(session, slice, changed, silent, by);
  });
  return found < uids.length ? { code: 'EXPUNGEISSUED', text: 'Some messages are gone' } : {};
}

/** Answers how many of the messages are still there. */
function tell(session: Session, uids: readonly number[], changed: readonly Entry[], silent: boolean, by: 'number' | 'uid'): number {
  for (const entry of changed) session.view.noteTold(entry);
  const entries = session.rooms.mailboxes.entries(session.view.id, uids);
  if (silent) return entries.length;
  if (session.view.learnKeywords(entries.flatMap((entry) => entry.flags))) session.send(session.formatFlagsOfFolder());
  for (const entry of entries) session.sendFlags(entry, by === 'uid');
  return entries.length;
}
