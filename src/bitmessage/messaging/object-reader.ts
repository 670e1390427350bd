/** What an object means for us: an ack of ours, a key that we wait for or are asked for, a message, a broadcast. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { type Difficulty, isSufficient } from '../../pow/target.js';
import type { OutboxTable } from '../../store/node/outbox.js';
import type { ReceivedTable } from '../../store/node/received.js';
import { formatAddress } from '../crypto/address.js';
import { signatureHash } from '../crypto/hash.js';
import type { StoredObject } from '../inventory/inventory.js';
import type { ReceivedMessage } from '../node.js';
import { ackdataOf } from '../objects/ack.js';
import type { Broadcast } from '../objects/broadcast.js';
import { asksFor, type Getpubkey, readGetpubkey } from '../objects/getpubkey.js';
import type { Msg } from '../objects/msg.js';
import { addressOf, type PubkeyData } from '../objects/pubkey-data.js';
import { DecodeError, toHex } from '../wire/bytes.js';
import { HEADER_BYTES } from '../wire/frame.js';
import { OBJECT_GETPUBKEY, OBJECT_PUBKEY } from '../wire/params.js';
import { varInt } from '../wire/varint.js';
import type { AckReleaser } from './ack-releaser.js';
import type { Identities, OwnIdentity, UsableIdentity } from './identities.js';
import type { Opened, OpenKeys } from './open.js';
import type { Opener } from './opener.js';
import type { Outbox } from './outbox.js';
import type { PubkeyLookup } from './pubkey-lookup.js';
import type { PubkeyPublisher } from './pubkey-publisher.js';
import type { OpenSubscription, Subscriptions } from './subscriptions.js';

/** How the house regards an address. */
export type Standing = 'friend' | 'stranger' | 'blocked';

export type ReadResult =
  /** Nothing to keep. */
  | { readonly result: 'nothing' }
  /** `keep` is to run in the transaction that marks the object as processed. */
  | { readonly result: 'keep'; readonly keep: () => void }
  /** The house could not take the message; it is to be read again. */
  | { readonly result: 'undelivered' };

/** The object is the ack of a message of ours. */
export interface Acknowledgement {
  readonly type: 'ack';
  /** Its id. */
  readonly outgoing: number;
}

export type OpenedObject = Opened | Acknowledgement;

/** Our keys in a fixed order, so that what opened can be told by its index. */
export interface Keyring {
  readonly identities: readonly UsableIdentity[];
  readonly subscriptions: readonly OpenSubscription[];
}

export interface ObjectReaderRooms {
  readonly outbox: Outbox;
  readonly outboxTable: OutboxTable;
  readonly table: ReceivedTable;
  readonly identities: Identities;
  readonly subscriptions: Subscriptions;
  readonly lookup: PubkeyLookup;
  readonly pubkeys: PubkeyPublisher;
  readonly acks: AckReleaser;
  readonly opener: Opener;
  readonly clock: Clock;
  readonly log: Logger;
  readonly standing: (address: string) => Standing;
  readonly deliver: (message: ReceivedMessage) => Promise<void>;
}

const NOTHING: ReadResult = { result: 'nothing' };
/** An ack has at least 16 bytes of ackdata behind nonce and expiry. */
const MIN_ACK_OBJECT_BYTES = 32;
/** Encoding 0: authenticated, and not shown (PROTOCOL 4.4). */
const ENCODING_IGNORE = 0;
/**
 * A message sent again has another signature, and the same ackdata; within this time it is the same message (PROTOCOL 4.6). Who
 * says the same words twice means two messages: their ackdata differ, and posts to a chan, which are never sent again, have none.
 */
const SAME_CONTENT_SECONDS = 60 * 86_400;

export class ObjectReader {
  constructor(
    private readonly options: { readonly minimum: Difficulty },
    private readonly rooms: ObjectReaderRooms,
  ) {}

  /** Every key that is in use now. */
  keyring(): Keyring {
    const subscriptions = this.rooms.subscriptions.all().filter(({ enabled }) => enabled);
    return { identities: this.rooms.identities.usable(), subscriptions };
  }

