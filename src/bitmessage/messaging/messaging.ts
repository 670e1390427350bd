/** What is ours, put together: identities, sending, receiving, and the loops that keep each going. */
import type { Clock } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import type { Miner } from '../../pow/miner.js';
import type { Power } from '../../pow/power.js';
import type { Difficulty } from '../../pow/target.js';
import type { Database } from '../../store/database.js';
import { IdentityTable } from '../../store/node/identities.js';
import { OutboxTable } from '../../store/node/outbox.js';
import { PubkeyTable } from '../../store/node/pubkeys.js';
import { ReceivedTable } from '../../store/node/received.js';
import { SubscriptionTable } from '../../store/node/subscriptions.js';
import { AddressError, formatAddress, parseAddress } from '../crypto/address.js';
import type { IdentityKeys } from '../crypto/keys.js';
import type { Inventory } from '../inventory/inventory.js';
import type { KeyVault } from '../key-vault.js';
import type { IdentityUpdate, NewOutgoing, NodeListener } from '../node.js';
import type { TakenNode, Takeover } from '../takeover.js';
import type { StreamNumber } from '../wire/params.js';
import { AckReleaser } from './ack-releaser.js';
import { Identities } from './identities.js';
import { KeyFinder } from './key-finder.js';
import { ObjectReader, type Standing } from './object-reader.js';
import { Opener } from './opener.js';
import { drawDelay, type MessagingOptions } from './options.js';
import { Outbox } from './outbox.js';
import { isUnderWay } from './outgoing.js';
import { PubkeyLookup } from './pubkey-lookup.js';
import { PubkeyPublisher } from './pubkey-publisher.js';
import { Publisher } from './publisher.js';
import { Receiver } from './receiver.js';
import { Reporter } from './reporter.js';
import { Rescan } from './rescan.js';
import { Sender } from './sender.js';
import { Subscriptions } from './subscriptions.js';
import { MessagingTakeover } from './takeover.js';
import { type EstimatedWork, estimateWork } from './work-estimate.js';

export interface MessagingNetwork {
  readonly magic: number;
  /** Demanded of every object. */
  readonly minimum: Difficulty;
  readonly streams: readonly StreamNumber[];
}

export interface MessagingRooms {
  readonly database: Database;
  readonly inventory: Inventory;
  readonly miner: Pick<Miner, 'mine'>;
  readonly power: Power;
  readonly clock: Clock;
  readonly log: Logger;
  readonly listener: NodeListener;
  readonly standing: (address: string) => Standing;
  readonly vault: KeyVault;
}

/** PyBitmessage's "one or two characters shorter": 65,536 tries on average, as its own does. */
const SHORT_ADDRESS_ZEROS = 2;

export class Messaging {
  readonly identities: Identities;
  readonly subscriptions: Subscriptions;
  readonly outbox: Outbox;
  readonly #pubkeyTable: PubkeyTable;
  readonly #table: ReceivedTable;
  readonly lookup: PubkeyLookup;
  readonly #opener = new Opener();
  readonly #keyFinder = new KeyFinder();
  readonly #pubkeys: PubkeyPublisher;
  readonly #acks: AckReleaser;
  readonly #rescan: Rescan;
  readonly #receiver: Receiver;
  readonly #sender: Sender;
  readonly #reporter: Reporter;

