/** Brings each message of the outbox from state to state: finds keys or asks for them, has the work done, publishes, waits, sends again. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { TaskGroup } from '../../base/task-group.js';
import { atLeast, type Difficulty } from '../../pow/target.js';
import type { OutboxContent, OutboxRow, OutboxTable } from '../../store/node/outbox.js';
import type { PubkeyTable } from '../../store/node/pubkeys.js';
import { parseAddress } from '../crypto/address.js';
import { isPublicKey } from '../crypto/keys.js';
import type { Outgoing, OutgoingFailure } from '../node.js';
import { ackPacketBytes, buildAckBody, buildAckPacket, drawAckdata } from '../objects/ack.js';
import { buildBroadcast } from '../objects/broadcast.js';
import { buildGetpubkey } from '../objects/getpubkey.js';
import { buildMsg } from '../objects/msg.js';
import { NONCE_BYTES } from '../wire/object.js';
import { MAX_SENT_OBJECT_BYTES, MAX_TTL_SECONDS } from '../wire/params.js';
import { Bell } from './bell.js';
import { authorOf, type Identities, isUsable, type OwnIdentity, type UsableIdentity } from './identities.js';
import type { MessagingOptions } from './options.js';
import type { Outbox } from './outbox.js';
import { ackTtl, answerWait, getpubkeyTtl, isFinal, isOver, messageTtl, ttlJitter } from './outgoing.js';
import type { PubkeyLookup, RecipientKey } from './pubkey-lookup.js';
import type { Publisher } from './publisher.js';
import { runRounds } from './rounds.js';
import { isAbove } from './work-estimate.js';

export interface SenderRooms {
  readonly outbox: Outbox;
  readonly table: OutboxTable;
  readonly pubkeyTable: PubkeyTable;
  readonly identities: Identities;
  readonly lookup: PubkeyLookup;
  readonly publisher: Publisher;
  readonly transaction: <T>(work: () => T) => T;
  readonly clock: Clock;
  readonly log: Logger;
  /** Friends may answer with the network's minimum of work. */
  readonly isFriend: (address: string) => boolean;
}

export interface SenderOptions extends Pick<MessagingOptions, 'resend' | 'maxDemand' | 'ackStealth'> {
  readonly minimum: Difficulty;
  /** Of the packet that an ack is embedded as. */
  readonly magic: number;
}

/** A message on which the sender stumbled (our bug) is left alone for this long, and the others go on. */
const STUMBLE_SECONDS = 60;
const PRUNE_INTERVAL_SECONDS = 86_400;
/** No wait is longer; a time beyond it was set while the clock was wrong. */
const LONGEST_WAIT_SECONDS = answerWait(MAX_TTL_SECONDS) + 86_400;
const TOO_DIFFICULT = 'too-difficult' satisfies OutgoingFailure;
/** Signatures differ by two bytes in length, and the cipher pads to 16: so much may the final object be longer than the draft. */
const LENGTH_VARIANCE_BYTES = 16;

export class Sender {
  readonly #tasks: TaskGroup;
  readonly #bell: Bell;
  readonly #stumbled = new Map<number, UnixSeconds>();
  #prunedAt: UnixSeconds = 0;
  /** The message at hand, and what calls its work off. */
  #current: { readonly row: OutboxRow; readonly abort: AbortController; asking: boolean } | undefined;

  constructor(
    private readonly options: SenderOptions,
    private readonly rooms: SenderRooms,
  ) {
    this.#tasks = new TaskGroup((error) => rooms.log.error('sending ended', error));
    this.#bell = new Bell(rooms.clock);
  }

