/** Takes every object that came in through our keys, once: what a crash interrupts comes again, what stumbles twice is left alone. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { TaskGroup } from '../../base/task-group.js';
import type { ReceivedTable } from '../../store/node/received.js';
import type { Inventory, StoredObject } from '../inventory/inventory.js';
import { toHex } from '../wire/bytes.js';
import { Bell } from './bell.js';
import type { Keyring, ObjectReader, OpenedObject, ReadResult } from './object-reader.js';
import type { Rescan } from './rescan.js';
import { runRounds } from './rounds.js';

export interface ReceiverRooms {
  readonly inventory: Inventory;
  readonly table: ReceivedTable;
  readonly reader: ObjectReader;
  readonly rescan: Rescan;
  readonly transaction: <T>(work: () => T) => T;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Opened together: with 20 keys a tenth of a second of work for a thread, and a few milliseconds of ours. */
const BATCH_OBJECTS = 128;
/**
 * PROTOCOL 2.10 gives an object two tries before it is only relayed. The fault may be the machine's (no memory for a
 * thread) and the message somebody's: so it gets more of them, each four times as far off as the one before, 15 hours in all.
 */
const MAX_TRIES = 8;
const FIRST_RETRY_SECONDS = 10;
const RETRY_FACTOR = 4;
/** When the house cannot take a message (a full disk, say), the next try is so much later. */
const AGAIN_SECONDS = 10;
/** So many undelivered ones wait beside the newer objects; with more, the house is broken and everything waits. */
const MAX_DEFERRED = 1_000;
/** Kept so long against duplicates: PROTOCOL 4.6. */
const KEEP_RECEIVED_SECONDS = 60 * 86_400;
const PRUNE_INTERVAL_SECONDS = 86_400;

/** Objects that the threads are at. */
interface Batch {
  readonly objects: readonly StoredObject[];
  readonly keyring: Keyring;
  /** Undefined: a thread died of it. */
  readonly opened: Promise<readonly OpenedObject[] | undefined>;
}

export class Receiver {
  readonly #tasks: TaskGroup;
  readonly #bell: Bell;
  /** Objects that could not be delivered, by hash, with the time of the next try. */
  readonly #deferred = new Map<string, UnixSeconds>();
  /** What the threads open while we read what they opened before. */
  #ahead: Batch | undefined;
  #lookBackAt: UnixSeconds = 0;
  #prunedAt: UnixSeconds = 0;
  #unlisten: (() => void) | undefined;

  constructor(private readonly rooms: ReceiverRooms) {
    this.#tasks = new TaskGroup((error) => rooms.log.error('receiving ended', error));
    this.#bell = new Bell(rooms.clock);
  }

  start(): void {
    this.#unlisten = this.rooms.inventory.onAdded(() => this.#bell.ring());
    this.#tasks.run((signal) => runRounds('receiving', () => this.#round(signal), signal, this.rooms));
  }

  stop(): Promise<void> {
    this.#unlisten?.();
    return this.#tasks.stop();
  }

  /** There may be something to look back for. */
  wake(): void {
    this.#bell.ring();
  }

