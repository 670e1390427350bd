/** How long the main thread of this process is busy without a break: by the clock, and by what it needed of a processor itself. */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface BusyTimes {
  /** By the clock: on a machine that does other work too, that work is in it. */
  readonly clockMs: number;
  readonly clock99Ms: number;
  /** Of the processor: this thread alone. Between two looks lie some milliseconds of other work. */
  readonly processorMs: number;
}

const RESOLUTION_MS = 5;

/** Linux only: the processor time of the main thread is read from /proc. */
export class LoopMeter {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #longestMs = 0;
  #lastMs = mainThreadMs('self');

  start(): void {
    this.#delay.enable();
    this.#lastMs = mainThreadMs('self');
    setInterval(() => this.#look(), RESOLUTION_MS).unref();
  }

  /** Of the time since the last call. */
  take(): BusyTimes {
    this.#look();
    const waited = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    const times = {
      clockMs: waited(this.#delay.max),
      clock99Ms: waited(this.#delay.percentile(99)),
      processorMs: this.#longestMs,
    };
    this.#delay.reset();
    this.#longestMs = 0;
    return times;
  }

  #look(): void {
    const now = mainThreadMs('self');
    this.#longestMs = Math.max(this.#longestMs, now - this.#lastMs);
    this.#lastMs = now;
  }
}

/** What the main thread of a process has had of a processor. */
export function mainThreadMs(pid: number | 'self' | undefined): number {
  // The first number: nanoseconds.
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}
