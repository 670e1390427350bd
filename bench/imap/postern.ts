/** Our server over a file, filled, in a process of its own that tells how long it was deaf and how much memory it takes. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/log.js';
import { MAX_KEPT_MAIL_BYTES } from '../../src/mapping/folders.js';
import { describeMessage } from '../../src/mime/describe.js';
import { foldedText } from '../../src/mime/searchable-text.js';
import { Checkpointer } from '../../src/store/checkpointer.js';
import { Database } from '../../src/store/database.js';
import { LargeMessages } from '../../src/store/mail/large-messages.js';
import { SqliteMailboxes } from '../../src/store/mail/mailboxes.js';
import { RemovedEntries } from '../../src/store/mail/removed-entries.js';
import { RemovedFolders } from '../../src/store/mail/removed-folders.js';
import { Sweeper } from '../../src/store/mail/sweeper.js';
import { TextBacklog } from '../../src/store/mail/text-backlog.js';
import { TextIndex } from '../../src/store/mail/text-index.js';
import { takeIndexingTurn } from '../../src/store/mail/text-indexing.js';
import { rewriteDatabase } from '../../src/store/rewrite.js';
import type { SqliteFile } from '../../src/store/sqlite-file.js';
import { openImapHouse } from '../../test/support/imap-house.js';
import { mainThreadMs } from '../loop-meter.js';
import { Client } from './client.js';
import { message } from './messages.js';
import { type Peer, stopProcess } from './peer.js';

const AT_ONCE = 500;
const INTERNAL_DATE = 1_767_261_600;
const LOOP_RESOLUTION_MS = 2;
const MEMORY_SAMPLE_MS = 50;

/** Since it was asked the last time. */
export interface Strain {
  /** The longest time in which it heard nobody. */
  readonly deafMs: number;
  /** The most processor time of the main thread between two looks at who speaks: what a busy machine does not change. Linux only. */
  readonly workMs: number;
  /** The most memory that it had. */
  readonly rssBytes: number;
}

/** Milliseconds of the machine's clock, as `performance.timeOrigin + performance.now()`. */
export interface Delivery {
  readonly handedOverAt: number;
  /** When it was on the disk. */
  readonly committedAt: number;
}

export interface Postern extends Peer {
  strain(): Promise<Strain>;
  /** Puts a new message into INBOX as the node does. */
  deliver(raw: Buffer): Promise<Delivery>;
}

type Order = { readonly kind: 'strain' } | { readonly kind: 'deliver'; readonly raw: string };

/** Below a directory: the same mail in files that are encrypted. */
const SEALED = 'sealed';
const KEY = new Uint8Array(32).fill(1);

export function sealedIn(directory: string): string {
  return join(directory, SEALED);
}

function filesIn(directory: string): { mail: SqliteFile; index: SqliteFile } {
  const [mail, index] = [join(directory, 'bench.sqlite'), join(directory, 'text-index.sqlite')];
  return basename(directory) === SEALED ? { mail: { path: mail, key: KEY }, index: { path: index, key: KEY } } : { mail, index };
}

