/** The arguments of GETMETADATA and SETMETADATA, RFC 5464 §5. */
import { ImapBad } from '../wire/imap-bad.js';
import type { Lexer } from '../wire/lexer.js';

/** '' names the server, null a name that cannot exist. */
type Target = string | null;

export interface GetMetadata {
  readonly target: Target;
  /** In lower case: names differ in more than that (RFC 5464 §3.2). */
  readonly entries: readonly string[];
  /** Longer values are not sent; null: all are. */
  readonly maxSize: number | null;
  readonly depth: '0' | '1' | 'INFINITY';
}

export interface SetMetadata {
  readonly target: Target;
  /** A value of null removes the entry. */
  readonly entries: readonly { readonly entry: string; readonly value: Buffer | null }[];
}

type Options = Pick<GetMetadata, 'maxSize' | 'depth'>;

// ASCII without wildcards, empty levels and control characters: RFC 5464 §3.2.
const ENTRY = /^\/(?:private|shared)(?:\/[!-$&-)+-.0-~ ]+)+$/;
const STARTS_OPTIONS = /\((?:MAXSIZE|DEPTH)/iy;

export function parseGetMetadata(args: Lexer): GetMetadata {
  args.space();
  // The grammar has the options before the mailbox, the examples behind it: clients do either.
  let options = parseOptions(args);
  const target = parseTarget(args);
  args.space();
  options ??= parseOptions(args);
  const entries = parseEntries(args);
  return { target, entries, ...(options ?? { maxSize: null, depth: '0' }) };
}

/** "(/shared/comment /private/comment)"; the examples of RFC 5464 §4.4.1 leave the brackets out. */
function parseEntries(args: Lexer): string[] {
  if (!args.peek('(')) {
    const entries = [parseEntry(args)];
    while (args.skip(' ')) entries.push(parseEntry(args));
    return entries;
  }
  const entries = args.list(() => parseEntry(args));
  if (entries.length === 0) throw new ImapBad('Name at least one entry');
  return entries;
}

export function parseSetMetadata(args: Lexer): SetMetadata {
  args.space();
  const target = parseTarget(args);
  args.space();
  const entries = args.list(() => {
    const entry = parseEntry(args);
    args.space();
    return { entry, value: args.peek('~') ? args.messageLiteral().bytes : args.nstring() };
  });
  if (entries.length === 0) throw new ImapBad('Name at least one entry');
  return { target, entries };
}

/** "(MAXSIZE 1024 DEPTH 1) ", or null when it does not come next. */
function parseOptions(args: Lexer): Options | null {
  if (!args.looksAt(STARTS_OPTIONS)) return null;
  let maxSize: number | null = null;
  let depth: Options['depth'] = '0';
  args.list(() => {
    const name = args.keyword();
    args.space();
    if (name === 'MAXSIZE') maxSize = args.number();
    else if (name === 'DEPTH') depth = parseDepth(args);
    else throw new ImapBad('No such option');
  });
  args.space();
  return { maxSize, depth };
}

function parseDepth(args: Lexer): Options['depth'] {
  const depth = args.keyword();
  if (depth !== '0' && depth !== '1' && depth !== 'INFINITY') throw new ImapBad('DEPTH is 0, 1 or infinity');
  return depth;
}

function parseTarget(args: Lexer): Target {
  return args.mailbox();
}

function parseEntry(args: Lexer): string {
  const entry = args.astring().toString('latin1').toLowerCase();
  if (!ENTRY.test(entry)) throw new ImapBad('Not the name of an entry (/private/… or /shared/…)');
  return entry;
}