  constructor(
    private readonly network: MessagingNetwork,
    private readonly options: MessagingOptions,
    private readonly rooms: MessagingRooms,
  ) {
    const { database, inventory, miner, power, clock, log, listener, standing, vault } = rooms;
    const { magic, minimum, streams } = network;
    const transaction = <T>(work: () => T): T => database.transaction(work);
    const afterCommit = (callback: () => void): void => database.afterCommit(callback);
    const outboxTable = new OutboxTable(database);
    const pubkeyTable = new PubkeyTable(database);
    this.#pubkeyTable = pubkeyTable;
    this.#table = new ReceivedTable(database);
    const shortKeys = (passphrase: string | null, onProgress?: (progress: number) => void): Promise<IdentityKeys> =>
      this.#keyFinder.find(passphrase, SHORT_ADDRESS_ZEROS, onProgress);
    this.identities = new Identities({ minimum }, { table: new IdentityTable(database), afterCommit, clock, shortKeys, vault });
    this.subscriptions = new Subscriptions({ table: new SubscriptionTable(database), afterCommit, clock });
    this.outbox = new Outbox({ table: outboxTable, transaction, afterCommit, clock });
    const publisher = new Publisher({ minimum }, { miner, power, inventory, clock });
    const { identities, subscriptions, outbox } = this;
    const shared = { identities, publisher, transaction, afterCommit, clock, log };
    this.lookup = new PubkeyLookup({ table: pubkeyTable, inventory, identities, clock });
    this.#pubkeys = new PubkeyPublisher({ ...options, minimum }, shared);
    this.#acks = new AckReleaser({ magic, minimum, streams, ackDelay: options.ackDelay }, { ...shared, table: this.#table, inventory });
    const reader = new ObjectReader(
      { minimum },
      {
        outbox,
        outboxTable,
        table: this.#table,
        identities,
        subscriptions,
        lookup: this.lookup,
        pubkeys: this.#pubkeys,
        acks: this.#acks,
        opener: this.#opener,
        clock,
        log,
        standing,
        deliver: (message) => listener.deliver(message),
      },
    );
    this.#rescan = new Rescan({ inventory, identities, subscriptions });
    this.#receiver = new Receiver({ inventory, table: this.#table, reader, rescan: this.#rescan, transaction, clock, log });
    this.#sender = new Sender(
      { ...options, minimum, magic },
      { ...shared, outbox, table: outboxTable, pubkeyTable, lookup: this.lookup, isFriend: (address) => standing(address) === 'friend' },
    );
    this.#reporter = new Reporter({
      outbox,
      table: outboxTable,
      clock,
      log,
      outgoingChanged: (message) => listener.outgoingChanged(message),
    });
  }

  start(): void {
    this.identities.onChange(() => this.#receiver.wake());
    this.subscriptions.onChange(() => this.#receiver.wake());
    // What comes while keys are locked is marked as processed, for acks, pubkeys and broadcasts are; their owners look for it later.
    this.identities.readLater(this.rooms.inventory.processedUpTo());
    this.#reporter.start();
    this.#acks.start();
    this.#pubkeys.start();
    this.#receiver.start();
    this.#sender.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#sender.stop(), this.#receiver.stop(), this.#pubkeys.stop(), this.#acks.stop()]);
    await Promise.all([this.#reporter.stop(), this.#opener.stop(), this.#keyFinder.stop()]);
  }

  /** How much of the inventory was looked through for new keys, from 0 to 1; null: nothing is to be. */
  lookedBack(): number | null {
    return this.#rescan.progress();
  }

  /** Forgets the chan's keys, and which of its messages were received: joining again finds them again. */
  leaveChan(address: string): void {
    if (this.identities.find(formatAddress(parseAddress(address)))?.chan) this.removeIdentity(address);
  }

  /** One that is switched on again looks back for what came meanwhile; what it newly demands, or signs with, is published. */
  updateIdentity(text: string, change: IdentityUpdate): void {
    const { label, enabled, nonceTrialsPerByte, extraBytes, mailingList, ttlSeconds, sendDelaySeconds, signatureDigest } = change;
    const address = formatAddress(parseAddress(text));
    const before = this.identities.find(address);
    if (before === undefined) return;
    this.identities.update(address, {
      ...(label === undefined ? {} : { label }),
      ...(enabled === undefined ? {} : { enabled }),
      ...(mailingList === undefined ? {} : { mailingList }),
      ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
      ...(sendDelaySeconds === undefined ? {} : { sendDelaySeconds }),
      // Who reads SHA-1 alone needs a pubkey that is signed with it, too.
      ...(signatureDigest === undefined ? {} : { signatureDigest, pubkeyExpiresAt: 0 }),
      ...(enabled === true && !before.enabled ? { rescanAfter: 0 } : {}),
      ...(nonceTrialsPerByte === undefined ? {} : { demandTrials: nonceTrialsPerByte, pubkeyExpiresAt: 0 }),
      ...(extraBytes === undefined ? {} : { demandExtraBytes: extraBytes, pubkeyExpiresAt: 0 }),
    });
  }

  /** Forgets an identity's keys for good. What it has not sent yet will not be sent. */
  removeIdentity(text: string): void {
    const address = formatAddress(parseAddress(text));
    this.rooms.database.transaction(() => {
      for (const { id, from } of this.outbox.list()) if (from === address) this.outbox.cancel(id);
      this.#table.forgetRecipient(address);
      this.identities.remove(address);
    });
  }

  /** As `removeIdentity`, but the keys can be fetched back. */
  deleteIdentity(text: string): void {
    const address = formatAddress(parseAddress(text));
    this.rooms.database.transaction(() => {
      for (const { id, from } of this.outbox.list()) if (from === address) this.outbox.cancel(id);
      this.identities.setAside(address);
    });
  }

  undeleteIdentity(text: string): boolean {
    return this.identities.fetchBack(formatAddress(parseAddress(text)));
  }

  unsubscribe(address: string): void {
    const canonical = formatAddress(parseAddress(address));
    this.rooms.database.transaction(() => {
      this.#table.forgetRecipient(canonical);
      this.subscriptions.remove(canonical);
    });
  }

  /**
   * Queues a message, inside the caller's transaction.
   *
   * @throws AddressError when an address is none, is of a stream that we are not in, or the sender's is not ours
   */
  enqueue(message: NewOutgoing): number {
    const from = this.#usable(message.from);
    const to = message.kind === 'broadcast' ? from : this.#usable(message.to);
    const identity = this.identities.find(from);
    if (identity === undefined) throw new AddressError(`"${from}" is not one of your identities`, 'unusable');
    const most = identity.sendDelaySeconds ?? this.options.sendDelaySeconds;
    return this.outbox.add({ ...message, from, to }, drawDelay({ min: 0, max: most }, Math.random()));
  }

  /** What the work for such a message will be, as far as that is known. */
  estimate(message: Pick<NewOutgoing, 'kind' | 'to' | 'ttlSeconds'> & { readonly contentBytes: number }): EstimatedWork {
    const key = message.kind === 'message' ? this.lookup.known(message.to) : undefined;
    return estimateWork(message, key, { minimum: this.network.minimum, maxDemand: this.options.maxDemand });
  }

  /** Undefined when nothing is to be done for it any more. */
  estimateOf(id: number): EstimatedWork | undefined {
    const message = this.outbox.get(id);
    const content = this.outbox.content(id);
    if (message === undefined || content === undefined || !isUnderWay(message.outgoing)) return undefined;
    return this.estimate({ kind: message.kind, to: message.to, ttlSeconds: content.ttlSeconds, contentBytes: content.content.length });
  }

  /** The canonical text. */
  #usable(text: string): string {
    const address = parseAddress(text);
    if (!this.network.streams.includes(address.stream)) {
      throw new AddressError(`"${text}" lives in stream ${address.stream}, which this program is not in`, 'unusable');
    }
    return formatAddress(address);
  }

  /** What another program knew. @param takeNode keeps a peer, unless it is known */
  takeover(takeNode: (node: TakenNode) => boolean): Takeover {
    const { identities, subscriptions, outbox } = this;
    const { inventory, clock } = this.rooms;
    const rooms = { inventory, identities, subscriptions, outbox, pubkeys: this.#pubkeyTable, received: this.#table, takeNode, clock };
    return new MessagingTakeover(this.network, rooms);
  }
}