  /** Looks for acks of ours, tries the keys on the others in the threads; the answers are in the order of the objects. @throws AbortError, WorkerCrashed */
  async open(objects: readonly StoredObject[], keyring: Keyring, signal: AbortSignal): Promise<readonly OpenedObject[]> {
    const acks = this.#acknowledgements(objects);
    const keys: OpenKeys = {
      recipients: keyring.identities.map(({ keys }) => ({ ripe: keys.ripe, encryptionPrivateKey: keys.encryptionPrivateKey })),
      authors: keyring.subscriptions.map(({ decoded }) => decoded),
    };
    const sealed = objects.filter((object) => !acks.has(object)).map(({ bytes }) => bytes);
    const opened = (await this.rooms.opener.open(keys, sealed, signal)).values();
    return objects.map((object) => acks.get(object) ?? (opened.next().value as Opened));
  }

  /** Acts on one object. @throws Error on a fault of ours */
  async read(object: StoredObject, opened: OpenedObject, keyring: Keyring): Promise<ReadResult> {
    switch (opened.type) {
      case 'ack':
        this.#acknowledge(opened.outgoing);
        return NOTHING;
      case 'failed':
        throw new Error(`trial decryption failed: ${opened.message}`);
      case 'msg':
        return opened.opened.verdict === 'authentic'
          ? this.#readMessage(object, opened.opened.msg, keyring.identities[opened.opened.keyIndex])
          : this.#refused(object, opened.opened.verdict);
      case 'broadcast':
        return opened.opened.verdict === 'authentic'
          ? this.#readBroadcast(object, opened.opened.broadcast, keyring.subscriptions[opened.opened.keyIndex])
          : this.#refused(object, opened.opened.verdict);
      case 'none':
        if (object.type === OBJECT_PUBKEY) this.rooms.lookup.consider(object);
        else if (object.type === OBJECT_GETPUBKEY) this.#answerGetpubkey(object);
        return NOTHING;
    }
  }

