/** The messages on their way: keeps every step of each in the store, and tells the node's loops when one was taken. */
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { OutboxContent, OutboxRow, OutboxTable } from '../../store/node/outbox.js';
import type { NewOutgoing, Outgoing, OutgoingMessage } from '../node.js';
import { toHex } from '../wire/bytes.js';
import { fromStored, isFinal, type OutgoingEvent, step, toStored } from './outgoing.js';

/** How far another program came with a message. */
export interface Begun {
  readonly outgoing: Outgoing;
  readonly attempts: number;
  /** What its ack says after 16 bytes: PROTOCOL 4.7. Null: none was drawn yet. */
  readonly ackdata: Uint8Array | null;
  readonly objectHash: Uint8Array | null;
  readonly createdAt: UnixSeconds;
}

export type OutboxListener = (id: number, outgoing: Outgoing) => void;

/** Messages at their end are forgotten after this long: an ack of one cannot come any more (28 days and 3 hours, twice for resends). */
const KEEP_FINAL_SECONDS = 60 * 86_400;
const FINAL_STATES: readonly Outgoing['state'][] = ['sent', 'delivered', 'failed', 'cancelled'];

export class Outbox {
  readonly #progress = new Map<number, number>();
  readonly #listeners = new Set<OutboxListener>();

  constructor(
    private readonly rooms: {
      readonly table: OutboxTable;
      readonly transaction: <T>(work: () => T) => T;
      readonly afterCommit: (callback: () => void) => void;
      readonly clock: Clock;
    },
  ) {}

  /**
   * Queues a message with canonical addresses, inside the caller's transaction.
   *
   * @param waitSeconds nothing is done for it before these are over
   */
  add(message: NewOutgoing, waitSeconds = 0): number {
    const { table, clock } = this.rooms;
    const outgoing: Outgoing = waitSeconds > 0 ? { state: 'held-back', until: clock.now() + waitSeconds } : { state: 'queued' };
    const id = table.insert({
      kind: message.kind,
      sender: message.from,
      recipient: message.to,
      encoding: message.encoding,
      content: message.content,
      ttlSeconds: message.ttlSeconds,
      createdAt: clock.now(),
      ...toStored(outgoing),
    });
    this.#tellAfterCommit(id, outgoing);
    return id;
  }

  /** Goes on with a message that another program has begun, inside the caller's transaction; undefined when its ack is awaited already. */
  takeOver(message: NewOutgoing, begun: Begun): number | undefined {
    const { table } = this.rooms;
    if (begun.ackdata !== null && table.idsByAckdata([begun.ackdata]).size > 0) return undefined;
    const { from, to, kind, encoding, content, ttlSeconds } = message;
    const { outgoing, attempts, ackdata, objectHash, createdAt } = begun;
    const row = { kind, sender: from, recipient: to, encoding, content, ttlSeconds, attempts, ackdata, objectHash, createdAt };
    const id = table.insertBegun({ ...row, ...toStored(outgoing) });
    this.#tellAfterCommit(id, outgoing);
    return id;
  }

  /** Takes a step; answers whether it led anywhere. Joins the running transaction. */
  apply(id: number, event: OutgoingEvent): boolean {
    const { table, transaction, clock } = this.rooms;
    return transaction(() => {
      const row = table.get(id);
      if (row === undefined) return false;
      const before = fromStored(row);
      const after = step(before, event);
      if (after === before) return false;
      table.setState(id, toStored(after), clock.now());
      // A failure can be retried; all other ends are for good.
      if (isFinal(after) && after.state !== 'failed') table.dropContent(id);
      this.#tellAfterCommit(id, after);
      return true;
    });
  }

  /** Stops a message that was never out. */
  cancel(id: number): boolean {
    const row = this.rooms.table.get(id);
    return row !== undefined && row.attempts === 0 && this.apply(id, { event: 'cancelled' });
  }

  /** Tries a failed message again, this time however much work it takes. */
  retry(id: number): boolean {
    return this.rooms.transaction(() => {
      if (!this.apply(id, { event: 'retried' })) return false;
      this.rooms.table.setRetried(id, this.rooms.clock.now());
      return true;
    });
  }

  get(id: number): OutgoingMessage | undefined {
    const row = this.rooms.table.get(id);
    return row && this.toMessage(row);
  }

  list(): OutgoingMessage[] {
    return this.rooms.table.all().map((row) => this.toMessage(row));
  }

  content(id: number): OutboxContent | undefined {
    return this.rooms.table.content(id);
  }

  /** How much of the expected work is done; kept in memory only. */
  setProgress(id: number, progress: number): void {
    this.#progress.set(id, progress);
  }

  /** Forgets messages that came to their end long ago. */
  prune(): void {
    this.rooms.transaction(() => this.rooms.table.prune(FINAL_STATES, this.rooms.clock.now() - KEEP_FINAL_SECONDS));
  }

  /** Told of every step after its commit. */
  onChange(listener: OutboxListener): void {
    this.#listeners.add(listener);
  }

  toMessage(row: OutboxRow): OutgoingMessage {
    const outgoing = fromStored(row);
    return {
      id: row.id,
      kind: row.kind === 'broadcast' ? 'broadcast' : 'message',
      from: row.sender,
      to: row.recipient,
      outgoing,
      since: row.since,
      createdAt: row.createdAt,
      attempts: row.attempts,
      progress: outgoing.state === 'mining' ? (this.#progress.get(row.id) ?? 0) : null,
      objectHash: row.objectHash === null ? null : toHex(row.objectHash),
    };
  }

  #tellAfterCommit(id: number, outgoing: Outgoing): void {
    this.rooms.afterCommit(() => {
      if (outgoing.state !== 'mining') this.#progress.delete(id);
      for (const listener of this.#listeners) listener(id, outgoing);
    });
  }
}
