/** Pure: how PyBitmessage's word for a sent message stands here. PROTOCOL 4.8. */

/** What became of a message that needs nothing more, or where it stopped. */
export type SentStanding =
  | { readonly kind: 'finished'; readonly standing: 'submitted' | 'delivered' | 'failed' }
  /** On the network; its ack may still come. */
  | { readonly kind: 'awaiting-ack' }
  /** The recipient's key was asked for. */
  | { readonly kind: 'awaiting-pubkey' }
  /** Never on the network. */
  | { readonly kind: 'queued' }
  /** A draft of the mobile interface. */
  | { readonly kind: 'draft' };

const STANDINGS: Readonly<Record<string, SentStanding>> = {
  ackreceived: { kind: 'finished', standing: 'delivered' },
  msgsentnoackexpected: { kind: 'finished', standing: 'submitted' },
  broadcastsent: { kind: 'finished', standing: 'submitted' },
  badkey: { kind: 'finished', standing: 'failed' },
  toodifficult: { kind: 'finished', standing: 'failed' },
  msgsent: { kind: 'awaiting-ack' },
  awaitingpubkey: { kind: 'awaiting-pubkey' },
  msgqueued: { kind: 'queued' },
  doingpubkeypow: { kind: 'queued' },
  doingmsgpow: { kind: 'queued' },
  forcepow: { kind: 'queued' },
  broadcastqueued: { kind: 'queued' },
  doingbroadcastpow: { kind: 'queued' },
};

/** PyBitmessage renames them when it starts: class_sqlThread.py. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  doingpow: 'doingmsgpow',
  sentmessage: 'msgsent',
  findingpubkey: 'doingpubkeypow',
  broadcastpending: 'broadcastqueued',
};

/** Of a word that nobody knows it is not claimed that the message went out. */
export function standingOfSent(status: string, folder: string): SentStanding {
  if (folder === 'draft') return { kind: 'draft' };
  const name = Object.hasOwn(OLD_NAMES, status) ? OLD_NAMES[status] : status;
  return Object.hasOwn(STANDINGS, name) ? STANDINGS[name] : { kind: 'queued' };
}