  start(): void {
    const { outbox, table, lookup, identities } = this.rooms;
    for (const state of ['queued', 'awaiting-pubkey']) {
      for (const row of table.inState(state)) if (row.kind === 'message') lookup.want(row.recipient);
    }
    outbox.onChange((id, outgoing) => this.#changed(id, outgoing));
    // Its keys may have been unlocked.
    identities.onChange(() => this.#bell.ring());
    lookup.onLearnt((address) => this.#learnt(address));
    this.#reconsider(table.inState('failed'));
    this.#tasks.run((signal) => runRounds('sending', () => this.#round(signal), signal, this.rooms));
  }

  stop(): Promise<void> {
    this.#current?.abort.abort();
    return this.#tasks.stop();
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { outbox, table, clock } = this.rooms;
    // Between two rounds nothing is worked on: what looks like it was left by a crash, or by a disk that had no room for its next state.
    for (const row of table.inState('mining')) outbox.apply(row.id, { event: 'work-lost' });
    this.#wakeDue();
    this.#prune();
    for (const [id, until] of this.#stumbled) if (until <= clock.now()) this.#stumbled.delete(id);
    const row = this.#next();
    if (row !== undefined) await this.#advance(row, signal);
    else
      await this.#bell.waitUntil(
        earliest(table.nextTime('held-back', 'awaiting-pubkey', 'awaiting-ack'), ...this.#stumbled.values()),
        signal,
      );
  }

  #prune(): void {
    const now = this.rooms.clock.now();
    if (now - this.#prunedAt < PRUNE_INTERVAL_SECONDS) return;
    this.#prunedAt = now;
    this.rooms.outbox.prune();
  }

  /** Waits that are over: what was held back begins, for a key it is asked again, for an ack sent again, or the rule says that it was enough. */
  #wakeDue(): void {
    const { outbox, table, clock } = this.rooms;
    const now = clock.now();
    const last = now + LONGEST_WAIT_SECONDS;
    for (const row of table.due('held-back', now, last)) outbox.apply(row.id, { event: 'time-came' });
    for (const row of table.due('awaiting-pubkey', now, last)) outbox.apply(row.id, { event: 'look-again' });
    for (const row of table.due('awaiting-ack', now, last)) {
      const over = isOver(this.options.resend, row.attempts, beginOf(row), now);
      outbox.apply(row.id, over ? { event: 'gave-up', reason: 'no-acknowledgement' } : { event: 'ack-overdue' });
    }
  }

  #next(): OutboxRow | undefined {
    const { table, identities } = this.rooms;
    const locked = new Set(identities.all().flatMap(({ address, keys }) => (keys === null ? [address] : [])));
    if (this.#stumbled.size === 0 && locked.size === 0) return table.firstInState('queued');
    return table.inState('queued').find((row) => !this.#stumbled.has(row.id) && !locked.has(row.sender));
  }

  async #advance(row: OutboxRow, signal: AbortSignal): Promise<void> {
    await nextTurn(); // many messages to one unknown recipient take a commit each, and nothing that waits
    const abort = new AbortController();
    this.#current = { row, abort, asking: false };
    try {
      await this.#handle(row, abort.signal);
    } catch (error) {
      if (signal.aborted || abort.signal.aborted) return;
      this.rooms.log.error('a message could not be sent', { outgoing: row.id, error });
      this.#stumbled.set(row.id, this.rooms.clock.now() + STUMBLE_SECONDS);
      this.rooms.outbox.apply(row.id, { event: 'work-lost' });
    } finally {
      this.#current = undefined;
    }
  }

  async #handle(row: OutboxRow, signal: AbortSignal): Promise<void> {
    const { outbox, identities, lookup } = this.rooms;
    const from = identities.find(row.sender);
    const content = outbox.content(row.id);
    if (from !== undefined && !isUsable(from)) return; // `#next` waits for it
    if (from === undefined || content === undefined) {
      // The identity was deleted: nobody can sign for it any more.
      outbox.apply(row.id, { event: 'gave-up', reason: 'bad-key' });
    } else if (content.content.length > MAX_SENT_OBJECT_BYTES) {
      outbox.apply(row.id, { event: 'gave-up', reason: 'too-large' });
    } else if (row.kind === 'broadcast') {
      await this.#broadcast(row, from, content, signal);
    } else {
      const key = await (row.attempts === 0 ? lookup.find(row.recipient, signal) : lookup.refresh(row.recipient, signal));
      if (signal.aborted) return;
      if (key === undefined) await this.#requestPubkey(row, signal);
      else await this.#send(row, from, key, content, signal);
    }
  }

  async #requestPubkey(row: OutboxRow, signal: AbortSignal): Promise<void> {
    const { outbox, pubkeyTable, lookup, publisher, transaction, clock } = this.rooms;
    const now = clock.now();
    const request = pubkeyTable.request(row.recipient);
    if (request !== undefined && request.askAgainAt > now) {
      outbox.apply(row.id, { event: 'pubkey-requested', askAgainAt: request.askAgainAt });
      return;
    }
    const requests = request?.requests ?? 0;
    if (isOver(this.options.resend, requests, beginOf(row), now)) {
      transaction(() => {
        pubkeyTable.removeRequest(row.recipient);
        outbox.apply(row.id, { event: 'gave-up', reason: 'no-pubkey' });
      });
      return;
    }
    if (this.#current !== undefined) this.#current.asking = true;
    const recipient = parseAddress(row.recipient);
    const ttl = getpubkeyTtl(requests);
    const object = await publisher.mine((from) => buildGetpubkey(recipient, from + ttl + ttlJitter(Math.random())), {
      demand: this.options.minimum,
      signal,
    });
    if (lookup.known(row.recipient) !== undefined) return; // it came while we worked: the next round finds it
    const askAgainAt = clock.now() + answerWait(ttl);
    transaction(() => {
      if (!outbox.apply(row.id, { event: 'pubkey-requested', askAgainAt })) return;
      pubkeyTable.putRequest(row.recipient, askAgainAt);
      publisher.publish(object);
    });
    this.rooms.log.info('pubkey requested', { outgoing: row.id, requests: requests + 1 });
  }

  async #send(row: OutboxRow, from: UsableIdentity, key: RecipientKey, content: OutboxContent, signal: AbortSignal): Promise<void> {
    const { outbox, publisher, pubkeyTable } = this.rooms;
    const demand = key.own ? this.options.minimum : atLeast(key.demand, this.options.minimum);
    if (row.retriedAt === 0 && isAbove(demand, this.options.maxDemand)) {
      outbox.apply(row.id, { event: 'gave-up', reason: TOO_DIFFICULT });
      return;
    }
    if (!isPublicKey(key.encryptionKey)) {
      pubkeyTable.remove(row.recipient);
      outbox.apply(row.id, { event: 'gave-up', reason: 'bad-key' });
      return;
    }
    const ackdata = key.acknowledges ? this.#ackdataOf(row, key, content) : undefined;
    const author = authorOf(from, this.#demandFor(from, row.recipient));
    const recipient = { ...key.address, encryptionKey: key.encryptionKey };
    const build = (ack: Uint8Array, expiresAt: UnixSeconds): Uint8Array =>
      buildMsg({ author, recipient, encoding: content.encoding, message: content.content, ack, expiresAt });
    const draft = build(new Uint8Array(ackdata === undefined ? 0 : ackPacketBytes(ackdata)), this.rooms.clock.now());
    if (!this.#startWork(row, draft)) return;
    const ttl = messageTtl(content.ttlSeconds, row.attempts);
    const ack = ackdata === undefined ? new Uint8Array(0) : await this.#mineAck(ackdata, ttl, signal);
    const object = await publisher.mine((now) => build(ack, now + ttl + ttlJitter(Math.random())), {
      demand,
      signal,
      onProgress: (progress) => outbox.setProgress(row.id, progress),
    });
    this.#publish(row, object, ackdata === undefined ? undefined : ttl);
  }

  async #broadcast(row: OutboxRow, from: UsableIdentity, content: OutboxContent, signal: AbortSignal): Promise<void> {
    const { outbox, publisher, clock } = this.rooms;
    const build = (expiresAt: UnixSeconds): Uint8Array =>
      buildBroadcast({ author: authorOf(from, from.demand), encoding: content.encoding, message: content.content, expiresAt });
    if (!this.#startWork(row, build(clock.now()))) return;
    const ttl = messageTtl(content.ttlSeconds, 0);
    const object = await publisher.mine((now) => build(now + ttl + ttlJitter(Math.random())), {
      demand: this.options.minimum,
      signal,
      onProgress: (progress) => outbox.setProgress(row.id, progress),
    });
    this.#publish(row, object, undefined);
  }

  /** The size is looked at before any work is done for it. */
  #startWork(row: OutboxRow, draft: Uint8Array): boolean {
    if (NONCE_BYTES + draft.length + LENGTH_VARIANCE_BYTES > MAX_SENT_OBJECT_BYTES) {
      this.rooms.outbox.apply(row.id, { event: 'gave-up', reason: 'too-large' });
      return false;
    }
    return this.rooms.outbox.apply(row.id, { event: 'work-started' });
  }

  /** Drawn once: every attempt carries the same, so that the ack of any of them counts. */
  #ackdataOf(row: OutboxRow, key: RecipientKey, { ackdata }: OutboxContent): Uint8Array {
    if (ackdata !== null) return ackdata;
    const drawn = drawAckdata(key.address.stream, this.options.ackStealth);
    this.rooms.table.setAckdata(row.id, drawn);
    return drawn;
  }

  async #mineAck(ackdata: Uint8Array, ttlSeconds: number, signal: AbortSignal): Promise<Uint8Array> {
    const ttl = ackTtl(ttlSeconds);
    const object = await this.rooms.publisher.mine((now) => buildAckBody(ackdata, now + ttl + ttlJitter(Math.random())), {
      demand: this.options.minimum,
      signal,
    });
    return buildAckPacket(this.options.magic, object);
  }

