/** Finds out, in the background, which address a mail in Outbox is for that lost its capital letters, and tells its sender. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import { TaskGroup } from '../base/task-group.js';
import type { BitmessageNode, OutgoingMessage } from '../bitmessage/node.js';
import { composeMail, composeReport } from '../mime/compose-mail.js';
import { type Envelope, SmtpRefusal } from '../smtp/submission.js';
import type { Database } from '../store/database.js';
import type { Held, HeldMail } from '../store/held-mail.js';
import type { Messages } from '../store/mail/message-types.js';
import type { Mailboxes } from '../store/mail/types.js';
import type { Spelling, Spellings } from '../store/spellings.js';
import type { Words } from '../words/words.js';
import { MAIL_DOMAIN, toLowered } from './address.js';
import { draftChoice, draftFound, draftUnknown, type SpellingNews } from './spelling-mails.js';
import { KEYWORDS } from './standing.js';

export interface SpellerRooms {
  readonly database: Database;
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly heldMail: HeldMail;
  readonly spellings: Spellings;
  readonly node: BitmessageNode;
  readonly clock: Clock;
  readonly log: Logger;
  readonly words: Words;
  /** Held mail may have become free. */
  readonly released: () => void;
}

/** A search takes seconds to a minute: who asks for more at once has a list that lost its capitals, and shall mend that. */
const MAX_WANTED = 20;
/** So that a second mail is not searched for again, nor a mistyped one. */
const KEPT_SPELLINGS = 1000;
/** A thread that crashed has a reason that may pass. */
const STUMBLE_MS = 60_000;

export class Speller {
  readonly #tasks = new TaskGroup((error) => this.rooms.log.error('finding spellings ended', error));
  #wake = new AbortController();
  #search: { readonly lowered: string; progress: number } | undefined;

  constructor(private readonly rooms: SpellerRooms) {}

  start(): void {
    this.#tasks.run((signal) => this.#run(signal));
  }

  stop(): Promise<void> {
    return this.#tasks.stop();
  }

  /** @throws SmtpRefusal when so many are searched that another one would wait for long */
  checkRoom(lowered: string): void {
    const { spellings } = this.rooms;
    if (spellings.find(lowered)?.searched !== undefined || spellings.countWanted() < MAX_WANTED) return;
    throw new SmtpRefusal(451, '4.3.2', ({ sending }) => sending.loweredTooMany(MAX_WANTED));
  }

