/** Backups of the running gateway, one at a time. */
import { stat } from 'node:fs/promises';
import type { Clock } from '../base/clock.js';
import { JobProcess } from '../base/job-process.js';
import type { Logger } from '../base/log.js';
import type { BackupReply } from './backup-process.js';
import { BackupRefusal } from './refusal.js';
import { type BackupOrder, removeSnapshot, removeTemporary } from './write-backup.js';

/** Whoever gets the file can try passphrases for years. */
export const MIN_PASSPHRASE_CHARACTERS = 10;

export class Backup {
  readonly #process = new JobProcess<BackupOrder, BackupReply>(new URL('./backup-process.js', import.meta.url));
  #running: BackupOrder | undefined;

  constructor(
    private readonly options: { readonly dataDirectory: string; readonly key: Uint8Array | null; readonly workFactor?: number },
    private readonly rooms: { readonly clock: Clock; readonly log: Logger },
  ) {}

  /** Removes what a run that was killed has left of its backup: a readable copy of everything, as large as the database. */
  start(): Promise<void> {
    return removeSnapshot(this.options.dataDirectory);
  }

  async stop(): Promise<void> {
    const running = this.#running;
    await this.#process.close();
    if (running !== undefined) await removeTemporary(running);
  }

  /** @throws BackupRefusal */
  async make(target: string, passphrase: string): Promise<{ size: number }> {
    if ([...passphrase].length < MIN_PASSPHRASE_CHARACTERS) {
      throw new BackupRefusal(({ moving }) => moving.backup.tooShort(MIN_PASSPHRASE_CHARACTERS));
    }
    if ((await stat(target).catch(() => undefined)) !== undefined) throw new BackupRefusal(({ orders }) => orders.isThere(target));
    if (this.#running !== undefined) throw new BackupRefusal(({ moving }) => moving.backup.busy);
    const order = { ...this.options, target, passphrase, createdAt: this.rooms.clock.now() };
    this.#running = order;
    try {
      const { size } = await this.#process.run(order);
      this.rooms.log.info('backup written', { megabytes: Math.ceil(size / 1_000_000) });
      return { size };
    } catch (error) {
      throw toRefusal(error, target);
    } finally {
      this.#running = undefined;
    }
  }
}

/** What the file system says is the person's to mend; all else is ours. */
function toRefusal(error: unknown, target: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const text = (error as Error).message ?? '';
  if (/^E[A-Z]+$/.test(code) || /^E[A-Z]+:/.test(text))
    return new BackupRefusal(({ orders }) => orders.notWritable(target, text), { cause: error });
  if ((error as Error).name === 'AbortError') return new BackupRefusal(({ orders }) => orders.stopping, { cause: error });
  return error;
}
