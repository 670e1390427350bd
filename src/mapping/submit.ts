/** Flow 1: a mail that a client submits becomes messages in the node's queue and an entry in Outbox, in one transaction. */
import type { Login } from '../access/login.js';
import type { Clock } from '../base/clock.js';
import type { KeyVault } from '../bitmessage/key-vault.js';
import type { BitmessageNode } from '../bitmessage/node.js';
import { type Envelope, SmtpRefusal, type Submission } from '../smtp/submission.js';
import type { Database } from '../store/database.js';
import type { Words } from '../words/words.js';
import { CONTROL_ADDRESS } from './address.js';
import type { Dispatcher, Prepared } from './dispatch.js';
import type { Groups } from './groups.js';
import { MAX_HOLD_SECONDS, releaseTime } from './hold.js';
import type { Holder } from './holder.js';
import type { OrderDesk } from './order-desk.js';
import { findSender } from './sender.js';
import type { Speller } from './speller.js';
import { MAX_CONTENT_BYTES } from './to-bitmessage.js';

export interface SubmitterRooms {
  readonly database: Database;
  readonly node: BitmessageNode;
  readonly groups: Groups;
  readonly dispatcher: Dispatcher;
  readonly holder: Holder;
  readonly orderDesk: OrderDesk;
  readonly speller: Speller;
  readonly vault: KeyVault;
  readonly clock: Clock;
  readonly words: Words;
}

/** Files travel inside, but a mail carries them as base64 (4/3, in lines of 76 and CRLF), with headers and often HTML beside. */
const HEADER_ALLOWANCE_BYTES = 65_536;
/** The mail around a full message: what SIZE and APPENDLIMIT announce. */
export const MAX_MAIL_BYTES = Math.ceil((MAX_CONTENT_BYTES * 78) / 57) + HEADER_ALLOWANCE_BYTES;

export class Submitter implements Submission {
  readonly maxMessageBytes = MAX_MAIL_BYTES;
  readonly maxHoldSeconds = MAX_HOLD_SECONDS;

  constructor(private readonly rooms: SubmitterRooms) {}

  checkSender(login: Login, from: string): void {
    findSender(from, login, this.rooms.node.identities());
  }

  async checkRecipient(login: Login, recipient: string): Promise<string> {
    const destination = this.rooms.dispatcher.resolve(recipient);
    if (destination.kind === 'unsubscribe') this.#checkMember(login, destination.group);
    if (destination.kind !== 'lowered' || destination.candidates.length > 0) return '';
    this.rooms.speller.checkRoom(destination.text);
    return this.#said.loweredAccepted;
  }

  async accept(envelope: Envelope, message: Buffer): Promise<string> {
    const { clock, database, dispatcher, holder, speller } = this.rooms;
    const prepared = dispatcher.prepare(envelope, message);
    if (this.#isOrder(envelope)) return this.#order(envelope, prepared);
    const leaving = this.#leaving(envelope);
    const { copies, lowered } = prepared;
    if (copies.length + lowered.length === 0 && leaving.length > 0) return this.#leave(leaving);
    if (copies.length + lowered.length === 0) throw new SmtpRefusal(554, '5.5.1', ({ sending }) => sending.noRecipient);
    const releaseAt = releaseTime(envelope, prepared.mail.field('date'), clock.now());
    if (typeof releaseAt === 'function') throw new SmtpRefusal(554, '5.6.0', (words) => words.sending.cannotBeSent(releaseAt(words)));
    for (const each of lowered) speller.checkRoom(each);
    const text = database.transaction(() => {
      const outboxUid = dispatcher.store(prepared, message);
      if (lowered.length > 0) {
        holder.hold(outboxUid, releaseAt ?? clock.now(), envelope);
        for (const each of lowered) speller.want(each, outboxUid);
        return this.#said.loweredHeld(lowered.join(', '));
      }
      if (releaseAt === null)
        return `${this.#queuedAs(dispatcher.enqueue(prepared, outboxUid))}${dispatcher.estimate(prepared)}${this.#lock()}`;
      holder.hold(outboxUid, releaseAt, envelope);
      return this.#said.heldUntil(releaseAt);
    });
    if (leaving.length > 0) await this.#leave(leaving);
    return text;
  }

  /** Without its sender's keys a message cannot be signed. */
  #lock(): string {
    return this.rooms.vault.state === 'locked' ? this.#said.locked : '';
  }

  #isOrder({ recipients }: Envelope): boolean {
    return recipients.some(({ address }) => this.rooms.dispatcher.resolve(address).kind === 'control');
  }

  /** What is ordered may hold a passphrase: it goes to nobody else. */
  #order({ recipients }: Envelope, { mail, sender }: Prepared): string {
    if (recipients.length > 1) throw new SmtpRefusal(554, '5.5.1', ({ sending }) => sending.orderAlone(CONTROL_ADDRESS));
    if (sender.chan) throw new SmtpRefusal(550, '5.7.1', ({ sending }) => sending.orderFromChan(CONTROL_ADDRESS));
    const isNew = this.rooms.orderDesk.take(mail, sender.address);
    return isNew ? this.#said.orderTaken : this.#said.orderTakenBefore;
  }

  /** The groups that recipients such as "BM-…+unsubscribe" name. */
  #leaving({ login, recipients }: Envelope): string[] {
    const destinations = recipients.map(({ address }) => this.rooms.dispatcher.resolve(address));
    const groups = [...new Set(destinations.flatMap((destination) => (destination.kind === 'unsubscribe' ? [destination.group] : [])))];
    for (const group of groups) this.#checkMember(login, group);
    return groups;
  }

  #checkMember(login: Login, group: string): void {
    // As with their folders: chans and subscriptions belong to the house, not to one identity.
    if (login.identity !== null) throw new SmtpRefusal(550, '5.7.1', ({ sending }) => sending.combinedOnly);
    const { groups } = this.rooms;
    if ([...groups.chans(), ...groups.subscriptions()].some(({ address }) => address === group)) return;
    throw new SmtpRefusal(550, '5.1.1', ({ sending }) => sending.noMember(group));
  }

  /** Such a mail is an order to this gateway: it goes nowhere, and no copy of it is kept here. */
  async #leave(leaving: readonly string[]): Promise<string> {
    const { groups } = this.rooms;
    for (const address of leaving) {
      if (groups.chans().some((chan) => chan.address === address)) await groups.leaveChan(address);
      else await groups.unsubscribe(address);
    }
    return this.#said.left(leaving.join(', '));
  }

  #queuedAs(ids: readonly number[]): string {
    return ids.length === 1 ? this.#said.queued(String(ids[0])) : this.#said.queuedForMany(ids.join(', '), ids.length);
  }

  get #said(): Words['sending'] {
    return this.rooms.words.sending;
  }
}