  /** The mail is held until the address is found. Inside the caller's transaction. */
  want(lowered: string, outboxUid: number): void {
    const { clock, database, spellings } = this.rooms;
    spellings.want(lowered, outboxUid, clock.now());
    spellings.prune(KEPT_SPELLINGS);
    database.afterCommit(() => this.#wake.abort());
  }

  /** What a held mail waits for besides its time, and how far that is, once it has begun; null: for nothing. */
  searchFor(outboxUid: number): { lowered: string; progress: number | null } | null {
    const [lowered] = this.rooms.spellings.awaitedBy(outboxUid);
    if (lowered === undefined) return null;
    return { lowered, progress: this.#search?.lowered === lowered ? this.#search.progress : null };
  }

  /** A message went on: where an address could be one of several, the one that has a key is it, for the others belong to nobody. */
  async heard({ to, outgoing }: OutgoingMessage): Promise<void> {
    if (!['mining', 'awaiting-ack', 'sent', 'delivered'].includes(outgoing.state)) return;
    for (const spelling of this.rooms.spellings.undecided()) if (spelling.candidates.includes(to)) this.#decide(spelling, to);
  }

  /** The person knows. Answers false when nothing of that kind was asked. */
  choose(address: string): boolean {
    const found = this.rooms.spellings.undecided().filter(({ candidates }) => candidates.includes(address));
    for (const spelling of found) this.#decide(spelling, address);
    return found.length > 0;
  }

  #decide({ lowered, candidates }: Spelling, address: string): void {
    const { database, node, spellings } = this.rooms;
    database.transaction(() => {
      spellings.choose(lowered, address);
      for (const { id, to } of node.outgoing()) if (to !== address && candidates.includes(to)) node.cancel(id);
    });
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#wake = new AbortController();
      const lowered = this.rooms.spellings.nextWanted();
      if (lowered === undefined) await this.rooms.clock.sleep(Number.POSITIVE_INFINITY, AbortSignal.any([signal, this.#wake.signal]));
      else await this.#find(lowered, signal);
    }
  }

  async #find(lowered: string, signal: AbortSignal): Promise<void> {
    const { clock, log, node, spellings } = this.rooms;
    const unwanted = new AbortController();
    const search = { lowered, progress: 0 };
    this.#search = search;
    const onProgress = (progress: number): void => {
      search.progress = progress;
      // Its mail was deleted from Outbox.
      if (spellings.waitingFor(lowered).length === 0) unwanted.abort();
    };
    try {
      const candidates = await node.findSpellings(lowered, { signal: AbortSignal.any([signal, unwanted.signal]), onProgress });
      await this.#settle(lowered, candidates);
    } catch (error) {
      if (signal.aborted || unwanted.signal.aborted) return;
      log.error('a spelling could not be searched', error);
      await clock.sleep(STUMBLE_MS, signal);
    } finally {
      this.#search = undefined;
    }
  }

  async #settle(lowered: string, candidates: readonly string[]): Promise<void> {
    const { clock, database, mailboxes, spellings, released } = this.rooms;
    const news = await Promise.all(spellings.waitingFor(lowered).map((held) => this.#tell(held, lowered, candidates)));
    database.transaction(() => {
      spellings.setSearched(lowered, candidates);
      const still = new Set(spellings.waitingFor(lowered).map(({ outboxUid }) => outboxUid));
      for (const { held, identity, raw } of news.filter((each) => still.has(each.held.outboxUid))) {
        if (raw !== null) mailboxes.append(mailboxes.find('INBOX')!.id, [{ raw, flags: [], internalDate: clock.now(), identity }]);
        if (candidates.length === 0) this.#strike(held, lowered);
      }
    });
    released();
  }

  /** The mail to whom sent it: null when that is not wanted. */
  async #tell(held: Held, lowered: string, candidates: readonly string[]): Promise<{ held: Held; identity: string; raw: Buffer | null }> {
    const { clock, mailboxes, messages } = this.rooms;
    const [entry] = mailboxes.entries(mailboxes.find('Outbox')!.id, [held.outboxUid]);
    if (entry === undefined) return { held, identity: '', raw: null };
    const envelope = JSON.parse(held.envelope) as Envelope;
    const { subject, messageIdHeader } = messages.describe(entry.messageId);
    const recipient = envelope.recipients.find(({ address }) => toLowered(address) === lowered);
    const news: SpellingNews = {
      identity: entry.identity,
      subject,
      answered: messageIdHeader,
      messageId: `<${randomUUID()}@${MAIL_DOMAIN}>`,
      now: clock.now(),
      typed: recipient?.address ?? lowered,
      words: this.rooms.words,
    };
    if (candidates.length === 1) return { held, identity: entry.identity, raw: await composeMail(draftFound(news, candidates[0])) };
    if (candidates.length > 1) return { held, identity: entry.identity, raw: await composeMail(draftChoice(news, candidates)) };
    const notify = recipient?.notify ?? [];
    const isSilent = notify.length > 0 && !notify.includes('FAILURE');
    const original = messages.raw(entry.messageId);
    const raw = isSilent ? null : await composeReport(draftUnknown(news, { original, full: envelope.returnContent === 'FULL' }));
    return { held, identity: entry.identity, raw };
  }

  /** The mail goes to the others; with nobody left it stays in Outbox, as failed. */
  #strike(held: Held, lowered: string): void {
    const { heldMail, mailboxes } = this.rooms;
    const envelope = JSON.parse(held.envelope) as Envelope;
    const recipients = envelope.recipients.filter(({ address }) => toLowered(address) !== lowered);
    if (recipients.length > 0) {
      heldMail.setEnvelope(held.outboxUid, JSON.stringify({ ...envelope, recipients }));
      return;
    }
    const outbox = mailboxes.find('Outbox')!;
    heldMail.remove(held.outboxUid);
    mailboxes.setFlags(outbox.id, [held.outboxUid], 'remove', [KEYWORDS.pending]);
    mailboxes.setFlags(outbox.id, [held.outboxUid], 'add', [KEYWORDS.failed]);
  }
}
