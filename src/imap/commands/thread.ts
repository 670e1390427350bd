/** THREAD and UID THREAD, RFC 5256 §3. */
import type { Command } from '../command.js';
import { findMessages, threadMessages } from '../find-messages.js';
import { formatFlat } from '../thread/flat-threads.js';
import { THREAD_ALGORITHMS, type ThreadAlgorithm } from '../thread/thread.js';
import { ImapBad } from '../wire/imap-bad.js';
import type { Lexer } from '../wire/lexer.js';
import { type ArrangingRequest, arrangingCommand } from './arranging.js';
import { sendPieces } from './long-lists.js';
import { refuseNumbers, requireKnownCharset } from './search.js';

export const thread = threadCommand('number');
export const uidThread = threadCommand('uid');

function threadCommand(by: 'number' | 'uid'): Command<ArrangingRequest<ThreadAlgorithm>> {
  return arrangingCommand(by, parseAlgorithm, async ({ how, charset, key }, session) => {
    requireKnownCharset(charset);
    refuseNumbers(session, key);
    const threads = await threadMessages(session, how, await findMessages(session, key));
    const numberOf = (uid: number): number => (by === 'uid' ? uid : session.view.numberOf(uid));
    session.send(`* THREAD${threads.length === 0 ? '' : ' '}`);
    await sendPieces(session, threads.length, (start, end) => formatFlat(threads.subarray(start, end), numberOf));
    session.send('\r\n');
  });
}

function parseAlgorithm(args: Lexer): ThreadAlgorithm {
  const name = args.keyword();
  const algorithm = THREAD_ALGORITHMS.find((known) => known === name);
  if (algorithm === undefined) throw new ImapBad('No such way to thread');
  return algorithm;
}
