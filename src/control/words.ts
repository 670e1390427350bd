/** States and times in the words of a person. */
import type { UnixSeconds } from '../base/clock.js';
import type { OutgoingFailure, OutgoingMessage } from '../bitmessage/node.js';
import { inWords } from '../pow/estimate.js';
import type { KeyCustody } from './operation.js';

/** "2026-11-22T02:19:00Z" */
export function isoTime(time: UnixSeconds): string {
  return new Date(time * 1000).toISOString().replace('.000Z', 'Z');
}

/** "2026-11-22 02:19 UTC", for sentences. */
function timeWords(time: UnixSeconds): string {
  return isoTime(time)
    .replace('T', ' ')
    .replace(/:\d\dZ$/, ' UTC');
}

const FAILURES: Record<OutgoingFailure, string> = {
  'no-acknowledgement': 'failed: sent several times, and never acknowledged',
  'no-pubkey': "failed: the recipient's key never came",
  'too-difficult': 'failed: the recipient demands more work than your settings allow',
  'bad-key': "failed: the recipient's key cannot be used",
  'too-large': 'failed: too large for the network',
};

/** What a message is doing, as the end of a sentence that begins with its recipient. */
export function outgoingWords({ outgoing, progress }: OutgoingMessage, keys: KeyCustody['state'] = 'open'): string {
  switch (outgoing.state) {
    case 'held-back':
      return `waiting until ${isoTime(outgoing.until)}: a random delay`;
    case 'queued':
      return keys === 'locked' ? 'waiting for your keys, which are locked' : 'waiting for its turn';
    case 'awaiting-pubkey':
      return `waiting for the recipient's key; the network has been asked, next time at ${timeWords(outgoing.askAgainAt)}`;
    case 'mining':
      return progress === null ? 'doing the proof of work' : `doing the proof of work: ${Math.round(progress * 100)}% of what is usual`;
    case 'awaiting-ack':
      return `on the network, not yet acknowledged; it stays there until ${timeWords(outgoing.expiresAt)}`;
    case 'sent':
      return 'on the network; nobody acknowledges such a message';
    case 'delivered':
      return "delivered: the recipient's program has decrypted it";
    case 'failed':
      return FAILURES[outgoing.reason];
    case 'cancelled':
      return 'cancelled';
  }
}

/** What is still to be done, as a further half sentence; '' when nothing is, or that is not known. */
export function workWords({ outgoing, progress }: Pick<OutgoingMessage, 'outgoing' | 'progress'>, seconds: number | null): string {
  if (seconds === null) return '';
  if (outgoing.state !== 'mining') return `; the proof of work takes ${inWords(seconds)}`;
  const done = progress ?? 0;
  return done < 1 ? `, ${inWords(seconds * (1 - done))} left` : ', may end at any moment';
}
