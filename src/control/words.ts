/** How messages on their way stand, in somebody's words; and times for programs. */
import type { UnixSeconds } from '../base/clock.js';
import type { OutgoingMessage } from '../bitmessage/node.js';
import type { Words } from '../words/words.js';
import type { KeyCustody, ScheduledMail } from './operation.js';

/** "2026-11-22T02:19:00Z" */
export function isoTime(time: UnixSeconds): string {
  return new Date(time * 1000).toISOString().replace('.000Z', 'Z');
}

/** What a message is doing, as the end of a sentence that begins with its recipient. */
export function outgoingWords({ outgoing: words }: Words, message: OutgoingMessage, keys: KeyCustody['state'] = 'open'): string {
  const { outgoing, progress } = message;
  switch (outgoing.state) {
    case 'held-back':
      return words.heldBack(outgoing.until);
    case 'queued':
      return keys === 'locked' ? words.lockedKeys : words.queued;
    case 'awaiting-pubkey':
      return words.awaitingKey(outgoing.askAgainAt);
    case 'mining':
      return progress === null ? words.mining : words.miningSoFar(progress);
    case 'awaiting-ack':
      return words.awaitingAck(outgoing.expiresAt);
    case 'sent':
      return words.sent;
    case 'delivered':
      return words.delivered;
    case 'failed':
      return words.failed[outgoing.reason];
    case 'cancelled':
      return words.cancelled;
  }
}

/** What is still to be done, as a further half sentence; '' when nothing is, or that is not known. */
export function workWords(
  { outgoing: words }: Words,
  { outgoing, progress }: Pick<OutgoingMessage, 'outgoing' | 'progress'>,
  seconds: number | null,
): string {
  if (seconds === null) return '';
  if (outgoing.state !== 'mining') return words.workTakes(seconds);
  const done = progress ?? 0;
  return done < 1 ? words.workLeft(seconds * (1 - done)) : words.workNearlyDone;
}

/** What a mail waits for besides its time; '' for nothing. */
export function spellingWords({ outgoing: words }: Words, search: ScheduledMail['waitsFor']): string {
  if (search === null) return '';
  return search.progress === null ? words.findingSpelling(search.lowered) : words.findingSpellingSoFar(search.lowered, search.progress);
}