  async #round(signal: AbortSignal): Promise<void> {
    const received = await this.#receiveBatch(signal);
    const lookedBack = await this.#lookBack(signal);
    this.#prune();
    if (received || lookedBack) await nextTurn();
    else await this.#bell.waitUntil(this.#nextTry(), signal);
  }

  /** Answers whether there was anything. */
  async #receiveBatch(signal: AbortSignal): Promise<boolean> {
    const { inventory, clock } = this.rooms;
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (this.#deferred.size >= MAX_DEFERRED && (this.#nextTry() ?? 0) > clock.now()) return false;
    const batch = ahead ?? this.#openNext([], signal);
    if (batch === undefined) return false;
    // Fewer: these were all that waited.
    if (batch.objects.length === BATCH_OBJECTS) this.#ahead = this.#openNext(batch.objects, signal);
    const uneventful: Uint8Array[] = [];
    await this.#readAll(batch, signal, async (object, read) => {
      if (await this.#process(object, read, signal)) uneventful.push(object.hash);
    });
    inventory.markProcessed(uneventful);
    return true;
  }

  /** Gives the oldest to the threads. Undefined: there are none. @param except these, which are being read */
  #openNext(except: readonly StoredObject[], signal: AbortSignal): Batch | undefined {
    const { inventory, clock, reader } = this.rooms;
    const taken = new Set(except.map(({ hash }) => toHex(hash)));
    const isDue = (name: string): boolean => !taken.has(name) && (this.#deferred.get(name) ?? 0) <= clock.now();
    const objects = inventory
      .unprocessed(except.length + BATCH_OBJECTS + this.#deferred.size)
      .filter(({ hash }) => isDue(toHex(hash)))
      .slice(0, BATCH_OBJECTS);
    return objects.length === 0 ? undefined : this.#open(objects, reader.keyring(), signal);
  }

  #open(objects: readonly StoredObject[], keyring: Keyring, signal: AbortSignal): Batch {
    const { reader, log } = this.rooms;
    const opened = reader.open(objects, keyring, signal).catch((error: unknown) => {
      if (!signal.aborted) log.warn('objects are opened one by one', { error });
      return undefined;
    });
    return { objects, keyring, opened };
  }

  /** One step of what is to be looked through again; an object that cannot be taken now makes it begin this step anew. */
  async #lookBack(signal: AbortSignal): Promise<boolean> {
    const { rescan, transaction, clock, log } = this.rooms;
    if (this.#lookBackAt > clock.now()) return false;
    const step = rescan.next();
    if (step === undefined) return false;
    let undelivered = false;
    await this.#readAll(this.#open(step.objects, step.keyring, signal), signal, async (object, read) => {
      try {
        const result = await read();
        if (result.result === 'keep') transaction(result.keep);
        undelivered ||= result.result === 'undelivered';
      } catch (error) {
        if (!signal.aborted) log.error('an object could not be looked at again', { object: object.hash, error });
      }
    });
    if (signal.aborted) return false;
    if (undelivered) this.#lookBackAt = clock.now() + AGAIN_SECONDS;
    else step.finish();
    return !undelivered;
  }

  /** Opens all together; should a thread die of it, each by itself, so that only the one that is to blame fails. */
  async #readAll(
    { objects, keyring, opened }: Batch,
    signal: AbortSignal,
    take: (object: StoredObject, read: () => Promise<ReadResult>) => Promise<void>,
  ): Promise<void> {
    const { reader } = this.rooms;
    const together = await opened;
    for (const [index, object] of objects.entries()) {
      if (signal.aborted) return;
      await take(object, async () => {
        const result = together?.[index] ?? (await reader.open([object], keyring, signal))[0];
        return reader.read(object, result, keyring);
      });
    }
  }

  /** Answers true when nothing is to be kept of it: such objects are marked together. */
  async #process(object: StoredObject, read: () => Promise<ReadResult>, signal: AbortSignal): Promise<boolean> {
    const { inventory, table, transaction, clock, log } = this.rooms;
    const name = toHex(object.hash);
    try {
      const result = await read();
      if (this.#deferred.delete(name)) table.removeFailure(object.hash);
      switch (result.result) {
        case 'nothing':
          return true;
        case 'keep':
          transaction(() => {
            result.keep();
            inventory.markProcessed([object.hash]);
          });
          return false;
        case 'undelivered':
          this.#deferred.set(name, clock.now() + AGAIN_SECONDS);
          return false;
      }
    } catch (error) {
      if (signal.aborted) return false;
      const tries = table.addFailure(object.hash);
      log.error('an object could not be processed', { object: object.hash, tries, error });
      if (tries < MAX_TRIES) {
        this.#deferred.set(name, clock.now() + FIRST_RETRY_SECONDS * RETRY_FACTOR ** (tries - 1));
        return false;
      }
      this.#deferred.delete(name);
      table.removeFailure(object.hash);
      return true;
    }
  }

  #nextTry(): UnixSeconds | undefined {
    const times = [...this.#deferred.values(), ...(this.#lookBackAt > this.rooms.clock.now() ? [this.#lookBackAt] : [])];
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #prune(): void {
    const now = this.rooms.clock.now();
    if (now - this.#prunedAt < PRUNE_INTERVAL_SECONDS) return;
    this.#prunedAt = now;
    this.rooms.transaction(() => this.rooms.table.prune(now - KEEP_RECEIVED_SECONDS));
  }
}
