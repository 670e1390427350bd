/**
 * The first start of a new version: a large database is brought to its schema in a process of its own. That can be called off at any
 * moment (the step it is at is then taken anew by the next start), and the log says meanwhile how far it is.
 */
import type { Clock } from '../base/clock.js';
import { JobProcess } from '../base/job-process.js';
import type { Logger } from '../base/log.js';
import { type SchemaAge, schemaAge } from '../store/schema-age.js';
import type { SqliteFile } from '../store/sqlite-file.js';

/** 100 MB, some 30,000 mails: below it everything is done in a second or two, by whoever opens the database. */
const LARGE_BYTES = 100_000_000;
/** Whoever looks on wants to see that something happens. */
const TELL_EVERY_MS = 5000;

/** @throws AbortError when it is called off, or what went wrong */
export async function updateLargeDatabase(
  file: SqliteFile,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
  signal: AbortSignal,
  largeBytes = LARGE_BYTES,
): Promise<void> {
  const age = schemaAge(file);
  if (age === null || age.stepsTaken >= age.steps || age.bytes < largeBytes) return;
  signal.throwIfAborted();
  log.info('the database is brought to the form of this version, once: with a million mails that takes a minute', progress(age));
  const job = new JobProcess<SqliteFile, void>(new URL('./update-process.js', import.meta.url));
  const close = (): void => void job.close();
  signal.addEventListener('abort', close);
  const told = new AbortController();
  const telling = tell(file, { clock, log }, told.signal);
  try {
    await untilDone(file, job);
    log.info('the database has the form of this version');
  } finally {
    told.abort();
    await telling;
    signal.removeEventListener('abort', close);
  }
}

/** A process of a start that was killed is at it until its call of SQLite returns, and holds the database. */
async function untilDone(file: SqliteFile, job: JobProcess<SqliteFile, void>): Promise<void> {
  for (;;) {
    try {
      return await job.run(file);
    } catch (error) {
      if (!/database is locked/.test((error as Error).message)) throw error;
    }
  }
}

async function tell(file: SqliteFile, { clock, log }: { readonly clock: Clock; readonly log: Logger }, signal: AbortSignal): Promise<void> {
  for (;;) {
    await clock.sleep(TELL_EVERY_MS, signal);
    if (signal.aborted) return;
    const age = schemaAge(file);
    if (age !== null) log.info('the database is being brought to the form of this version', progress(age));
  }
}

function progress({ stepsTaken, steps, bytes }: SchemaAge): { step: string; megabytes: number } {
  return { step: `${Math.min(stepsTaken + 1, steps)}/${steps}`, megabytes: Math.round(bytes / 1e6) };
}
