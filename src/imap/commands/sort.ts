/** SORT and UID SORT, RFC 5256 §3, with DISPLAYFROM and DISPLAYTO (RFC 5957) and RETURN (RFC 5267). */
import type { Command } from '../command.js';
import { findMessages, sortMessages } from '../find-messages.js';
import { SORT_KEYS, type SortCriterion } from '../sort/sort-values.js';
import { ImapBad } from '../wire/imap-bad.js';
import type { Lexer } from '../wire/lexer.js';
import { type ArrangingRequest, arrangingCommand } from './arranging.js';
import { parseReturns, type ReturnOptions } from './return-syntax.js';
import { requireKnownCharset, runSearch } from './search.js';

interface Sorting {
  readonly returns: ReturnOptions | null;
  readonly criteria: readonly SortCriterion[];
}

export const sort = sortCommand('number');
export const uidSort = sortCommand('uid');

function sortCommand(by: 'number' | 'uid'): Command<ArrangingRequest<Sorting>> {
  return arrangingCommand(by, parseSorting, async ({ how: { returns, criteria }, charset, key }, session) => {
    await runSearch(session, { by, returns, key, criteria, name: 'SORT' }, async () => {
      requireKnownCharset(charset);
      return sortMessages(session, criteria, await findMessages(session, key));
    });
  });
}

function parseSorting(args: Lexer): Sorting {
  const returns = parseReturns(args);
  return { returns, criteria: parseCriteria(args) };
}

/** "(REVERSE DATE SUBJECT)". */
function parseCriteria(args: Lexer): SortCriterion[] {
  const criteria = args.list(() => {
    let name = args.keyword();
    const reverse = name === 'REVERSE';
    if (reverse) {
      args.space();
      name = args.keyword();
    }
    const key = SORT_KEYS.find((known) => known === name);
    if (key === undefined) throw new ImapBad('No such sort criterion');
    return { key, reverse };
  });
  if (criteria.length === 0) throw new ImapBad('Name at least one sort criterion');
  return criteria;
}
