/**
 * What mail programs do all day, on the same messages by this server and by Dovecot, each a process of its own on loopback:
 * milliseconds (the median of alternating runs), the ratio, the same by processor time of the servers (all runs; what else the machine
 * does changes it less), the longest time in which this server heard nobody
 * (and how much of that it worked), its memory.
 *
 * node dist/bench/imap.js [--messages 20000] [--mails small|realistic] [--repeats 3] [--dovecot /usr/sbin/dovecot | --alone | --sealed] [--data DIRECTORY]
 *   [--only WORD]
 *
 * With --sealed it is our own server over encrypted files against the same over plain ones (decision 28).
 * With --data the mail is kept there for the next run. Of realistic mails (25 KB each: 10000 will do) it measures what reads them.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from './imap/client.js';
import { startDovecot } from './imap/dovecot.js';
import { FETCH_TASKS } from './imap/fetching.js';
import { COMMON, message, RARE } from './imap/messages.js';
import { movingTasks, tidyUp } from './imap/moving.js';
import type { Peer } from './imap/peer.js';
import { fillPostern, type Postern, sealedIn, sealPostern, servePostern, startPostern } from './imap/postern.js';
import { processorMs } from './imap/processor-time.js';
import { realisticMail } from './imap/realistic-mails.js';
import { flagSome, searchTasks } from './imap/searching.js';
import { smallTasks } from './imap/small-commands.js';

const FOLDERS = 200;
const APPENDS = 1000;
const STORED = 10_000;
const DELIVERIES = 20;
/** A client on a bad line takes this much, with pauses, while the server has the whole folder to say. */
const SLOW_BYTES = 5_000_000;
const SLOW_PAUSE_MS = 20;
/** Less says nothing: the timers of the meters take as much. */
const MIN_PROCESSOR_MS = 10;

/** What is measured of realistic mails, too. */
const READS_CONTENT = /^((UID )?FETCH|SEARCH|DEFLATE|slow)/;
const SEARCHES_TEXT = / (FROM|SUBJECT|TO|HEADER|TEXT|BODY) /;

type Task = readonly [name: string, run: (client: Client, repeat: number) => Promise<void>];

const SMALL: readonly Task[] = smallTasks(FOLDERS).map(({ name, run }) => [name, run]);
const FETCHING: readonly Task[] = FETCH_TASKS.map(({ name, command }) => [name, (client) => client.command(command)]);
/** Each begins and ends with INBOX selected. */
const TASKS: readonly Task[] = [
  [`LIST + STATUS of ${FOLDERS} folders`, (client) => client.command('LIST "" "*" RETURN (STATUS (MESSAGES UNSEEN UIDNEXT))')],
  ...SMALL,
  ...FETCHING,
  ['SEARCH TEXT, rare word', (client) => client.command(`SEARCH TEXT ${RARE}`)],
  ['SEARCH TEXT, common word', (client) => client.command(`SEARCH TEXT ${COMMON}`)],
  [
    `APPEND of ${APPENDS}`,
    async (client, repeat) => {
      for (let index = 0; index < APPENDS; index++) {
        const raw = message(1_000_000 * (repeat + 1) + index);
        await client.command(`APPEND folder1 {${raw.length}+}\r\n`, raw);
      }
    },
  ],
  [`STORE on ${STORED}`, (client, repeat) => client.command(`STORE 1:${STORED} ${repeat % 2 === 0 ? '+' : '-'}FLAGS (\\Flagged)`)],
];

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '20000' },
    mails: { type: 'string', default: 'small' },
    repeats: { type: 'string', default: '3' },
    dovecot: { type: 'string', default: '/usr/sbin/dovecot' },
    alone: { type: 'boolean', default: false },
    sealed: { type: 'boolean', default: false },
    data: { type: 'string' },
    only: { type: 'string', default: '' },
    serve: { type: 'string' },
  },
});
if (values.serve === undefined) await compare(Number(values.messages), Number(values.repeats), values.mails === 'realistic');
else await servePostern(values.serve);

async function compare(messages: number, repeats: number, isRealistic: boolean): Promise<void> {
  const make = isRealistic ? realisticMail : message;
  const directory = values.data ?? mkdtempSync(join(tmpdir(), 'postern-bench-imap-'));
  mkdirSync(directory, { recursive: true });
  fillPostern(directory, messages, make);
  if (values.sealed) sealPostern(directory);
  const ours = await startPostern(fileURLToPath(import.meta.url), values.sealed ? sealedIn(directory) : directory);
  const peers: Peer[] = [ours];
  try {
    if (values.sealed) peers.push(await startPostern(fileURLToPath(import.meta.url), directory));
    else if (!values.alone) peers.push(await startDovecot(values.dovecot, directory, messages, make));
    for (const { client } of peers) {
      // With kept mail they are there.
      for (let folder = 0; folder < FOLDERS; folder++) await client.command(`CREATE folder${folder}`).catch(() => undefined);
    }
    console.log(`${messages} messages, median of ${repeats}; ratio below 1: ${values.sealed ? 'encrypted' : 'Postern'} is faster`);
    // Also for the others: they begin with a folder that is open.
    await measure('SELECT, the first', ours, peers, 1, (client) => client.command('SELECT INBOX'));
    const isWanted = (name: string, kind: RegExp): boolean => name.includes(values.only) && (!isRealistic || kind.test(name));
    for (const [name, run] of TASKS) if (isWanted(name, READS_CONTENT)) await measure(name, ours, peers, repeats, run);
    const moving = movingTasks(STORED).filter(({ name }) => isWanted(name, READS_CONTENT));
    for (const { name, run, prepare } of moving) await measure(name, ours, peers, repeats, run, prepare);
    if (moving.length > 0) for (const { client } of peers) await tidyUp(client);
    const searches = searchTasks(messages).filter(({ name, command }) => isWanted(`${name} ${command}`, SEARCHES_TEXT));
    if (searches.length > 0) for (const { client } of peers) await flagSome(client, messages);
    for (const { name, command, prepare } of searches) {
      await measure(name, ours, peers, repeats, (client) => client.command(command), prepare);
    }
    if (isWanted('DEFLATE', READS_CONTENT)) await measureDeflated(ours, peers, repeats);
    if (isWanted('IDLE', READS_CONTENT)) await measureIdle(ours, peers);
    if (isWanted('slow reader', READS_CONTENT)) await measureSlowReader(ours);
  } finally {
    for (const peer of peers) await peer.stop();
    if (values.data === undefined) rmSync(directory, { recursive: true });
  }
}

