/** Watches how much room there is on the disk, so that the network's objects leave the last of it to one's own mail. */
import { statfs } from 'node:fs/promises';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import { TaskGroup } from '../base/task-group.js';

export interface DiskRoomOptions {
  readonly directory: string;
  /** With less free than this, the room is low. 0: it never is. */
  readonly reserveBytes: number;
}

/** The main network brings less than 100 kB a second even to a node that comes new: 3 MB between two looks. */
const LOOK_INTERVAL_MS = 30_000;

export class DiskRoom {
  readonly #tasks = new TaskGroup((error) => this.rooms.log.error('the room on the disk is not watched any more', error));
  #isLow = false;

  /** @param freeBytes how much is free; a test may say it */
  constructor(
    private readonly options: DiskRoomOptions,
    private readonly rooms: { readonly clock: Clock; readonly log: Logger },
    private readonly freeBytes: () => Promise<number> = () => freeIn(options.directory),
  ) {}

  get isLow(): boolean {
    return this.#isLow;
  }

  /** Resolves when it is known. */
  async start(): Promise<void> {
    if (this.options.reserveBytes === 0) return;
    await this.#look();
    this.#tasks.repeat(this.rooms.clock, LOOK_INTERVAL_MS, () => this.#look());
  }

  stop(): Promise<void> {
    return this.#tasks.stop();
  }

  async #look(): Promise<void> {
    const free = await this.freeBytes();
    const isLow = free < this.options.reserveBytes;
    if (isLow === this.#isLow) return;
    this.#isLow = isLow;
    const megabytes = Math.floor(free / 1_000_000);
    if (isLow) this.rooms.log.warn('the disk is nearly full: no objects of the network are taken', { megabytes });
    else this.rooms.log.info('the disk has room again', { megabytes });
  }
}

async function freeIn(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
