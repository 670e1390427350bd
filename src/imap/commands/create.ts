/** CREATE, RFC 9051 §6.3.4, with USE (RFC 6154 §3). The house decides what a name means; see folder-rules.ts. */
import { type Command, LOGGED_IN } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import type { Lexer } from '../wire/lexer.js';
import { ancestors, refuseName } from '../wire/mailbox-name.js';
import { tellSpelling } from './spelling.js';

/** RFC 6154 §2; \All and \Flagged would be virtual folders, which there are none of. */
const SPECIAL_USES = ['\\Archive', '\\Drafts', '\\Junk', '\\Sent', '\\Trash'];

export const create: Command<{ path: string | null; typed: string | null; uses: string[] }> = {
  states: LOGGED_IN,
  parse: (args) => {
    args.space();
    const name = args.mailboxAsTyped();
    return { ...name, uses: args.skip(' ') ? parseUses(args) : [] };
  },
  run: async ({ path, typed, uses }, session) => {
    const { mailboxes, folders } = session.rooms;
    if (path === null) throw new ImapNo('CANNOT', ({ folders: said }) => said.malformed);
    const refusal = refuseName(path);
    if (refusal !== null) throw new ImapNo('CANNOT', refusal);
    if (mailboxes.find(path)?.selectable === true) throw new ImapNo('ALREADYEXISTS', ({ folders: said }) => said.nameTaken);
    await folders.create(session.login, path, chooseUse(uses));
    session.notifications?.noteOwnNames((name) => name === path || ancestors(path).includes(name));
    const made = mailboxes.find(path);
    if (made === undefined) return undefined;
    tellSpelling(session, path, typed);
    return { code: `MAILBOXID (${made.objectId})` };
  },
};

/** "(USE (\Sent))". */
function parseUses(args: Lexer): string[] {
  args.expect('(USE ');
  const uses = args.list(() => {
    args.expect('\\');
    return `\\${args.atom()}`;
  });
  args.expect(')');
  return uses;
}

function chooseUse(uses: readonly string[]): string | null {
  if (uses.length === 0) return null;
  const known = SPECIAL_USES.find((use) => use.toLowerCase() === uses[0].toLowerCase());
  if (uses.length > 1 || known === undefined)
    throw new ImapNo('USEATTR', 'A folder has one use here: Archive, Drafts, Junk, Sent or Trash');
  return known;
}
