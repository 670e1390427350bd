/** The arguments of SELECT and EXAMINE, with CONDSTORE and QRESYNC (RFC 7162 §3.1.8 and §3.2.5). */
import { ImapBad } from '../wire/imap-bad.js';
import type { Lexer } from '../wire/lexer.js';
import type { Range } from '../wire/sequence-set.js';

export interface SelectRequest {
  readonly path: string | null;
  /** How the client spelt the name, where the store spells it otherwise. */
  readonly typed: string | null;
  readonly condstore: boolean;
  readonly resync: Resync | null;
}

/** What the client knew of the folder when it left it. */
export interface Resync {
  readonly uidValidity: number;
  readonly modseq: number;
  /** The UIDs that it knows; null: all up to then. */
  readonly known: readonly Range[] | null;
  /** Some message numbers with the UIDs that they stood for, both ascending; null: not told. */
  readonly pairs: { readonly numbers: readonly Range[]; readonly uids: readonly Range[] } | null;
}

export function parseSelect(args: Lexer): SelectRequest {
  args.space();
  const name = args.mailboxAsTyped();
  let condstore = false;
  let resync: Resync | null = null;
  if (args.skip(' ')) {
    args.list(() => {
      const parameter = args.keyword();
      if (parameter === 'CONDSTORE') condstore = true;
      else if (parameter === 'QRESYNC') resync = parseResync(args);
      else throw new ImapBad('No such parameter');
    });
  }
  return { ...name, condstore, resync };
}

/** " (67890007 20050715194045000 41:211 (1:3 41:43))". */
function parseResync(args: Lexer): Resync {
  args.expect(' (');
  const uidValidity = args.number32(1);
  args.space();
  const modseq = args.number();
  let known: readonly Range[] | null = null;
  if (args.skip(' ') && !args.peek('(')) {
    known = ranges(args);
    args.skip(' ');
  }
  const pairs = args.peek('(') ? parsePairs(args) : null;
  args.expect(')');
  return { uidValidity, modseq, known, pairs };
}

/** "(1:3 41:43)". */
function parsePairs(args: Lexer): Resync['pairs'] {
  args.expect('(');
  const numbers = ranges(args);
  args.space();
  const uids = ranges(args);
  args.expect(')');
  return { numbers, uids };
}

function ranges(args: Lexer): readonly Range[] {
  const set = args.sequenceSet();
  if (set.kind === 'saved') throw new ImapBad('"$" names nothing here');
  return set.ranges;
}
