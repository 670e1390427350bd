/** What waits in Outbox for its time, for whoever lists or stops it. */

import type { Envelope } from '../smtp/submission.js';
import type { Database } from '../store/database.js';
import type { HeldMail } from '../store/held-mail.js';
import type { Mailboxes } from '../store/mail/types.js';
import type { Outbox } from './outbox.js';
import type { Speller } from './speller.js';

export interface ScheduledRooms {
  readonly database: Database;
  readonly mailboxes: Mailboxes;
  readonly heldMail: HeldMail;
  readonly outbox: Outbox;
  readonly speller: Speller;
}

export class Scheduled {
  constructor(private readonly rooms: ScheduledRooms) {}

  /** The next first. */
  list(): { id: string; to: string[]; releaseAt: number; waitsFor: { lowered: string; progress: number | null } | null }[] {
    return this.rooms.heldMail.all().map(({ outboxUid, releaseAt, envelope }) => ({
      id: `h${outboxUid}`,
      to: (JSON.parse(envelope) as Envelope).recipients.map(({ address }) => address),
      releaseAt,
      waitsFor: this.rooms.speller.searchFor(outboxUid),
    }));
  }

  /** The mail goes to Trash. Answers false when there is none. */
  cancel(id: string): boolean {
    const { database, heldMail, mailboxes, outbox } = this.rooms;
    const held = heldMail.all().find(({ outboxUid }) => `h${outboxUid}` === id);
    if (held === undefined) return false;
    database.transaction(() => {
      outbox.cancel([held.outboxUid]);
      mailboxes.move(mailboxes.find('Outbox')!.id, [held.outboxUid], mailboxes.find('Trash')!.id);
    });
    return true;
  }
}
