/** Holds new proofs of work back while the computer runs on its battery. */
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import { TaskGroup } from '../base/task-group.js';
import { isOnBattery } from './battery.js';

export interface Power {
  readonly isHeld: boolean;
  /** Resolves when work may begin, or the signal aborts. What runs already is never interrupted: it takes minutes at most. */
  ready(signal: AbortSignal): Promise<void>;
}

/** Work whenever there is some. */
export const MAINS: Power = { isHeld: false, ready: async () => {} };

/** A plug that is pulled or put in is noticed within this. */
const LOOK_INTERVAL_MS = 30_000;

export class BatteryWatch implements Power {
  readonly #tasks = new TaskGroup((error) => this.rooms.log.error('the battery is not watched any more', error));
  #waiting: (() => void)[] = [];
  #isHeld = false;

  /** @param look whether the computer runs on its battery, null where nobody knows; a test may say it */
  constructor(
    private readonly rooms: { readonly clock: Clock; readonly log: Logger },
    private readonly look: () => Promise<boolean | null> = () => isOnBattery(),
  ) {}

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Resolves when it is known. */
  async start(): Promise<void> {
    if ((await this.#look()) === null) {
      this.rooms.log.warn('this system does not say whether it runs on a battery: the proof of work is never held back');
      return;
    }
    this.#tasks.repeat(this.rooms.clock, LOOK_INTERVAL_MS, () => this.#look());
  }

  stop(): Promise<void> {
    return this.#tasks.stop();
  }

  async ready(signal: AbortSignal): Promise<void> {
    while (this.#isHeld && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiting.push(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    }
  }

  async #look(): Promise<boolean | null> {
    const onBattery = await this.look();
    const isHeld = onBattery === true;
    if (isHeld !== this.#isHeld) this.rooms.log.info(isHeld ? 'on battery: no new work is begun' : 'off the battery: work goes on');
    this.#isHeld = isHeld;
    if (!isHeld) for (const wake of this.#waiting.splice(0)) wake();
    return onBattery;
  }
}
