/** A backup every night (or as soon as the machine is on again), into a directory that keeps the newest ones. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import { makeDirectory } from '../base/make-directory.js';
import { TaskGroup } from '../base/task-group.js';
import type { Backup } from './backup.js';
import { BackupRefusal } from './refusal.js';

export interface NightlyOptions {
  readonly directory: string;
  /** How many files stay. */
  readonly keep: number;
  /** Its first line is the passphrase. */
  readonly passphraseFile: string;
}

/** Local time: nearly everybody sleeps then. */
const HOUR = 3;
const CHECK_MS = 15 * 60_000;
const NAME = /^postern-\d{4}-\d{2}-\d{2}\.age$/;

export class NightlyBackup {
  readonly #tasks: TaskGroup;

  constructor(
    private readonly options: NightlyOptions,
    private readonly rooms: { readonly backup: Pick<Backup, 'make'>; readonly clock: Clock; readonly log: Logger },
  ) {
    this.#tasks = new TaskGroup((error) => rooms.log.error('nightly backups ended', error));
  }

  start(): void {
    this.#tasks.run(async (signal) => {
      while (!signal.aborted) {
        await this.makeIfDue();
        await this.rooms.clock.sleep(CHECK_MS, signal);
      }
    });
  }

  stop(): Promise<void> {
    return this.#tasks.stop();
  }

  /** A failure is told, and tried again at the next check. */
  async makeIfDue(): Promise<void> {
    const { backup, clock, log } = this.rooms;
    const { directory, passphraseFile } = this.options;
    const now = new Date(clock.now() * 1000);
    const name = nameOf(now);
    if (now.getHours() < HOUR) return;
    try {
      makeDirectory(directory, 0o700);
      if ((await readdir(directory)).includes(name)) return;
      const [passphrase] = (await readFile(passphraseFile, 'utf8')).split(/\r?\n/);
      await backup.make(join(directory, name), passphrase);
      await this.#prune();
    } catch (error) {
      if (this.#tasks.signal.aborted) return;
      log.error('the nightly backup could not be made', error instanceof BackupRefusal ? { reason: error.message } : error);
    }
  }

  async #prune(): Promise<void> {
    const { directory, keep } = this.options;
    const names = (await readdir(directory)).filter((name) => NAME.test(name)).sort();
    for (const name of names.slice(0, -keep)) await rm(join(directory, name));
  }
}

/** By the local date, so that a person finds it. */
function nameOf(date: Date): string {
  const [month, day] = [date.getMonth() + 1, date.getDate()].map((number) => String(number).padStart(2, '0'));
  return `postern-${date.getFullYear()}-${month}-${day}.age`;
}
