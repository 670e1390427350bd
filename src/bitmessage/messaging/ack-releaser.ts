/** Publishes the acks that senders embedded in messages which we delivered: judged like any object of the network, and late. */
import type { Clock } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { TaskGroup } from '../../base/task-group.js';
import type { Difficulty } from '../../pow/target.js';
import type { ReceivedTable } from '../../store/node/received.js';
import { judge } from '../inventory/intake.js';
import type { Inventory } from '../inventory/inventory.js';
import { readAckPacket } from '../objects/ack.js';
import { DecodeError } from '../wire/bytes.js';
import { readObjectHeader } from '../wire/object.js';
import type { StreamNumber } from '../wire/params.js';
import { Bell } from './bell.js';
import { type Delay, drawDelay } from './options.js';
import type { Publisher } from './publisher.js';
import { runRounds } from './rounds.js';

export interface AckReleaserOptions {
  readonly magic: number;
  readonly minimum: Difficulty;
  readonly streams: readonly StreamNumber[];
  readonly ackDelay: Delay;
}

export class AckReleaser {
  readonly #tasks: TaskGroup;
  readonly #bell: Bell;

  constructor(
    private readonly options: AckReleaserOptions,
    private readonly rooms: {
      readonly table: ReceivedTable;
      readonly inventory: Inventory;
      readonly publisher: Publisher;
      readonly transaction: <T>(work: () => T) => T;
      readonly afterCommit: (callback: () => void) => void;
      readonly clock: Clock;
      readonly log: Logger;
    },
  ) {
    this.#tasks = new TaskGroup((error) => rooms.log.error('releasing acks ended', error));
    this.#bell = new Bell(rooms.clock);
  }

  start(): void {
    this.#tasks.run((signal) => runRounds('releasing acks', () => this.#round(signal), signal, this.rooms));
  }

  stop(): Promise<void> {
    return this.#tasks.stop();
  }

  /**
   * Keeps the ack for its time, inside the caller's transaction: one that was accepted goes out, over restarts too.
   *
   * @param packet as it stood in the message: a whole packet, or nothing
   */
  add(packet: Uint8Array): void {
    const object = this.#accept(packet);
    if (object === undefined) return;
    this.rooms.table.addAck(object, this.rooms.clock.now() + drawDelay(this.options.ackDelay, Math.random()));
    this.rooms.afterCommit(() => this.#bell.ring());
  }

  #accept(packet: Uint8Array): Uint8Array | undefined {
    if (packet.length === 0) return undefined;
    const { magic, minimum, streams } = this.options;
    try {
      const object = readAckPacket(packet, magic);
      const verdict = judge(object, { now: this.rooms.clock.now(), streams, minimum });
      return verdict.verdict === 'accepted' && !this.rooms.inventory.has(verdict.object.hash) ? object : undefined;
    } catch (error) {
      if (error instanceof DecodeError) return undefined; // the sender's fault: it will see no ack
      throw error;
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { table, publisher, transaction, clock, log } = this.rooms;
    for (const { id, object } of table.dueAcks(clock.now())) {
      transaction(() => {
        // We may have been off since it was due.
        if (readObjectHeader(object).expiresAt > clock.now()) publisher.publish(object);
        table.removeAck(id);
      });
      log.debug('ack released');
    }
    await this.#bell.waitUntil(table.nextAckTime(), signal);
  }
}
