/** Flow 1, the middle: to whom a mail goes, and putting what it becomes into the node's queue together with its entry in Outbox. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.js';
import type { BitmessageNode, Identity } from '../bitmessage/node.js';
import { type ReadMail, readMail } from '../mime/read-mail.js';
import { type Envelope, type EnvelopeRecipient, SmtpRefusal } from '../smtp/submission.js';
import type { Links } from '../store/links/links.js';
import type { Messages } from '../store/mail/message-types.js';
import type { Mailboxes } from '../store/mail/types.js';
import type { Readings } from '../store/readings.js';
import type { Spellings } from '../store/spellings.js';
import type { Words } from '../words/words.js';
import { type AddressContext, type Destination, MAIL_DOMAIN, parseRecipient } from './address.js';
import { type ContentFor, contentsOf } from './contents.js';
import { releaseRequest } from './hold.js';
import type { Labels } from './labels.js';
import type { Outbox } from './outbox.js';
import { chooseSender } from './sender.js';
import { KEYWORDS } from './standing.js';
import { threadBetween, threadWithin } from './threading.js';
import type { Content } from './to-bitmessage.js';
import { DEFAULT_TTL_SECONDS, parseTtl, ttlUntil } from './ttl.js';

export interface DispatcherOptions {
  /** Default time to live, seconds. */
  readonly ttlSeconds?: number;
  /** The streams that the node serves. */
  readonly streams?: readonly bigint[];
}

export interface DispatcherRooms {
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly links: Links;
  readonly node: BitmessageNode;
  readonly labels: Labels;
  readonly readings: Readings;
  readonly spellings: Spellings;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly words: Words;
}

/** A mail that can be sent. */
export interface Prepared {
  readonly envelope: Envelope;
  readonly mail: ReadMail;
  readonly sender: Identity;
  readonly copies: readonly Copy[];
  /** Addresses that have lost their capital letters, and must be found first. */
  readonly lowered: readonly string[];
}

/** One message to queue. */
interface Copy {
  readonly recipient: EnvelopeRecipient;
  readonly kind: 'message' | 'broadcast';
  readonly to: string;
  readonly ttlSeconds: number;
  readonly content: Content;
}

export class Dispatcher {
  constructor(
    private readonly options: DispatcherOptions,
    private readonly rooms: DispatcherRooms,
  ) {}

  /** Where a recipient as typed leads. @throws SmtpRefusal */
  resolve(recipient: string): Destination {
    const { labels, spellings } = this.rooms;
    const context: AddressContext = {
      known: () => labels.known(),
      contacts: () => labels.named(),
      spelling: (lowered) => spellings.find(lowered),
      streams: this.options.streams ?? [1n],
    };
    return parseRecipient(recipient, context);
  }

  /** @throws SmtpRefusal for whatever keeps the mail from being sent */
  prepare(envelope: Envelope, message: Buffer): Prepared {
    const mail = readMail(message);
    const sender = chooseSender(envelope, mail, this.rooms.node.identities());
    const contentFor = contentsOf(mail, this.rooms);
    const copies = this.#copies(envelope, mail, sender, contentFor);
    const lowered = this.#lowered(envelope);
    if (lowered.length > 0) contentFor('message', '');
    for (const copy of copies) this.#checkDifficulty(copy);
    return { envelope, mail, sender, copies, lowered };
  }

  /** Puts the mail into Outbox; answers its UID there. Inside the caller's transaction. */
  store({ mail, sender }: Prepared, message: Buffer): number {
    const { clock, mailboxes } = this.rooms;
    const raw = complete(message, mail, clock.now());
    const flags = ['\\Seen', KEYWORDS.pending];
    return mailboxes.append(mailboxes.find('Outbox')!.id, [{ raw, flags, internalDate: clock.now(), identity: sender.address }])[0];
  }

  /** Queues the messages that a mail in Outbox becomes; answers their ids. Inside the caller's transaction. */
  enqueue({ envelope, mail, sender, copies }: Prepared, outboxUid: number): number[] {
    const { clock, links, mailboxes, messages, node, outbox } = this.rooms;
    const identity = sender.address;
    const sent = mailboxes.find('Sent')!;
    const contentId = mailboxes.entries(mailboxes.find('Outbox')!.id, [outboxUid])[0].messageId;
    const messageId = messages.describe(contentId).messageIdHeader;
    // Some programs store their own copy before they submit.
    const early = mailboxes.entries(sent.id, mailboxes.findByMessageId(sent.id, messageId)).find((entry) => entry.identity === identity);
    const submissionId = links.submissions.add({
      messageId,
      contentId,
      identity,
      outboxUid,
      sentUid: early?.uid ?? 0,
      references: [...mail.answers].reverse().join(' '),
      envelopeId: envelope.envelopeId ?? '',
      returnFull: envelope.returnContent === 'FULL',
      releaseRequest: releaseRequest(envelope),
      createdAt: clock.now(),
    });
    const ids = copies.map((copy) => {
      const outgoingId = node.enqueue({ kind: copy.kind, from: identity, to: copy.to, ttlSeconds: copy.ttlSeconds, ...copy.content });
      links.recipients.add({
        outgoingId,
        submissionId,
        address: copy.to,
        typed: copy.recipient.address,
        original: copy.recipient.originalRecipient ?? '',
        notify: notifyOf(copy.recipient, mail).join(','),
        thread: this.#thread(identity, copy, mail.subject),
        standing: 'pending',
      });
      return outgoingId;
    });
    outbox.place(submissionId);
    return ids;
  }

