/** Once a day: clears away what can no longer be undone. */
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import { TaskGroup } from '../base/task-group.js';
import type { BitmessageNode } from '../bitmessage/node.js';
import type { Groups } from './groups.js';

export interface CaretakerRooms {
  readonly groups: Groups;
  readonly node: BitmessageNode;
  readonly clock: Clock;
  readonly log: Logger;
}

const ROUND_MS = 86_400_000;
/** Leaving a chan, ending a subscription, deleting an identity can be undone for so long. */
export const UNDO_SECONDS = 30 * 86_400;

export class Caretaker {
  readonly #tasks = new TaskGroup((error) => this.rooms.log.error('clearing away ended', error));

  constructor(private readonly rooms: CaretakerRooms) {}

  start(): void {
    this.#tasks.run(async (signal) => {
      while (!signal.aborted) {
        const last = this.rooms.clock.now() - UNDO_SECONDS;
        this.rooms.groups.forgetLeftBefore(last);
        this.rooms.node.forgetIdentitiesDeletedBefore(last);
        await this.rooms.clock.sleep(ROUND_MS, signal);
      }
    });
  }

  stop(): Promise<void> {
    return this.#tasks.stop();
  }
}
