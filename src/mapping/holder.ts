/** Keeps mail in Outbox until its time has come. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import { TaskGroup } from '../base/task-group.js';
import { composeMail } from '../mime/compose-mail.js';
import { type Envelope, SmtpRefusal } from '../smtp/submission.js';
import type { Database } from '../store/database.js';
import type { Held, HeldMail } from '../store/held-mail.js';
import type { Messages } from '../store/mail/message-types.js';
import type { Entry, Mailboxes } from '../store/mail/types.js';
import type { Words } from '../words/words.js';
import { MAIL_DOMAIN, toMailAddress } from './address.js';
import type { Dispatcher } from './dispatch.js';
import { KEYWORDS } from './standing.js';

export interface HolderRooms {
  readonly database: Database;
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly heldMail: HeldMail;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly log: Logger;
  readonly words: Words;
}

export class Holder {
  readonly #tasks = new TaskGroup((error) => this.rooms.log.error('held mail was not sent', error));
  #wake = new AbortController();

  constructor(private readonly rooms: HolderRooms) {}

  start(): void {
    this.#tasks.run((signal) => this.#run(signal));
  }

  stop(): Promise<void> {
    return this.#tasks.stop();
  }

  /** Inside the caller's transaction. */
  hold(outboxUid: number, releaseAt: number, envelope: Envelope): void {
    const { database, heldMail } = this.rooms;
    heldMail.add({ outboxUid, releaseAt, envelope: JSON.stringify(envelope) });
    // It may be the first now.
    database.afterCommit(() => this.#wake.abort());
  }

  /** Something that was waited for has come. */
  look(): void {
    this.#wake.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, heldMail } = this.rooms;
    while (!signal.aborted) {
      this.#wake = new AbortController();
      const first = heldMail.first();
      const waitSeconds = first === undefined ? Number.POSITIVE_INFINITY : first.releaseAt - clock.now();
      if (first !== undefined && waitSeconds <= 0) await this.#release(first);
      else await clock.sleep(waitSeconds * 1000, AbortSignal.any([signal, this.#wake.signal]));
    }
  }

  /** Sends it, or reports that it cannot be sent; either way it is held no longer. */
  async #release(held: Held): Promise<void> {
    const { database, dispatcher, heldMail, mailboxes, messages } = this.rooms;
    const [entry] = mailboxes.entries(mailboxes.find('Outbox')!.id, [held.outboxUid]);
    try {
      database.transaction(() => {
        // Deleted from Outbox meanwhile: that cancels it.
        if (!heldMail.remove(held.outboxUid) || entry === undefined) return;
        const prepared = dispatcher.prepare(JSON.parse(held.envelope) as Envelope, messages.raw(entry.messageId));
        dispatcher.enqueue(prepared, held.outboxUid);
      });
    } catch (error) {
      if (!(error instanceof SmtpRefusal)) throw error;
      await this.#giveUp(held, entry, error);
    }
  }

  /** What was right when the mail was submitted need not be right now: the identity may be gone, or Expires past. */
  async #giveUp(held: Held, entry: Entry, why: SmtpRefusal): Promise<void> {
    const { clock, database, heldMail, mailboxes, messages, words } = this.rooms;
    const { notSent } = words.mails;
    const { subject, messageIdHeader } = messages.describe(entry.messageId);
    const raw = await composeMail({
      from: { name: 'Postern', address: toMailAddress('postmaster') },
      to: [{ name: '', address: toMailAddress(entry.identity) }],
      subject: notSent.subject(subject),
      date: clock.now(),
      messageId: `<${randomUUID()}@${MAIL_DOMAIN}>`,
      inReplyTo: messageIdHeader,
      references: messageIdHeader,
      fields: [['Auto-Submitted', 'auto-replied']],
      text: notSent.text(subject, why.say(words)),
      files: [],
    });
    database.transaction(() => {
      const outbox = mailboxes.find('Outbox')!;
      heldMail.remove(held.outboxUid);
      mailboxes.setFlags(outbox.id, [held.outboxUid], 'remove', [KEYWORDS.pending]);
      mailboxes.setFlags(outbox.id, [held.outboxUid], 'add', [KEYWORDS.failed]);
      mailboxes.append(mailboxes.find('INBOX')!.id, [{ raw, flags: [], internalDate: clock.now(), identity: entry.identity }]);
    });
  }
}