  /** One copy per recipient of the envelope; the header's To, Cc and Bcc count for nothing, and nobody gets two. */
  #copies(envelope: Envelope, mail: ReadMail, sender: Identity, contentFor: ContentFor): Copy[] {
    const mailTtl = this.#readTtl(mail) ?? (sender.ttlSeconds || this.options.ttlSeconds || DEFAULT_TTL_SECONDS);
    const copies = new Map<string, Copy>();
    for (const recipient of envelope.recipients) {
      const destination = this.resolve(recipient.address);
      if (destination.kind === 'unsubscribe' || destination.kind === 'control') continue;
      const ttlSeconds = destination.ttlSeconds ?? mailTtl;
      if (destination.kind === 'broadcast') checkBroadcaster(destination, sender);
      const kind = destination.kind === 'broadcast' ? 'broadcast' : 'message';
      for (const to of addressesOf(destination, sender)) {
        copies.set(`${kind} ${to}`, { recipient, kind, to, ttlSeconds, content: contentFor(kind, to) });
      }
    }
    return [...copies.values()];
  }

  #lowered({ recipients }: Envelope): string[] {
    const destinations = recipients.map(({ address }) => this.resolve(address));
    const open = destinations.filter((destination) => destination.kind === 'lowered' && destination.candidates.length === 0);
    return [...new Set(open.map((destination) => (destination as Extract<Destination, { kind: 'lowered' }>).text))];
  }

  /** Words for how long the work will take, or '' while that is not known. */
  estimate({ copies }: Prepared): string {
    const works = copies.map((copy) => this.rooms.node.estimate({ ...copy, contentBytes: copy.content.content.length }));
    const seconds = works.reduce<number | null>((sum, work) => (sum === null || work.seconds === null ? null : sum + work.seconds), 0);
    if (seconds === null) return '';
    const isKnown = works.every(({ demand }) => demand !== null);
    const { workTakes, workTakesLater } = this.rooms.words.sending;
    return isKnown ? workTakes(seconds) : workTakesLater(seconds);
  }

  /** Refused before anything is done; where the key comes later, the message fails with a report. */
  #checkDifficulty(copy: Copy): void {
    const { demand, seconds, tooDifficult } = this.rooms.node.estimate({ ...copy, contentBytes: copy.content.content.length });
    if (!tooDifficult || demand === null) return;
    const { nonceTrialsPerByte: trials, extraBytes } = demand;
    throw new SmtpRefusal(550, '5.7.1', ({ sending }) =>
      seconds === null ? sending.tooDifficult(copy.to, trials, extraBytes) : sending.tooDifficultFor(copy.to, trials, extraBytes, seconds),
    );
  }

  #readTtl(mail: ReadMail): number | null {
    const header = mail.field('x-bitmessage-ttl');
    const expires = mail.field('expires');
    const ttl = header !== null ? parseTtl(header) : expires !== null ? ttlUntil(expires, this.rooms.clock.now()) : null;
    if (typeof ttl === 'function') throw new SmtpRefusal(554, '5.6.0', (words) => words.sending.cannotBeSent(ttl(words)));
    return ttl;
  }

  #thread(from: string, copy: Copy, subject: string): string {
    const isChan = this.rooms.node.identities().some((identity) => identity.chan && identity.address === copy.to);
    return copy.kind === 'broadcast' || isChan ? threadWithin(copy.to, subject) : threadBetween(from, copy.to, subject);
  }
}

/** Where an address could be one of several, each gets the message: it can be read by whoever has the key, and nobody has that of a wrong one. */
function addressesOf(destination: Extract<Destination, { ttlSeconds: number | null }>, sender: Identity): readonly string[] {
  if (destination.kind === 'broadcast') return [sender.address];
  return destination.kind === 'lowered' ? destination.candidates : [destination.to];
}

/** "BM-…+broadcast" names whose subscribers are meant; nobody can speak for somebody else. */
function checkBroadcaster(destination: Extract<Destination, { kind: 'broadcast' }>, sender: Identity): void {
  if (destination.from === null || destination.from === sender.address) return;
  const { from } = destination;
  throw new SmtpRefusal(550, '5.7.1', ({ sending }) => sending.onlyItself(from, sender.address));
}

/** Who asks for a read receipt (RFC 8098) gets what there is: word that the recipient's program has decrypted it. DSN, where asked for, goes first. */
function notifyOf({ notify }: EnvelopeRecipient, mail: ReadMail): EnvelopeRecipient['notify'] {
  const asksForReceipt = mail.field('disposition-notification-to') !== null;
  return notify.length === 0 && asksForReceipt ? ['SUCCESS', 'FAILURE', 'DELAY'] : notify;
}

/** RFC 6409 §8: a submission server adds Message-ID and Date where they are missing. Only our own copy of the mail has them. */
function complete(message: Buffer, mail: ReadMail, now: number): Buffer {
  const id = mail.messageId === null ? `Message-ID: <${randomUUID()}@${MAIL_DOMAIN}>\r\n` : '';
  const date = mail.hasDate ? '' : `Date: ${new Date(now * 1000).toUTCString().replace('GMT', '+0000')}\r\n`;
  return id + date === '' ? message : Buffer.concat([Buffer.from(id + date), message]);
}
