/** A message to oneself: proof of work, the way out of the house, and back into it. */
import { setTimeout as wait } from 'node:timers/promises';
import type { BitmessageNode, OutgoingMessage } from '../../bitmessage/node.js';
import type { Words } from '../../words/words.js';
import type { Progress } from '../operation.js';
import { outgoingWords } from '../words.js';
import type { Finding } from './finding.js';

/** On a slow machine the proof of work takes minutes. */
const LIMIT_MINUTES = 15;
const LIMIT_MS = LIMIT_MINUTES * 60_000;
const LOOK_MS = 500;
/** An hour is the least that is usual: it is for nobody else. */
const TTL_SECONDS = 3600;
/** Protocol spec, msg encodings: SIMPLE. */
const SIMPLE = 2;

export async function sendToSelf(node: BitmessageNode, words: Words, progress: Progress): Promise<Finding> {
  const about = 'send to self';
  const own = node.identities().find(({ chan, enabled }) => !chan && enabled);
  if (own === undefined) return { about, verdict: 'fail', text: ({ doctor }) => doctor.noSender };
  const content = Buffer.from(`Subject:${words.doctor.testSubject}\nBody:${words.doctor.testText(Date.now() / 1000)}`);
  const began = performance.now();
  const id = node.enqueue({ kind: 'message', from: own.address, to: own.address, encoding: SIMPLE, content, ttlSeconds: TTL_SECONDS });
  const isOut = (message: OutgoingMessage): boolean => message.outgoing.state === 'sent' || message.outgoing.state === 'delivered';
  while (performance.now() - began < LIMIT_MS) {
    const message = node.outgoingById(id);
    if (message === undefined) return { about, verdict: 'fail', text: ({ doctor }) => doctor.messageGone };
    if (message.outgoing.state === 'failed' || message.outgoing.state === 'cancelled') {
      return { about, verdict: 'fail', text: (told) => told.doctor.toYourself(outgoingWords(told, message)) };
    }
    // Out, and every object that came in, this one too, was tried with our keys.
    if (isOut(message) && node.status().unprocessed === 0) {
      const seconds = Math.ceil((performance.now() - began) / 1000);
      return { about, verdict: 'ok', text: ({ doctor }) => doctor.cameBack(seconds) };
    }
    progress((told) => told.doctor.toYourselfNow(outgoingWords(told, message)));
    await wait(LOOK_MS);
  }
  return { about, verdict: 'warn', text: ({ doctor }) => doctor.neverCameBack(LIMIT_MINUTES) };
}
