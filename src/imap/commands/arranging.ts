/** What SORT and THREAD have in common, RFC 5256 §3: how to arrange the messages comes first, then the charset and what to search for. */
import { type Command, SELECTED } from '../command.js';
import type { Session } from '../session.js';
import type { Lexer } from '../wire/lexer.js';
import { parseCharsetAndProgram, type SearchRequest } from './search-syntax.js';

export interface ArrangingRequest<T> extends Pick<SearchRequest, 'charset' | 'key'> {
  readonly how: T;
}

export function arrangingCommand<T>(
  by: 'number' | 'uid',
  parseHow: (args: Lexer) => T,
  run: (request: ArrangingRequest<T>, session: Session) => Promise<void>,
): Command<ArrangingRequest<T>> {
  return {
    states: SELECTED,
    holdsNumbers: by === 'number',
    byNumber: by === 'number',
    parse: (args) => {
      args.space();
      return { how: parseHow(args), ...parseCharsetAndProgram(args) };
    },
    run: async (request, session) => {
      await run(request, session);
      return undefined;
    },
  };
}
