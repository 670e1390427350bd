/** THREAD and UID THREAD, RFC 5256 §3. */
import { type Command, SELECTED } from '../command.js';
import { findMessages } from '../find-messages.js';
import { formatThreads, THREAD_ALGORITHMS, type ThreadAlgorithm, thread as threadMessages } from '../thread/thread.js';
import { ImapBad } from '../wire/imap-bad.js';
import { refuseNumbers, requireKnownCharset } from './search.js';
import { parseCharsetAndProgram, type SearchRequest } from './search-syntax.js';

interface ThreadRequest extends Omit<SearchRequest, 'returns'> {
  readonly algorithm: ThreadAlgorithm;
}

export const thread = threadCommand('number');
export const uidThread = threadCommand('uid');

function threadCommand(by: 'number' | 'uid'): Command<ThreadRequest> {
  return {
    states: SELECTED,
    holdsNumbers: by === 'number',
    byNumber: by === 'number',
    parse: (args) => {
      args.space();
      const name = args.keyword();
      const algorithm = THREAD_ALGORITHMS.find((known) => known === name);
      if (algorithm === undefined) throw new ImapBad('No such way to thread');
      return { algorithm, ...parseCharsetAndProgram(args) };
    },
    run: async ({ algorithm, charset, key }, session) => {
      requireKnownCharset(charset);
      refuseNumbers(session, key);
      const { view, rooms } = session;
      const threads = await threadMessages(algorithm, await findMessages(session, key), {
        mailboxes: rooms.mailboxes,
        messages: rooms.messages,
        mailboxId: view.id,
        breathe: () => session.breathe(),
      });
      const text = formatThreads(threads, (uid) => (by === 'uid' ? uid : view.numberOf(uid)));
      session.send(`* THREAD${text === '' ? '' : ` ${text}`}\r\n`);
      return undefined;
    },
  };
}
