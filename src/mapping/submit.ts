/** Flow 1: a mail that a client submits becomes messages in the node's queue and an entry in Outbox, in one transaction. */
import { randomUUID } from 'node:crypto';
import type { Login } from '../access/login.js';
import type { Clock } from '../base/clock.js';
import type { BitmessageNode, Identity } from '../bitmessage/node.js';
import { type ReadMail, readMail } from '../mime/read-mail.js';
import { type Envelope, type EnvelopeRecipient, SmtpRefusal, type Submission } from '../smtp/submission.js';
import type { Database } from '../store/database.js';
import type { Links } from '../store/links.js';
import type { Mailboxes, Messages } from '../store/mail/types.js';
import { type AddressContext, type Destination, MAIL_DOMAIN, parseRecipient } from './address.js';
import type { Groups } from './groups.js';
import type { Labels } from './labels.js';
import type { Outbox } from './outbox.js';
import { chooseSender, findSender } from './sender.js';
import { KEYWORDS } from './standing.js';
import { threadBetween, threadWithin } from './threading.js';
import { type Content, MAX_CONTENT_BYTES, toBitmessage } from './to-bitmessage.js';
import { DEFAULT_TTL_SECONDS, parseTtl, ttlUntil } from './ttl.js';

export interface SubmitterOptions {
  /** Default time to live, seconds. */
  readonly ttlSeconds?: number;
  /** The streams that the node serves. */
  readonly streams?: readonly bigint[];
}

export interface SubmitterRooms {
  readonly database: Database;
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly links: Links;
  readonly node: BitmessageNode;
  readonly groups: Groups;
  readonly labels: Labels;
  readonly outbox: Outbox;
  readonly clock: Clock;
}

/** One message to queue. */
interface Copy {
  readonly recipient: EnvelopeRecipient;
  readonly kind: 'message' | 'broadcast';
  readonly to: string;
  readonly ttlSeconds: number;
}

/** Files travel inside, but a mail carries them as base64 (4/3, in lines of 76 and CRLF), with headers and often HTML beside. */
const HEADER_ALLOWANCE_BYTES = 65_536;
/** The mail around a full message: what SIZE and APPENDLIMIT announce. */
export const MAX_MAIL_BYTES = Math.ceil((MAX_CONTENT_BYTES * 78) / 57) + HEADER_ALLOWANCE_BYTES;

export class Submitter implements Submission {
  readonly maxMessageBytes = MAX_MAIL_BYTES;

  constructor(
    private readonly options: SubmitterOptions,
    private readonly rooms: SubmitterRooms,
  ) {}

  checkSender(login: Login, from: string): void {
    findSender(from, login, this.rooms.node.identities());
  }

  async checkRecipient(login: Login, recipient: string): Promise<void> {
    const destination = this.#resolve(recipient);
    if (destination.kind === 'unsubscribe') this.#checkMember(login, destination.group);
  }

  async accept(envelope: Envelope, message: Buffer): Promise<string> {
    const mail = readMail(message);
    const sender = chooseSender(envelope, mail, this.rooms.node.identities());
    const leaving = this.#leaving(envelope);
    const copies = this.#copies(envelope, mail, sender);
    if (copies.length === 0 && leaving.length > 0) return this.#leave(leaving);
    if (copies.length === 0) throw new SmtpRefusal(554, '5.5.1', 'The mail has no recipient');
    const content = toBitmessage(mail, this.#parents(mail));
    checkSize(content, mail.files.length);
    const queued = this.rooms.database.transaction(() => this.#queue(envelope, mail, message, sender, copies, content));
    if (leaving.length > 0) await this.#leave(leaving);
    return queued.length === 1 ? `queued as ${queued[0]}` : `queued as ${queued.join(', ')} for ${queued.length} recipients`;
  }

  #queue(envelope: Envelope, mail: ReadMail, message: Buffer, sender: Identity, copies: readonly Copy[], content: Content): number[] {
    const { clock, links, mailboxes, messages, node, outbox } = this.rooms;
    const identity = sender.address;
    const raw = complete(message, mail, clock.now());
    const folder = mailboxes.find('Outbox')!;
    const sent = mailboxes.find('Sent')!;
    const [outboxUid] = mailboxes.append(folder.id, [{ raw, flags: ['\\Seen', KEYWORDS.pending], internalDate: clock.now(), identity }]);
    const contentId = mailboxes.entries(folder.id, [outboxUid])[0].messageId;
    const messageId = messages.describe(contentId).messageIdHeader;
    // Some programs store their own copy before they submit.
    const early = mailboxes.entries(sent.id, mailboxes.findByMessageId(sent.id, messageId)).find((entry) => entry.identity === identity);
    const submissionId = links.addSubmission({
      messageId,
      contentId,
      identity,
      outboxUid,
      sentUid: early?.uid ?? 0,
      references: [...mail.answers].reverse().join(' '),
      envelopeId: envelope.envelopeId ?? '',
      returnFull: envelope.returnContent === 'FULL',
      createdAt: clock.now(),
    });
    const ids = copies.map((copy) => {
      const outgoingId = node.enqueue({ kind: copy.kind, from: identity, to: copy.to, ttlSeconds: copy.ttlSeconds, ...content });
      links.addRecipient({
        outgoingId,
        submissionId,
        address: copy.to,
        typed: copy.recipient.address,
        original: copy.recipient.originalRecipient ?? '',
        notify: copy.recipient.notify.join(','),
        thread: this.#thread(identity, copy, mail.subject),
        standing: 'pending',
      });
      return outgoingId;
    });
    outbox.place(submissionId);
    return ids;
  }

  /** One copy per recipient of the envelope; the header's To, Cc and Bcc count for nothing, and nobody gets two. */
  #copies(envelope: Envelope, mail: ReadMail, sender: Identity): Copy[] {
    const mailTtl = this.#readTtl(mail);
    const copies = new Map<string, Copy>();
    for (const recipient of envelope.recipients) {
      const destination = this.#resolve(recipient.address);
      if (destination.kind === 'unsubscribe') continue;
      const ttlSeconds = destination.ttlSeconds ?? mailTtl;
      if (destination.kind === 'broadcast') checkBroadcaster(destination, sender);
      const to = destination.kind === 'broadcast' ? sender.address : destination.to;
      copies.set(`${destination.kind} ${to}`, { recipient, kind: destination.kind, to, ttlSeconds });
    }
    return [...copies.values()];
  }

