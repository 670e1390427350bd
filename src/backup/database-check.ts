/** Whether the database of the running gateway is sound. */
import { JobProcess } from '../base/job-process.js';
import type { SqliteFile } from '../store/sqlite-file.js';

export class DatabaseCheck {
  readonly #process = new JobProcess<SqliteFile, string | null>(new URL('./check-process.js', import.meta.url));
  #running: Promise<string | null> | undefined;

  constructor(private readonly file: SqliteFile) {}

  /** Resolves with the first fault, or null. Whoever asks while it looks is told what it finds then. */
  run(): Promise<string | null> {
    this.#running ??= this.#process.run(this.file).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Whatever it is at: on a cold disk it takes minutes for some gigabytes. */
  stop(): Promise<void> {
    return this.#process.close();
  }
}