async function measure(
  name: string,
  ours: Postern,
  peers: readonly Peer[],
  repeats: number,
  run: (client: Client, repeat: number) => Promise<void>,
  prepare: (client: Client, repeat: number) => Promise<void> = async () => {},
): Promise<void> {
  const times = peers.map((): number[] => []);
  const processor = peers.map(() => 0);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [at, { client, pid }] of peers.entries()) {
      await prepare(client, repeat);
      if (repeat === 0 && at === 0) await ours.strain();
      const before = processorMs(pid);
      const start = performance.now();
      // Dovecot does not know all extensions.
      const isAnswered = await run(client, repeat).then(
        () => true,
        (error: unknown) => {
          if (at === 0) throw error;
          return false;
        },
      );
      if (isAnswered) times[at].push(performance.now() - start);
      processor[at] += (processorMs(pid) ?? 0) - (before ?? 0);
    }
  }
  const [first] = times[0];
  const typical = times.map(median);
  await report(first > 2 * typical[0] ? `${name} (first ${first.toFixed(0)} ms)` : name, ours, typical, processor);
}

/** COMPRESS=DEFLATE: the bytes cost more than what is said. */
async function measureDeflated(ours: Postern, peers: readonly Peer[], repeats: number): Promise<void> {
  const compressed = await Promise.all(peers.map(async (peer) => ({ ...peer, client: await Client.open(peer.port) })));
  for (const { client } of compressed) {
    await client.compress();
    await client.command('SELECT INBOX');
  }
  for (const [name, command] of [
    ['DEFLATE: ENVELOPE of all', 'FETCH 1:* (ENVELOPE)'],
    ['DEFLATE: bodies of all', 'FETCH 1:* (BODY.PEEK[])'],
  ] as const) {
    await measure(name, ours, compressed, repeats, (client) => client.command(command));
  }
  for (const { client } of compressed) client.close();
}

/** From an APPEND by another client, and from a delivery of the node, to the EXISTS at a client in IDLE. */
async function measureIdle(ours: Postern, peers: readonly Peer[]): Promise<void> {
  const appended = peers.map((): number[] => []);
  await ours.strain();
  for (const [at, { client, port }] of peers.entries()) {
    const other = await Client.open(port);
    await client.idle();
    for (let index = 0; index < DELIVERIES; index++) {
      const heard = client.exists();
      const raw = message(9_000_000 + index);
      const start = clock();
      await other.command(`APPEND INBOX {${raw.length}+}\r\n`, raw);
      appended[at].push((await heard) - start);
    }
    await client.done();
    other.close();
  }
  await report('IDLE: APPEND to EXISTS', ours, appended.map(median));
  const sinceCommit: number[] = [];
  const sinceDelivery: number[] = [];
  await ours.client.idle();
  for (let index = 0; index < DELIVERIES; index++) {
    const heard = ours.client.exists();
    const { handedOverAt, committedAt } = await ours.deliver(message(9_500_000 + index));
    const heardAt = await heard;
    sinceDelivery.push(heardAt - handedOverAt);
    sinceCommit.push(heardAt - committedAt);
  }
  await ours.client.done();
  await report('IDLE: delivery to EXISTS', ours, [median(sinceDelivery)]);
  await report('IDLE: its commit to EXISTS', ours, [median(sinceCommit)]);
}

/** How much memory it takes when a client asks for all and reads little. */
async function measureSlowReader(ours: Postern): Promise<void> {
  const client = await Client.open(ours.port);
  await client.command('SELECT INBOX');
  await ours.strain();
  const start = performance.now();
  await client.readSlowly('FETCH 1:* (BODY.PEEK[])', SLOW_BYTES, SLOW_PAUSE_MS);
  await report('slow reader of all bodies', ours, [performance.now() - start]);
  client.close();
}

/** @param processor milliseconds */
async function report(name: string, ours: Postern, [own, other]: readonly number[], processor: readonly number[] = []): Promise<void> {
  const { deafMs, workMs, rssBytes } = await ours.strain();
  const ratio =
    other === undefined || Number.isNaN(other)
      ? ''
      : `${values.sealed ? 'not encrypted' : 'Dovecot'} ${other.toFixed(1).padStart(9)} ms  ratio ${(own / other).toFixed(2).padStart(6)}  `;
  const [ownProcessor = 0, otherProcessor = 0] = processor;
  const byProcessor = otherProcessor < MIN_PROCESSOR_MS ? '' : `by processor ${(ownProcessor / otherProcessor).toFixed(2)}  `;
  console.log(
    `${name.padEnd(50)} ${own.toFixed(1).padStart(9)} ms  ${ratio}${byProcessor}deaf ${deafMs.toFixed(0)} ms (working ${workMs.toFixed(0)})  ${(rssBytes / 1e6).toFixed(0)} MB`,
  );
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** Milliseconds, the same in all processes. */
function clock(): number {
  return performance.timeOrigin + performance.now();
}
