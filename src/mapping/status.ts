/** Flow 1, the way back: what becomes of a sent message shows as folder, keywords and reports. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.js';
import type { BitmessageNode, OutgoingMessage } from '../bitmessage/node.js';
import { composeReport } from '../mime/compose-mail.js';
import type { Database } from '../store/database.js';
import type { Links } from '../store/links/links.js';
import type { SubmissionRecipient } from '../store/links/recipients.js';
import type { Submission } from '../store/links/submissions.js';
import type { Messages } from '../store/mail/message-types.js';
import type { Mailboxes } from '../store/mail/types.js';
import type { Words } from '../words/words.js';
import { MAIL_DOMAIN } from './address.js';
import { draftReport, type ReportKind, reportFor } from './dsn.js';
import type { Outbox } from './outbox.js';
import { isOut, standingOf } from './standing.js';

export interface StatusRooms {
  readonly database: Database;
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly links: Links;
  readonly node: BitmessageNode;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly words: Words;
}

export class Status {
  constructor(private readonly rooms: StatusRooms) {}

  /** NodeListener.outgoingChanged. Hearing the same twice is harmless. */
  async changed(message: OutgoingMessage): Promise<void> {
    const { clock, database, links, mailboxes, outbox } = this.rooms;
    const recipient = links.recipients.get(message.id);
    const submission = recipient && links.submissions.get(recipient.submissionId);
    // Not every outgoing message began as a mail.
    if (recipient === undefined || submission === undefined) return;
    const kind = this.#comesBackToUs(message) ? null : reportFor(message, recipient, clock.now());
    const report = kind === null ? null : await this.#report(kind, message, submission, recipient);
    database.transaction(() => {
      const before = links.recipients.get(message.id);
      const isNews = before !== undefined && before.standing === recipient.standing && before.delayTold === recipient.delayTold;
      if (report !== null && isNews) {
        const inbox = mailboxes.find('INBOX')!;
        mailboxes.append(inbox.id, [{ raw: report, flags: [], internalDate: clock.now(), identity: submission.identity }]);
        if (kind === 'delayed') links.recipients.setDelayTold(message.id);
      }
      const objectHash = message.objectHash === null ? null : Buffer.from(message.objectHash, 'hex');
      links.recipients.setStanding(message.id, standingOf(message), isOut(message), objectHash);
      outbox.place(submission.id);
    });
  }

  /** At start: catches up with what the node knows, should the last run have ended between the two. */
  async reconcile(): Promise<void> {
    for (const { outgoingId } of this.rooms.links.recipients.standing(['pending', 'submitted'])) {
      const message = this.rooms.node.outgoingById(outgoingId);
      if (message !== undefined) await this.changed(message);
    }
  }

  /** Out, and to be opened by this very program in a moment: there will be more to say of it then. */
  #comesBackToUs({ outgoing, kind, to }: OutgoingMessage): boolean {
    if (outgoing.state !== 'sent' || kind !== 'message') return false;
    return this.rooms.node.identities().some(({ address, chan, enabled }) => address === to && enabled && !chan);
  }

  async #report(kind: ReportKind, message: OutgoingMessage, submission: Submission, recipient: SubmissionRecipient): Promise<Buffer> {
    const { subject, original } = this.#original(submission);
    return composeReport(
      draftReport(kind, {
        submission,
        recipient,
        message,
        subject,
        original,
        now: this.rooms.clock.now(),
        messageId: `<${randomUUID()}@${MAIL_DOMAIN}>`,
        words: this.rooms.words,
      }),
    );
  }

  /** The mail as it was submitted, or no more than its Message-ID when the person has expunged it everywhere. */
  #original({ contentId, messageId }: Submission): { subject: string; original: Buffer } {
    try {
      return { subject: this.rooms.messages.describe(contentId).subject, original: this.rooms.messages.raw(contentId) };
    } catch {
      return { subject: '', original: Buffer.from(`Message-ID: ${messageId}\r\n\r\n`) };
    }
  }
}
