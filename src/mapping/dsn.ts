/** Pure: what a person is told about one recipient's copy, and when: delivery status notifications, RFC 3464 and RFC 3461. */
import type { UnixSeconds } from '../base/clock.js';
import type { OutgoingFailure, OutgoingMessage } from '../bitmessage/node.js';
import type { ReportDraft } from '../mime/compose-mail.js';
import type { SubmissionRecipient } from '../store/links/recipients.js';
import type { Submission } from '../store/links/submissions.js';
import { toMailAddress } from './address.js';
import { standingOf } from './standing.js';

export type ReportKind = 'failed' | 'delayed' | 'delivered' | 'relayed';

/** A key that has not come by then may take long; told once, then silence (PROTOCOL 7.11). */
export const DELAY_TOLD_AFTER_SECONDS = 2.5 * 86_400;

/** Which report this new state calls for, or null. RFC 3461 §4.1: who says nothing is told of failures and delays. */
export function reportFor(message: OutgoingMessage, recipient: SubmissionRecipient, now: UnixSeconds): ReportKind | null {
  const notify = recipient.notify === '' ? ['FAILURE', 'DELAY'] : recipient.notify.split(',');
  const standing = standingOf(message);
  if (message.outgoing.state === 'awaiting-pubkey') {
    const isLate = now - message.createdAt >= DELAY_TOLD_AFTER_SECONDS && !recipient.delayTold;
    return isLate && notify.includes('DELAY') ? 'delayed' : null;
  }
  if (standing === recipient.standing) return null;
  if (standing === 'failed') return notify.includes('FAILURE') ? 'failed' : null;
  if (!notify.includes('SUCCESS')) return null;
  if (standing === 'delivered') return 'delivered';
  // Nobody will acknowledge it: that it is on its way is all that can ever be said.
  return message.outgoing.state === 'sent' ? 'relayed' : null;
}

export interface ReportContext {
  readonly submission: Submission;
  readonly recipient: SubmissionRecipient;
  readonly message: OutgoingMessage;
  readonly subject: string;
  readonly original: Buffer;
  readonly now: UnixSeconds;
  readonly messageId: string;
}

export function draftReport(kind: ReportKind, context: ReportContext): ReportDraft {
  const { submission, recipient, message, now } = context;
  const { status, sentence } = describe(kind, message);
  const about = context.subject === '' ? 'Your mail' : `Your mail "${context.subject}"`;
  return {
    from: { name: 'Postern', address: toMailAddress('postmaster') },
    to: [{ name: '', address: toMailAddress(submission.identity) }],
    subject: `${TITLES[kind]}: ${context.subject}`,
    date: now,
    messageId: context.messageId,
    inReplyTo: submission.messageId,
    references: submission.messageId,
    fields: [['Auto-Submitted', 'auto-replied']],
    text: `${about}\nto ${toMailAddress(message.to)}\n\n${sentence}\n`,
    status: [
      [
        ...(submission.envelopeId === '' ? [] : [['Original-Envelope-Id', submission.envelopeId] as const]),
        ['Reporting-MTA', 'dns; localhost'],
        ['Arrival-Date', toMailDate(submission.createdAt)],
      ],
      [
        ...(recipient.original === '' ? [] : [['Original-Recipient', `rfc822; ${recipient.original}`] as const]),
        ['Final-Recipient', `rfc822; ${toMailAddress(message.to)}`],
        ['Action', kind],
        ['Status', status],
        ['Last-Attempt-Date', toMailDate(now)],
      ],
    ],
    original: context.original,
    // RFC 3461 §4.3: RET counts for failures only. Without it the header is enough: the mail itself lies in Sent.
    full: kind === 'failed' && submission.returnFull,
  };
}

const TITLES: Record<ReportKind, string> = {
  failed: 'Not delivered',
  delayed: 'Still waiting',
  delivered: 'Delivered',
  relayed: 'Sent',
};

function describe(kind: ReportKind, message: OutgoingMessage): { status: string; sentence: string } {
  switch (kind) {
    case 'failed':
      return message.outgoing.state === 'failed' ? FAILURES[message.outgoing.reason] : FAILURES['no-acknowledgement'];
    case 'delayed':
      return {
        status: '4.4.1',
        sentence:
          "waits for the recipient's key. The network has been asked for it and will be asked again; the recipient's program must be running to answer. You need do nothing, and will hear no more of this until it is settled.",
      };
    case 'delivered':
      return { status: '2.0.0', sentence: "was decrypted by the recipient's program. Whether somebody has read it, nobody can tell." };
    case 'relayed':
      return { status: '2.0.0', sentence: 'is on the network. Nobody acknowledges a mail of this kind, so this is all that can be known.' };
  }
}

const FAILURES: Record<OutgoingFailure, { status: string; sentence: string }> = {
  'no-acknowledgement': {
    status: '5.4.7',
    sentence: "was sent several times, and the recipient's program has never acknowledged it. It may be switched off for good.",
  },
  'no-pubkey': {
    status: '5.4.1',
    sentence: "could not be encrypted: the recipient's key never came. The recipient's program may be switched off for good.",
  },
  'too-difficult': {
    status: '5.7.1',
    sentence:
      'was not sent: the recipient demands more proof of work than your settings allow. "postern outbox retry" sends it all the same.',
  },
  'bad-key': { status: '5.6.5', sentence: "could not be encrypted: the recipient's key is not valid." },
  'too-large': { status: '5.3.4', sentence: 'was not sent: it is larger than the network carries.' },
};

function toMailDate(time: UnixSeconds): string {
  return new Date(time * 1000).toUTCString().replace('GMT', '+0000');
}
