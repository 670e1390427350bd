/** `postern start`: settings, the gateway, what it prints, and the signals that end it. */
import { fstatSync } from 'node:fs';
import { isDamage, isDiskFull } from '../base/disk-fault.js';
import { createLogger } from '../base/log.js';
import { loadConfig, unknownVariables } from '../config.js';
import { directoryRefusal, StartError } from '../gateway/start-error.js';
import { Gateway, type Ready } from '../gateway.js';
import { asTyped, commandName } from '../words/commands.js';
import type { StartCommand } from './command-line.js';
import { EXIT, Failure } from './failure.js';
import { wordsOf } from './own-words.js';
import { greeting, readyLine } from './ready.js';
import { userFile } from './user-file.js';

/** Promised to whoever sends SIGTERM are 5 seconds; the rest is for the process to end. */
const STOP_LIMIT_MS = 4500;
/** Well within the time to stop, and nothing to be noticed of. */
const PARENT_CHECK_MS = 500;

/** Runs until a signal comes; resolves once everything is closed. @throws ConfigError or Failure */
export async function runGateway({ config: file, set, readyJson }: StartCommand, dataDirectory: string): Promise<void> {
  // Whatever is made from here on is for the owner's eyes.
  process.umask(0o077);
  outliveReaders();
  const config = loadConfig({ environment: process.env, set, ...userFile(file, dataDirectory) });
  const log = createLogger(config.log.level, (line) => process.stderr.write(`${line}\n`));
  for (const name of unknownVariables(process.env)) log.warn('no such setting', { variable: name });
  const stopping = Promise.race([untilSignal(), untilNpmGone()]);
  const words = wordsOf(config.texts.language, process.env);
  let lose: (error: Error) => void = () => {};
  const lost = new Promise<Error>((resolve) => {
    lose = resolve;
  });
  const command = commandName(process.env);
  const credentialsDirectory = process.env.CREDENTIALS_DIRECTORY;
  const gateway = new Gateway({ config, dataDirectory, words, command, credentialsDirectory }, { log, onLost: lose });
  const calledOff = new AbortController();
  void stopping.then(() => calledOff.abort());
  const ready = await started(gateway, dataDirectory, calledOff.signal);
  if (ready === null) return log.info('stopped while the database was being brought to the form of this version');
  process.stdout.write(readyJson ? `${readyLine(ready)}\n` : asTyped(greeting(ready, goesToJournal(), words), command));
  const reason = await Promise.race([stopping, lost]);
  log.info('stopping', { reason: String(reason) });
  const guard = setTimeout(() => {
    log.error('could not stop in time');
    endAtOnce();
  }, STOP_LIMIT_MS);
  // Until then the guard keeps the process, as nothing else may: it would end with a thread in the midst of SQLite, which aborts it.
  await gateway.stop();
  // Left armed, for a socket or thread that somebody forgot would keep the process; it does not keep it itself.
  guard.unref();
  log.info('stopped');
  if (reason instanceof Error) throw new Failure(EXIT.disk, ({ commandLine }) => commandLine.diskLost(reason.message), { cause: reason });
}

/**
 * Whoever reads what we print may end before us: "tee" hears the same Ctrl-C, "less" is left. To print the next line must not end us then,
 * with nothing closed.
 */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** Whether systemd keeps what we print, for more people than the owner of the data: systemd.exec(5), $JOURNAL_STREAM. */
function goesToJournal(): boolean {
  const { dev, ino } = fstatSync(process.stdout.fd);
  return process.env.JOURNAL_STREAM === `${dev}:${ino}`;
}

/** Null: called off. */
async function started(gateway: Gateway, dataDirectory: string, signal: AbortSignal): Promise<Ready | null> {
  try {
    return await gateway.start(signal);
  } catch (error) {
    if (signal.aborted && (error as Error).name === 'AbortError') return null;
    // The last thing that a start writes may be what does not fit any more.
    const refusal = isDiskFull(error) || isDamage(error) ? directoryRefusal(dataDirectory, error as Error) : error;
    throw refusal instanceof StartError ? new Failure(EXIT.cannotStart, refusal.say, { cause: error }) : error;
  }
}

/** The first signal asks to stop, the second does not ask. */
function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(name, () => {
        if (asked) endAtOnce();
        asked = true;
        resolve(name);
      });
    }
  });
}

/** Not by `process.exit`, which waits for a thread in the midst of SQLite, for minutes, and then aborts. */
function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}

/**
 * `npm start` puts npm and a shell before us. A signal to npm alone ends those two, and nobody tells us: we would stay behind,
 * with the data directory locked. So when npm has started us, its end is ours.
 */
function untilNpmGone(): Promise<string> {
  return new Promise((resolve) => {
    if (process.env.npm_lifecycle_event !== 'start') return;
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve('npm is gone');
    }, PARENT_CHECK_MS);
    timer.unref();
  });
}