/** A copy of the files that is encrypted, made anew. */
export function sealPostern(directory: string): void {
  const sealed = sealedIn(directory);
  rmSync(sealed, { recursive: true, force: true });
  mkdirSync(sealed);
  const begin = performance.now();
  rewriteDatabase(filesIn(directory).mail, filesIn(sealed).mail, () => {});
  console.log(`encrypting all of it took ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  const database = new Database(filesIn(sealed).mail);
  fillIndex(sealed, database);
  database.close();
}

/** Makes the files, as far as they are not there. */
export function fillPostern(directory: string, count: number, make = message): void {
  const path = join(directory, 'bench.sqlite');
  const isFilled = existsSync(path);
  const database = new Database(path);
  if (!isFilled) fill(database, count, make);
  fillIndex(directory, database);
  database.close();
}

function fill(database: Database, count: number, make: typeof message): void {
  const mailboxes = new SqliteMailboxes(database, describeMessage, systemClock);
  const inbox = mailboxes.find('INBOX')!.id;
  for (let from = 0; from < count; from += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - from);
    const entries = Array.from({ length: size }, (_, at) => newEntry(make(from + at)));
    mailboxes.append(inbox, entries);
  }
}

function fillIndex(directory: string, database: Database): void {
  const order = { ...filesIn(directory), removed: [] };
  const backlog = new TextBacklog(database);
  const index = TextIndex.openOrMake(order.index, backlog.lastMessageId);
  while (index.reach < backlog.lastMessageId) takeIndexingTurn(order, foldedText);
  index.close();
}

/** In a process of its own; tells its port. */
export async function servePostern(directory: string): Promise<void> {
  const { mail } = filesIn(directory);
  const house = await openImapHouse(describeMessage, { maxMessageBytes: MAX_KEPT_MAIL_BYTES }, mail);
  // As in the gateway.
  new Checkpointer(mail, { database: house.database, clock: systemClock, log: silentLogger }).start();
  new Sweeper({
    mailboxes: house.mailboxes,
    removed: new RemovedFolders(house.database),
    expunged: new RemovedEntries(house.database),
    staged: house.mailboxes.staged,
    large: new LargeMessages(house.database),
    clock: systemClock,
    log: silentLogger,
  }).start();
  const deaf = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  deaf.enable();
  let rssBytes = 0;
  const sample = (): void => {
    rssBytes = Math.max(rssBytes, process.memoryUsage.rss());
  };
  setInterval(sample, MEMORY_SAMPLE_MS);
  let workMs = 0;
  let usedMs = mainThreadMs('self');
  setInterval(() => {
    const now = mainThreadMs('self');
    workMs = Math.max(workMs, now - usedMs);
    usedMs = now;
  }, LOOP_RESOLUTION_MS);
  let committedAt = 0;
  house.mailboxes.watch(() => {
    committedAt = clock();
  });
  const tellStrain = (): void => {
    sample();
    process.send?.({ deafMs: deaf.max / 1e6, workMs, rssBytes } satisfies Strain);
    deaf.reset();
    rssBytes = 0;
    workMs = 0;
  };
  process.on('message', (order: Order) => {
    if (order.kind === 'strain') {
      // What looks how long it was deaf has to have its turn first.
      setTimeout(tellStrain, 2 * LOOP_RESOLUTION_MS);
    } else {
      const handedOverAt = clock();
      house.mailboxes.append(house.mailboxes.find('INBOX')!.id, [newEntry(Buffer.from(order.raw, 'latin1'))]);
      process.send?.({ handedOverAt, committedAt } satisfies Delivery);
    }
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ port: house.port });
}

/** @param script the file that calls `servePostern` when it is started with --serve DIRECTORY */
export async function startPostern(script: string, directory: string): Promise<Postern> {
  const child = fork(script, ['--serve', directory]);
  const { port } = await answer<{ port: number }>(child);
  const client = await Client.open(port);
  const ask = async <T>(order: Order): Promise<T> => {
    const answered = answer<T>(child);
    child.send(order);
    return answered;
  };
  return {
    name: basename(directory) === SEALED ? 'encrypted' : 'Postern',
    pid: child.pid!,
    port,
    client,
    deliver: (raw) => ask<Delivery>({ kind: 'deliver', raw: raw.toString('latin1') }),
    strain: () => ask<Strain>({ kind: 'strain' }),
    stop: () => stopProcess(child, client),
  };
}

async function answer<T>(child: ChildProcess): Promise<T> {
  const [value] = (await once(child, 'message')) as [T];
  return value;
}

function newEntry(raw: Buffer): { raw: Buffer; flags: string[]; internalDate: number; identity: string } {
  return { raw, flags: [], internalDate: INTERNAL_DATE, identity: '' };
}

function clock(): number {
  return performance.timeOrigin + performance.now();
}
