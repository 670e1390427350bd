/** STORE and UID STORE, RFC 9051 §6.4.6, with UNCHANGEDSINCE (RFC 7162 §3.1.3). */

import type { EntryStateRun, FlagOperation } from '../../store/mail/types.js';
import { tellChanges } from '../announcements.js';
import { type Command, type Completion, SELECTED } from '../command.js';
import { learnKeywords, sendFlags, sendModseqs } from '../message-data.js';
import type { Session } from '../session.js';
import type { Lexer } from '../wire/lexer.js';
import { formatSequenceSet, type SequenceSet } from '../wire/sequence-set.js';
import { requireReadWrite } from './expunge.js';
import { inSlices, type SliceSizes } from './slices.js';

interface Store {
  readonly set: SequenceSet;
  readonly operation: FlagOperation;
  readonly silent: boolean;
  readonly flags: readonly string[];
  /** Messages changed after this mod-sequence are left as they are; null: none. */
  readonly unchangedSince: number | null;
}

/** Flags of 10,000 take a few milliseconds, and each piece waits for the disk. */
const FLAGGED_AT_ONCE: SliceSizes = { first: 10_000, largest: 20_000 };

export const store = storeCommand('number');
export const uidStore = storeCommand('uid');

function storeCommand(by: 'number' | 'uid'): Command<Store> {
  return {
    states: SELECTED,
    holdsNumbers: by === 'number',
    byNumber: by === 'number',
    parse: parseStore,
    run: (input, session) => run(input, by, session),
  };
}

function parseStore(args: Lexer): Store {
  args.space();
  const set = args.sequenceSet();
  args.space();
  const unchangedSince = args.peek('(') ? parseModifier(args) : null;
  const operation: FlagOperation = args.skip('+') ? 'add' : args.skip('-') ? 'remove' : 'replace';
  args.expect('FLAGS');
  const silent = args.skip('.SILENT');
  args.space();
  return { set, operation, silent, unchangedSince, flags: args.peek('(') ? args.flagList() : bareFlags(args) };
}

/** "(UNCHANGEDSINCE 12345) ". */
function parseModifier(args: Lexer): number {
  args.expect('(UNCHANGEDSINCE ');
  const modseq = args.number();
  args.expect(') ');
  return modseq;
}

function bareFlags(args: Lexer): string[] {
  const flags: string[] = [];
  do flags.push(args.flag());
  while (args.skip(' '));
  return flags;
}

async function run(request: Store, by: 'number' | 'uid', session: Session): Promise<Completion> {
  requireReadWrite(session);
  if (request.unchangedSince !== null) session.enableCondstore();
  const uids = session.view.resolve(request.set, by);
  // What others changed is told first, so that .SILENT leaves the client with no wrong picture (RFC 9051 §6.4.6).
  await tellChanges(session, false);
  const refused: number[] = [];
  let found = 0;
  await inSlices(
    session,
    uids,
    (slice) => {
      const { operation, flags, unchangedSince } = request;
      const result = session.rooms.mailboxes.setFlags(session.view.id, slice, operation, flags, unchangedSince ?? undefined);
      refused.push(...result.refused);
      session.view.noteTold(result.changed);
      const isAll = countOf(result.changed) === slice.length;
      const entries = isAll ? result.changed : session.rooms.mailboxes.states(session.view.id, slice);
      found += countOf(entries);
      answer(session, entries, request, by);
    },
    FLAGGED_AT_ONCE,
  );
  if (refused.length > 0) {
    const numbers = by === 'uid' ? refused : refused.map((uid) => session.view.numberOf(uid));
    return { code: `MODIFIED ${formatSequenceSet(numbers)}`, text: 'Some messages were changed by others meanwhile' };
  }
  return found < uids.length ? { code: 'EXPUNGEISSUED', text: 'Some messages are gone' } : {};
}

/** The flags as they are now, of refused messages too; for .SILENT nothing but the mod-sequence, if the client knows these. */
function answer(session: Session, entries: readonly EntryStateRun[], { silent, flags }: Store, by: 'number' | 'uid'): void {
  if (!silent) {
    sendFlags(session, entries, by === 'uid');
    return;
  }
  // Silence is about the messages; a keyword that somebody else has just used there is told before the client sees it.
  const own = new Set(flags.map((flag) => flag.toLowerCase()));
  for (const entry of entries) session.view.learnKeywords(entry.flags.filter((flag) => own.has(flag.toLowerCase())));
  learnKeywords(session, entries);
  if (session.enabled.has('CONDSTORE')) sendModseqs(session, entries);
}

function countOf(runs: readonly EntryStateRun[]): number {
  return runs.reduce((count, { uids }) => count + uids.length, 0);
}
