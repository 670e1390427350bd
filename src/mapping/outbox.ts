/** Where a sent mail lies and which keywords it wears: in Outbox while it waits, in Sent (once) when it is out. */
import type { BitmessageNode } from '../bitmessage/node.js';
import type { Database } from '../store/database.js';
import type { HeldMail } from '../store/held-mail.js';
import type { Links } from '../store/links/links.js';
import type { Submission } from '../store/links/submissions.js';
import type { Entry, Mailbox, Mailboxes } from '../store/mail/types.js';
import { ALL_KEYWORDS, isWaiting, keywordsOf, type RecipientStanding, type Standing } from './standing.js';

export interface OutboxRooms {
  readonly database: Database;
  readonly mailboxes: Mailboxes;
  readonly links: Links;
  readonly heldMail: HeldMail;
  readonly node: BitmessageNode;
}

const NOWHERE = 0;

export class Outbox {
  constructor(private readonly rooms: OutboxRooms) {}

  /** Puts the mail where its recipients' standing says, with its keywords. Idempotent; inside the caller's transaction. */
  place(submissionId: number): void {
    const submission = this.rooms.links.submissions.get(submissionId);
    if (submission === undefined) return;
    const recipients = this.#recipients(submissionId);
    const outbox = this.#folder('Outbox');
    const sent = this.#folder('Sent');
    const waiting = this.#entry(outbox, submission.outboxUid, submission);
    let { outboxUid, sentUid } = submission;
    const isCancelled = recipients.length > 0 && recipients.every(({ standing, wasOut }) => standing === 'cancelled' && !wasOut);
    if (outboxUid === NOWHERE && isWaiting(recipients) && this.#entry(sent, sentUid, submission) !== undefined) {
      // It had failed, and is tried again.
      [outboxUid] = this.rooms.mailboxes.move(sent.id, [sentUid], outbox.id).to;
      sentUid = NOWHERE;
    } else if (waiting !== undefined && isCancelled) this.rooms.mailboxes.move(outbox.id, [waiting.uid], this.#folder('Trash').id);
    else if (waiting !== undefined && !isWaiting(recipients)) {
      if (this.#entry(sent, sentUid, submission) === undefined) [sentUid] = this.rooms.mailboxes.move(outbox.id, [waiting.uid], sent.id).to;
      // The client's own copy is in Sent already: one is enough.
      else this.rooms.mailboxes.expunge(outbox.id, [waiting.uid]);
    }
    const stillWaiting = this.#entry(outbox, outboxUid, submission) !== undefined;
    this.rooms.links.submissions.place(submission.id, { outboxUid: stillWaiting ? outboxUid : NOWHERE, sentUid });
    this.#label({ ...submission, outboxUid, sentUid }, keywordsOf(recipients));
  }

  /**
   * The person takes these mails out of Outbox: what is not on the network yet stays here. A mail that some recipients have
   * got keeps its entry in Sent, so that the record stays true.
   */
  cancel(uids: readonly number[]): void {
    this.rooms.database.transaction(() => {
      for (const uid of uids) {
        const submission = this.rooms.links.submissions.inOutbox(uid);
        if (submission !== undefined) this.#cancelSubmission(submission);
        else if (this.rooms.heldMail.remove(uid)) this.rooms.mailboxes.setFlags(this.#folder('Outbox').id, [uid], 'remove', ALL_KEYWORDS);
      }
    });
  }

  /**
   * The client stores its own copy of what it has just submitted: answers the UID of the entry that is there already, so that
   * there is never a second one; null when this is some other mail. While the mail still waits in Outbox, its one entry in
   * Sent is made now (same content), and the one in Outbox goes away later without leaving another.
   */
  adoptSentCopy(messageId: string, flags: readonly string[], scope: string | null): number | null {
    const submission = messageId === '' ? undefined : this.rooms.links.submissions.byMessageId(messageId);
    if (submission === undefined || (scope !== null && submission.identity !== scope)) return null;
    const sent = this.#folder('Sent');
    if (this.#entry(sent, submission.sentUid, submission) !== undefined) return submission.sentUid;
    const outbox = this.#folder('Outbox');
    const waiting = this.#entry(outbox, submission.outboxUid, submission);
    if (waiting === undefined) return null;
    return this.rooms.database.transaction(() => {
      const [sentUid] = this.rooms.mailboxes.copy(outbox.id, [waiting.uid], sent.id).to;
      this.rooms.links.submissions.place(submission.id, { outboxUid: waiting.uid, sentUid });
      if (flags.length > 0) this.rooms.mailboxes.setFlags(sent.id, [sentUid], 'add', flags);
      return sentUid;
    });
  }

  #cancelSubmission(submission: Submission): void {
    const { links, mailboxes, node } = this.rooms;
    for (const recipient of links.recipients.of(submission.id)) {
      if (recipient.standing !== 'pending' || recipient.wasOut) continue;
      node.cancel(recipient.outgoingId);
      links.recipients.setStanding(recipient.outgoingId, 'cancelled' satisfies Standing, false, null);
    }
    const outbox = this.#folder('Outbox');
    const recipients = this.#recipients(submission.id);
    let { sentUid } = submission;
    mailboxes.setFlags(outbox.id, [submission.outboxUid], 'remove', ALL_KEYWORDS);
    if (recipients.some(({ wasOut }) => wasOut) && this.#entry(this.#folder('Sent'), sentUid, submission) === undefined) {
      [sentUid] = mailboxes.copy(outbox.id, [submission.outboxUid], this.#folder('Sent').id).to;
    }
    links.submissions.place(submission.id, { outboxUid: NOWHERE, sentUid });
    this.#label({ ...submission, outboxUid: NOWHERE, sentUid }, keywordsOf(recipients));
  }

  /** Sets exactly these of our keywords wherever the mail lies: the person may have filed it. */
  #label(submission: Submission, keywords: readonly string[]): void {
    const { mailboxes } = this.rooms;
    for (const mailbox of this.#foldersOf(submission)) {
      for (const uid of mailboxes.findByMessageId(mailbox.id, submission.messageId)) {
        const [entry] = mailboxes.entries(mailbox.id, [uid]);
        const isOurs = entry?.messageId === submission.contentId || (mailbox.path === 'Sent' && uid === submission.sentUid);
        if (entry === undefined || !isOurs) continue;
        const surplus = ALL_KEYWORDS.filter((keyword) => entry.flags.includes(keyword) && !keywords.includes(keyword));
        const missing = keywords.filter((keyword) => !entry.flags.includes(keyword));
        if (surplus.length > 0) mailboxes.setFlags(mailbox.id, [uid], 'remove', surplus);
        if (missing.length > 0) mailboxes.setFlags(mailbox.id, [uid], 'add', missing);
      }
    }
  }

  /** Nearly always Outbox and Sent; only when the mail is in neither, the folders that a person may have filed it in. */
  #foldersOf(submission: Submission): Mailbox[] {
    const usual = [this.#folder('Outbox'), this.#folder('Sent')];
    const isThere = usual.some((mailbox) => this.rooms.mailboxes.findByMessageId(mailbox.id, submission.messageId).length > 0);
    return isThere ? usual : this.rooms.mailboxes.list().filter(({ selectable }) => selectable);
  }

  #recipients(submissionId: number): RecipientStanding[] {
    return this.rooms.links.recipients.of(submissionId).map(({ standing, wasOut }) => ({ standing: standing as Standing, wasOut }));
  }

  /** The entry, if it is still there and still this mail. */
  #entry(mailbox: Mailbox, uid: number, submission: Submission): Entry | undefined {
    if (uid === NOWHERE) return undefined;
    const [entry] = this.rooms.mailboxes.entries(mailbox.id, [uid]);
    return entry?.identity === submission.identity ? entry : undefined;
  }

  #folder(path: string): Mailbox {
    const mailbox = this.rooms.mailboxes.find(path);
    if (mailbox === undefined) throw new Error(`the folder ${path} is missing`);
    return mailbox;
  }
}
