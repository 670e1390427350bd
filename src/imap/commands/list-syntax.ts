/** The arguments of LIST with the extensions of RFC 5258, 5819 and 6154 (all part of RFC 9051 §6.3.9). */
import { ImapBad } from '../wire/imap-bad.js';
import type { Lexer } from '../wire/lexer.js';
import { DELIMITER, normalizePath } from '../wire/mailbox-name.js';
import { parseStatusItems, type StatusItem } from './status.js';

export interface ListRequest {
  /** LIST "" "": the client asks for the delimiter, and for the root of the reference; null: it does not. */
  readonly rootOnly: '' | '/' | null;
  /** Whether the client speaks RFC 5258. */
  readonly extended: boolean;
  /** With the reference in front; a pattern that no name can have is left out. */
  readonly patterns: readonly string[];
  /** Which names. */
  readonly select: { readonly subscribed: boolean; readonly specialUse: boolean; readonly recursiveMatch: boolean };
  /** What of them. */
  readonly give: { readonly subscribed: boolean; readonly status: readonly StatusItem[] };
}

export function parseList(args: Lexer): ListRequest {
  args.space();
  const hasOptions = args.peek('(');
  const options = hasOptions ? args.list(() => args.keyword()) : [];
  const select = readSelection(options);
  // The example of RFC 5819 §3 has no blank behind the options.
  if (hasOptions) args.skip(' ');
  const reference = args.mailboxText();
  args.space();
  const several = args.peek('(');
  const names = several ? args.list(() => args.listMailbox()) : [args.listMailbox()];
  if (names.length === 0) throw args.bad('the name of a mailbox');
  const hasReturn = args.skip(' ');
  const returns = hasReturn ? parseReturn(args) : { subscribed: false, status: [] };
  const extended = several || hasOptions || hasReturn;
  // RFC 5258 §3: only without any extension does the empty name ask for the delimiter; else it is no pattern.
  const patterns = names.filter((name) => name !== null && !(extended && name === '')).map((name) => join(reference ?? '', name!));
  return {
    extended,
    rootOnly: extended || names[0] !== '' ? null : reference?.startsWith(DELIMITER) ? DELIMITER : '',
    patterns: reference === null ? [] : patterns,
    select,
    give: { ...returns, subscribed: returns.subscribed || select.subscribed },
  };
}

/** LSUB has a reference and one pattern, and nothing else. */
export function parseLsub(args: Lexer): readonly string[] {
  args.space();
  const reference = args.mailboxText();
  args.space();
  const pattern = args.listMailbox();
  return reference === null || pattern === null ? [] : [join(reference, pattern)];
}

/** REMOTE adds nothing: all folders are here. */
function readSelection(options: readonly string[]): ListRequest['select'] {
  for (const option of options) {
    if (!['SUBSCRIBED', 'REMOTE', 'RECURSIVEMATCH', 'SPECIAL-USE'].includes(option)) throw new ImapBad('No such selection option');
  }
  const select = {
    subscribed: options.includes('SUBSCRIBED'),
    specialUse: options.includes('SPECIAL-USE'),
    recursiveMatch: options.includes('RECURSIVEMATCH'),
  };
  if (select.recursiveMatch && !select.subscribed && !select.specialUse) throw new ImapBad('RECURSIVEMATCH needs another option');
  return select;
}

/** "RETURN (CHILDREN SUBSCRIBED STATUS (MESSAGES))". CHILDREN and SPECIAL-USE are always answered. */
function parseReturn(args: Lexer): { subscribed: boolean; status: StatusItem[] } {
  args.expect('RETURN ');
  let subscribed = false;
  let status: StatusItem[] = [];
  args.list(() => {
    const option = args.keyword();
    if (option === 'SUBSCRIBED') {
      subscribed = true;
    } else if (option === 'STATUS') {
      args.space();
      status = parseStatusItems(args);
    } else if (option !== 'CHILDREN' && option !== 'SPECIAL-USE') {
      throw new ImapBad('No such return option');
    }
  });
  return { subscribed, status };
}

/** RFC 9051 §6.3.9: the reference is what stands before the name, nothing more. */
function join(reference: string, pattern: string): string {
  const joined = (reference + pattern).normalize('NFC');
  // Only a name without wildcards can have its INBOX put in capitals; patterns fold it when they match.
  return /[*%]/.test(joined) ? joined : normalizePath(joined);
}
