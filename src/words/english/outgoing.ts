/** How a message on its way stands, and how long its proof of work takes. */
import { write } from './write.js';

export const outgoing = {
  heldBack: (until: number) => `waiting until ${write.time(until)}: a random delay`,
  queued: 'waiting for its turn',
  lockedKeys: 'waiting for your keys, which are locked',
  awaitingKey: (askAgainAt: number) =>
    `waiting for the recipient's key; the network has been asked, and will be asked again at ${write.time(askAgainAt)}`,
  mining: 'doing the proof of work',
  miningSoFar: (share: number) => `doing the proof of work: ${write.percent(share)} of what is usual`,
  awaitingAck: (expiresAt: number) => `on the network, not yet acknowledged; it stays there until ${write.time(expiresAt)}`,
  sent: 'on the network; nobody acknowledges such a message',
  delivered: "delivered: the recipient's program has decrypted it",
  cancelled: 'cancelled',
  failed: {
    'no-acknowledgement': 'failed: sent several times, and never acknowledged',
    'no-pubkey': "failed: the recipient's key never came",
    'too-difficult': 'failed: the recipient demands more work than your settings allow',
    'bad-key': "failed: the recipient's key cannot be used",
    'too-large': 'failed: too large for the network',
  },
  scheduled: 'will be sent then',
  findingSpelling: (lowered: string) => `finding the right spelling of ${lowered}`,
  findingSpellingSoFar: (lowered: string, share: number) => `finding the right spelling of ${lowered}: ${write.percent(share)}`,
  /** Behind one of the above. */
  workTakes: (seconds: number) => `; the proof of work takes ${about(seconds)}`,
  workLeft: (seconds: number) => `, ${about(seconds)} left`,
  workNearlyDone: ', may end at any moment',
};

export function about(seconds: number): string {
  return seconds < 1 ? 'less than a second' : `about ${write.duration(seconds)}`;
}