  /** The object and the new state are on the disk together or not at all: what was committed is never mined again. */
  #publish(row: OutboxRow, object: Uint8Array, ackedTtl: number | undefined): void {
    const { outbox, table, publisher, transaction, clock } = this.rooms;
    transaction(() => {
      const expiresAt = clock.now() + answerWait(ackedTtl ?? 0);
      if (!outbox.apply(row.id, ackedTtl === undefined ? { event: 'published-without-ack' } : { event: 'published', expiresAt })) return;
      table.setPublished(row.id, publisher.publish(object));
    });
    this.rooms.log.info('message published', { outgoing: row.id, attempt: row.attempts + 1 });
  }

  /** PROTOCOL 4.5: what we tell this recipient that we demand. */
  #demandFor(from: OwnIdentity, recipient: string): Difficulty {
    return this.rooms.isFriend(recipient) ? this.options.minimum : from.demand;
  }

  #changed(id: number, outgoing: Outgoing): void {
    if (outgoing.state === 'queued') {
      const row = this.rooms.table.get(id);
      if (row?.kind === 'message') this.rooms.lookup.want(row.recipient);
    }
    // Cancelled, or acknowledged after all: the work at hand is for nothing.
    if (this.#current?.row.id === id && isFinal(outgoing)) this.#current.abort.abort();
    this.#bell.ring();
  }

  #learnt(address: string): void {
    const { outbox, table, pubkeyTable, transaction } = this.rooms;
    if (this.#current?.asking && this.#current.row.recipient === address) this.#current.abort.abort();
    transaction(() => {
      pubkeyTable.removeRequest(address);
      for (const row of table.inState('awaiting-pubkey')) if (row.recipient === address) outbox.apply(row.id, { event: 'look-again' });
      this.#reconsider(table.inState('failed').filter(({ recipient }) => recipient === address));
    });
    this.#bell.ring();
  }

  /** What was too difficult goes on by itself when the settings allow more, or the recipient demands less, while it is not too old. */
  #reconsider(failed: readonly OutboxRow[]): void {
    const { outbox, lookup, clock } = this.rooms;
    const { resend, maxDemand } = this.options;
    for (const row of failed) {
      const demand = row.reason === TOO_DIFFICULT ? lookup.known(row.recipient)?.demand : undefined;
      if (demand === undefined || isAbove(demand, maxDemand) || isOver(resend, row.attempts, beginOf(row), clock.now())) continue;
      outbox.apply(row.id, { event: 'retried' });
    }
  }
}

/** From when its age counts. */
function beginOf({ createdAt, retriedAt }: OutboxRow): UnixSeconds {
  return Math.max(createdAt, retriedAt);
}

function earliest(...times: readonly (UnixSeconds | undefined)[]): UnixSeconds | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
