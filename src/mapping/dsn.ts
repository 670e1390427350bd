/** Pure: what a person is told about one recipient's copy, and when: delivery status notifications, RFC 3464 and RFC 3461. */
import type { UnixSeconds } from '../base/clock.js';
import type { OutgoingFailure, OutgoingMessage } from '../bitmessage/node.js';
import type { ReportDraft } from '../mime/compose-mail.js';
import type { SubmissionRecipient } from '../store/links/recipients.js';
import type { Submission } from '../store/links/submissions.js';
import type { Words } from '../words/words.js';
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
  readonly words: Words;
}

export function draftReport(kind: ReportKind, context: ReportContext): ReportDraft {
  const { submission, recipient, message, subject, now, words } = context;
  const { report } = words.mails;
  const { status, sentence } = describe(kind, message, words);
  return {
    from: { name: 'Postern', address: toMailAddress('postmaster') },
    to: [{ name: '', address: toMailAddress(submission.identity) }],
    subject: report.subjects[kind](subject),
    date: now,
    messageId: context.messageId,
    inReplyTo: submission.messageId,
    references: submission.messageId,
    fields: [['Auto-Submitted', 'auto-replied']],
    text: report.text(mailWords(subject, words), toMailAddress(message.to), sentence),
    status: [
      [
        ...(submission.envelopeId === '' ? [] : [['Original-Envelope-Id', submission.envelopeId] as const]),
        ['Reporting-MTA', 'dns; localhost'],
        ['Arrival-Date', toMailDate(submission.createdAt)],
        ...(submission.releaseRequest === '' ? [] : [['Future-Release-Request', submission.releaseRequest] as const]),
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

/** How a report calls the mail that it is about. */
export function mailWords(subject: string, { mails: { report } }: Words): string {
  return subject === '' ? report.nameless : report.mail(subject);
}

function describe(kind: ReportKind, { outgoing }: OutgoingMessage, { mails: { report } }: Words): { status: string; sentence: string } {
  switch (kind) {
    case 'failed': {
      const reason = outgoing.state === 'failed' ? outgoing.reason : 'no-acknowledgement';
      return { status: FAILURE_STATUS[reason], sentence: report.failed[reason] };
    }
    case 'delayed':
      return { status: '4.4.1', sentence: report.delayed };
    case 'delivered':
    case 'relayed':
      return { status: '2.0.0', sentence: report[kind] };
  }
}

/** RFC 3463. */
const FAILURE_STATUS: Record<OutgoingFailure, string> = {
  'no-acknowledgement': '5.4.7',
  'no-pubkey': '5.4.1',
  'too-difficult': '5.7.1',
  'bad-key': '5.6.5',
  'too-large': '5.3.4',
};

function toMailDate(time: UnixSeconds): string {
  return new Date(time * 1000).toUTCString().replace('GMT', '+0000');
}
