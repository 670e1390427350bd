/** Has a thread ask the full-text index, so that nobody waits while a client looks for a word. */
import { WorkerPool } from '../../base/worker-pool.js';
import type { SqliteFile } from '../sqlite-file.js';
import type { FoundTexts, TextFinder } from './message-types.js';
import type { FindOrder, FindResult } from './text-finding.js';
import type { TextIndex } from './text-index.js';

/** More than clients can be connected. */
const MAX_WAITING = 10_000;
/** The thread takes some megabytes while it lives. */
const THREAD_IDLE_MS = 60_000;

export class ThreadedTextFinder implements TextFinder {
  readonly #pool = new WorkerPool<FindOrder, FindResult>({
    url: new URL('./text-finder-worker.js', import.meta.url),
    threads: 1,
    maxQueued: MAX_WAITING,
    idleMs: THREAD_IDLE_MS,
  });
  readonly #running = new Set<Promise<unknown>>();

  constructor(
    private readonly files: { readonly mail: SqliteFile; readonly index: SqliteFile },
    private readonly index: Pick<TextIndex, 'isDamaged' | 'noteDamage'>,
  ) {}

  async find(mailboxId: number, foldedText: string): Promise<FoundTexts | null> {
    if (this.index.isDamaged) return null;
    const running = this.#pool.run({ ...this.files, mailboxId, foldedText }).finally(() => this.#running.delete(running));
    this.#running.add(running);
    const found = await running;
    if (found !== 'index damaged') return found;
    this.index.noteDamage();
    return null;
  }

  /** When nobody searches any more; before the files are closed. */
  async stop(): Promise<void> {
    // A thread that is ended in the midst of SQLite takes the process with it.
    await Promise.allSettled(this.#running);
    await this.#pool.close();
  }
}
