/** Pure: how a sent mail stands, from how each of its recipients stands. */
import type { OutgoingMessage } from '../bitmessage/node.js';

/** How one recipient's copy stands; more cannot be told from outside. */
export type Standing = 'pending' | 'submitted' | 'delivered' | 'failed' | 'cancelled';

/** Contract of acceptance; `$SubmitPending` and `$Submitted` are RFC 5550's. */
export const KEYWORDS = {
  pending: '$SubmitPending',
  submitted: '$Submitted',
  delivered: '$Delivered',
  failed: '$Failed',
} as const;
export const ALL_KEYWORDS: readonly string[] = Object.values(KEYWORDS);

export interface RecipientStanding {
  readonly standing: Standing;
  /** It was on the network at least once: a later attempt does not take it back into Outbox. */
  readonly wasOut: boolean;
}

export function standingOf({ outgoing }: Pick<OutgoingMessage, 'outgoing'>): Standing {
  switch (outgoing.state) {
    case 'held-back':
    case 'queued':
    case 'awaiting-pubkey':
    case 'mining':
      return 'pending';
    case 'awaiting-ack':
    case 'sent':
      return 'submitted';
    case 'delivered':
    case 'failed':
    case 'cancelled':
      return outgoing.state;
  }
}

export function isOut(message: Pick<OutgoingMessage, 'outgoing' | 'attempts' | 'objectHash'>): boolean {
  return message.attempts > 0 || message.objectHash !== null || ['submitted', 'delivered'].includes(standingOf(message));
}

/** Whether the mail still belongs into Outbox: somebody's copy has never been on the network and still may get there. */
export function isWaiting(recipients: readonly RecipientStanding[]): boolean {
  return recipients.some(({ standing, wasOut }) => standing === 'pending' && !wasOut);
}

/** The keywords of a mail. What has become true stays true: a delivered mail is a submitted one too. */
export function keywordsOf(recipients: readonly RecipientStanding[]): string[] {
  const counted = recipients.filter(({ standing }) => standing !== 'cancelled');
  if (isWaiting(counted)) return [KEYWORDS.pending];
  const keywords: string[] = [];
  if (counted.length > 0 && counted.every(({ wasOut }) => wasOut)) keywords.push(KEYWORDS.submitted);
  if (counted.length > 0 && counted.every(({ standing }) => standing === 'delivered')) keywords.push(KEYWORDS.delivered);
  if (counted.some(({ standing }) => standing === 'failed')) keywords.push(KEYWORDS.failed);
  return keywords;
}