  /** The groups that recipients such as "BM-…+unsubscribe" name. */
  #leaving({ login, recipients }: Envelope): string[] {
    const destinations = recipients.map(({ address }) => this.#resolve(address));
    const groups = [...new Set(destinations.flatMap((destination) => (destination.kind === 'unsubscribe' ? [destination.group] : [])))];
    for (const group of groups) this.#checkMember(login, group);
    return groups;
  }

  #checkMember(login: Login, group: string): void {
    // As with their folders: chans and subscriptions belong to the house, not to one identity.
    if (login.identity !== null) throw new SmtpRefusal(550, '5.7.1', 'Only the combined login can leave chans and end subscriptions');
    const { groups } = this.rooms;
    if ([...groups.chans(), ...groups.subscriptions()].some(({ address }) => address === group)) return;
    throw new SmtpRefusal(550, '5.1.1', `${group} is neither a chan of yours nor a subscription`);
  }

  /** Such a mail is an order to this gateway: it goes nowhere, and no copy of it is kept here. */
  async #leave(leaving: readonly string[]): Promise<string> {
    const { groups } = this.rooms;
    for (const address of leaving) {
      if (groups.chans().some((chan) => chan.address === address)) await groups.leaveChan(address);
      else await groups.unsubscribe(address);
    }
    return `left ${leaving.join(', ')}; the folder is in Trash, and moving it back undoes this`;
  }

  #readTtl(mail: ReadMail): number {
    const header = mail.field('x-bitmessage-ttl');
    const expires = mail.field('expires');
    const ttl = header !== null ? parseTtl(header) : expires !== null ? ttlUntil(expires, this.rooms.clock.now()) : null;
    if (typeof ttl === 'string') throw new SmtpRefusal(554, '5.6.0', `The mail cannot be sent: ${ttl}`);
    return ttl ?? this.options.ttlSeconds ?? DEFAULT_TTL_SECONDS;
  }

  #resolve(recipient: string): Destination {
    const context: AddressContext = { known: () => this.rooms.labels.known(), streams: this.options.streams ?? [1n] };
    return parseRecipient(recipient, context);
  }

  /** The messages that this mail answers, as the network knows them. */
  #parents(mail: ReadMail): Uint8Array[] {
    const nearest = mail.answers.slice(0, 1).map((messageId) => this.rooms.links.objectHashOf(messageId));
    return nearest.filter((hash) => hash !== undefined);
  }

  #thread(from: string, copy: Copy, subject: string): string {
    const isChan = this.rooms.node.identities().some((identity) => identity.chan && identity.address === copy.to);
    return copy.kind === 'broadcast' || isChan ? threadWithin(copy.to, subject) : threadBetween(from, copy.to, subject);
  }
}

/** "BM-…+broadcast" names whose subscribers are meant; nobody can speak for somebody else. */
function checkBroadcaster(destination: Extract<Destination, { kind: 'broadcast' }>, sender: Identity): void {
  if (destination.from === null || destination.from === sender.address) return;
  throw new SmtpRefusal(550, '5.7.1', `Only ${destination.from} itself can write to its subscribers; this mail is from ${sender.address}`);
}

/** As many as a reader takes: wire/content. */
const MAX_FILES = 64;

function checkSize({ content }: Content, files: number): void {
  if (files > MAX_FILES)
    throw new SmtpRefusal(552, '5.3.4', `The mail has ${files} attachments; a Bitmessage carries ${MAX_FILES} at most`);
  if (content.length <= MAX_CONTENT_BYTES) return;
  throw new SmtpRefusal(
    552,
    '5.3.4',
    `Text and files make ${content.length} bytes; a Bitmessage carries ${MAX_CONTENT_BYTES} at most. Please send less, or in parts`,
  );
}

/** RFC 6409 §8: a submission server adds Message-ID and Date where they are missing. Only our own copy of the mail has them. */
function complete(message: Buffer, mail: ReadMail, now: number): Buffer {
  const id = mail.messageId === null ? `Message-ID: <${randomUUID()}@${MAIL_DOMAIN}>\r\n` : '';
  const date = mail.hasDate ? '' : `Date: ${new Date(now * 1000).toUTCString().replace('GMT', '+0000')}\r\n`;
  return id + date === '' ? message : Buffer.concat([Buffer.from(id + date), message]);
}