  /** Nonce and expiry do not matter: who knows the rest has decrypted our message. */
  #acknowledgements(objects: readonly StoredObject[]): Map<StoredObject, Acknowledgement> {
    const candidates = objects.filter(({ bytes }) => bytes.length >= MIN_ACK_OBJECT_BYTES);
    const ids = this.rooms.outboxTable.idsByAckdata(candidates.map(({ bytes }) => ackdataOf(bytes)));
    const acks = new Map<StoredObject, Acknowledgement>();
    if (ids.size === 0) return acks;
    for (const object of candidates) {
      const outgoing = ids.get(toHex(ackdataOf(object.bytes)));
      if (outgoing !== undefined) acks.set(object, { type: 'ack', outgoing });
    }
    return acks;
  }

  #acknowledge(outgoing: number): void {
    const applied = this.rooms.outbox.apply(outgoing, { event: 'acknowledged', at: this.rooms.clock.now() });
    if (applied) this.rooms.log.info('message acknowledged', { outgoing });
  }

  #answerGetpubkey(object: StoredObject): void {
    let getpubkey: Getpubkey;
    try {
      getpubkey = readGetpubkey(object.bytes);
    } catch (error) {
      if (error instanceof DecodeError) return; // relayed, and nothing to us
      throw error;
    }
    const asked = this.rooms.identities.enabled().find(({ decoded }) => asksFor(getpubkey, decoded));
    if (asked !== undefined) this.rooms.pubkeys.request(asked);
  }

  async #readMessage(object: StoredObject, msg: Msg, to: OwnIdentity): Promise<ReadResult> {
    const from = this.#learnSender(msg.sender);
    const standing = this.#standingOf(from);
    if (standing !== 'friend' && !to.chan && !this.#hasDemandedWork(object, to)) return this.#refused(object, 'less work than demanded');
    if (msg.encoding === ENCODING_IGNORE) return NOTHING;
    const result = await this.#deliver(
      object,
      { kind: 'message', from, to: to.address, chan: to.chan, encoding: msg.encoding, content: msg.message },
      { signature: msg.signature, resendMark: ackdataIn(msg.ack) },
      // An ack tells that it was read: not for a chan, whose members would all send it, nor where the owner does not want it, nor to who is blocked.
      to.chan || !to.sendsAcks || standing === 'blocked' ? undefined : msg.ack,
      () => this.rooms.identities.find(to.address)?.id === to.id,
    );
    return object.own && !to.chan ? this.#deliveredToOneself(object, result) : result;
  }

  /** What we sent to an identity of ours has come to the program that an ack would come from. */
  #deliveredToOneself(object: StoredObject, result: ReadResult): ReadResult {
    if (result.result === 'undelivered') return result;
    const keep = (): void => {
      if (result.result === 'keep') result.keep();
      const outgoing = this.rooms.outboxTable.idByObject(object.hash, 'sent');
      if (outgoing !== undefined) this.#acknowledge(outgoing);
    };
    return { result: 'keep', keep };
  }

  async #readBroadcast(object: StoredObject, broadcast: Broadcast, subscription: OpenSubscription): Promise<ReadResult> {
    const from = this.#learnSender(broadcast.sender);
    const { encoding, message, signature } = broadcast;
    if (encoding === ENCODING_IGNORE) return NOTHING;
    return this.#deliver(
      object,
      { kind: 'broadcast', from, to: subscription.address, chan: false, encoding, content: message },
      { signature, resendMark: undefined },
      undefined,
      () => this.rooms.subscriptions.find(subscription.address)?.id === subscription.id,
    );
  }

  /** Every authentic message carries its sender's key: whatever waits for it can go out. */
  #learnSender(sender: PubkeyData): string {
    const address = addressOf(sender);
    // Version 1 cannot be written to any more.
    if (address.version >= 2) this.rooms.lookup.learn(address, sender);
    return formatAddress(address);
  }

  #standingOf(address: string): Standing {
    const { identities, subscriptions, standing } = this.rooms;
    if (identities.find(address) !== undefined || subscriptions.find(address)?.enabled) return 'friend';
    return standing(address);
  }

  #hasDemandedWork(object: StoredObject, to: OwnIdentity): boolean {
    return isSufficient(object.bytes, this.rooms.clock.now(), to.demand, this.options.minimum);
  }

  /**
   * Awaits the house; only then the ack is owed.
   *
   * @param isStillOurs false when the chan was left meanwhile: then nothing is kept, so that joining again finds it again
   */
  async #deliver(
    object: StoredObject,
    message: Pick<ReceivedMessage, 'kind' | 'from' | 'to' | 'chan' | 'encoding' | 'content'>,
    { signature, resendMark }: { readonly signature: Uint8Array; readonly resendMark: Uint8Array | undefined },
    ack: Uint8Array | undefined,
    isStillOurs: () => boolean,
  ): Promise<ReadResult> {
    const { table, acks, clock, deliver, log } = this.rooms;
    const now = clock.now();
    const signed = signatureHash(signature);
    // A message that is never sent again is like no other, whatever it says.
    const content = resendMark === undefined ? signed : contentHash(message, resendMark);
    const received = { signatureHash: signed, contentHash: content, recipient: message.to, receivedAt: now };
    if (table.hasSignature(received.signatureHash)) return NOTHING;
    // What another program received was kept without its ackdata.
    const hashes = resendMark === undefined ? [] : [received.contentHash, contentHash(message)];
    if (!hashes.some((hash) => table.hasContent(hash, now - SAME_CONTENT_SECONDS))) {
      try {
        await deliver({
          ...message,
          objectHash: object.hash,
          signatureHash: received.signatureHash,
          receivedAt: now,
          expiresAt: object.expiresAt,
        });
      } catch (error) {
        log.error('a message could not be delivered', { object: object.hash, error });
        return { result: 'undelivered' };
      }
    }
    return {
      result: 'keep',
      keep: () => {
        if (!isStillOurs()) return;
        table.add(received);
        if (ack !== undefined) acks.add(ack);
      },
    };
  }

  #refused(object: StoredObject, reason: string): ReadResult {
    this.rooms.log.debug('a message for us was refused', { object: object.hash, reason });
    return NOTHING;
  }
}

/** @param resendMark what tells a message that was sent again from one that says the same */
export function contentHash(
  { from, to, encoding, content }: Pick<ReceivedMessage, 'from' | 'to' | 'encoding' | 'content'>,
  resendMark: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const hash = createHash('sha256').update(`${from}\n${to}\n`).update(varInt(encoding)).update(resendMark).update(content);
  return new Uint8Array(hash.digest());
}

/** What every attempt of a message has in common. Undefined when there is no ack, and so nothing to send again for. */
function ackdataIn(packet: Uint8Array): Uint8Array | undefined {
  return packet.length > HEADER_BYTES + MIN_ACK_OBJECT_BYTES ? ackdataOf(packet.subarray(HEADER_BYTES)) : undefined;
}
