/** Tells the house of every message that came into another state, until the house has confirmed it, over restarts too. */
import type { Clock } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { TaskGroup } from '../../base/task-group.js';
import type { OutboxTable } from '../../store/node/outbox.js';
import type { OutgoingMessage } from '../node.js';
import { Bell } from './bell.js';
import type { Outbox } from './outbox.js';
import { runRounds } from './rounds.js';

/** After an error of the house (a full disk, say) it is asked again: soon, then ever more seldom. */
const FIRST_RETRY_SECONDS = 1;
const LONGEST_RETRY_SECONDS = 60;

export class Reporter {
  readonly #tasks: TaskGroup;
  readonly #bell: Bell;
  #retrySeconds = FIRST_RETRY_SECONDS;

  constructor(
    private readonly rooms: {
      readonly outbox: Outbox;
      readonly table: OutboxTable;
      readonly clock: Clock;
      readonly log: Logger;
      readonly outgoingChanged: (message: OutgoingMessage) => Promise<void>;
    },
  ) {
    this.#tasks = new TaskGroup((error) => rooms.log.error('reporting ended', error));
    this.#bell = new Bell(rooms.clock);
  }

  start(): void {
    this.rooms.outbox.onChange(() => this.#bell.ring());
    this.#tasks.run((signal) => runRounds('reporting', () => this.#round(signal), signal, this.rooms));
  }

  stop(): Promise<void> {
    return this.#tasks.stop();
  }

  async #round(signal: AbortSignal): Promise<void> {
    const complete = await this.#reportAll(signal);
    if (complete) this.#retrySeconds = FIRST_RETRY_SECONDS;
    await this.#bell.waitUntil(complete ? undefined : this.rooms.clock.now() + this.#retrySeconds, signal);
    if (!complete) this.#retrySeconds = Math.min(this.#retrySeconds * 2, LONGEST_RETRY_SECONDS);
  }

  /** One message that the house cannot take holds up no other. */
  async #reportAll(signal: AbortSignal): Promise<boolean> {
    let complete = true;
    for (const row of this.rooms.table.unreported()) {
      if (signal.aborted) return false;
      try {
        await this.rooms.outgoingChanged(this.rooms.outbox.toMessage(row));
        this.rooms.table.setReported(row.id, row.change);
      } catch (error) {
        complete = false;
        this.rooms.log.error('the state of a message was not taken', { outgoing: row.id, state: row.state, error });
      }
    }
    return complete;
  }
}
