/**
 * How long a mail program waits while the gateway fetches many objects: the answers to NOOP, one after the other, before and during.
 * On a busy machine the clock says more about the others: so also for how much work of the gateway's main thread it waited.
 *
 * node dist/bench/mail-while-syncing.js [--objects 20000] [--bytes 600] [--file OBJECTS]
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/clock.js';
import type { HashKey } from '../src/bitmessage/wire/inv.js';
import { GatewayProcess } from '../test/support/gateway-rig.js';
import { mainThreadMs } from './loop-meter.js';
import { serveObjects } from './object-server.js';
import { benchObjects } from './objects.js';

/** Of a test network, so that the objects can be made. */
const DIFFICULTY = 10;
const PAUSE_MS = 10;
const BEFORE_MS = 5_000;

const { values } = parseArgs({
  options: { objects: { type: 'string', default: '20000' }, bytes: { type: 'string', default: '600' }, file: { type: 'string' } },
});

const count = Number(values.objects);
const objects = benchObjects({ count, bytes: Number(values.bytes), difficulty: DIFFICULTY, file: values.file });
const server = createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('no port');
const directory = mkdtempSync(join(tmpdir(), 'bench-mail-'));
const gateway = await GatewayProcess.start(directory, [
  'network.profile=main',
  'network.loopback_only=true',
  `network.min_nonce_trials_per_byte=${DIFFICULTY}`,
  `network.min_extra_bytes=${DIFFICULTY}`,
  `network.peers=127.0.0.1:${address.port}`,
]);
const client = await gateway.imap();
const [first] = (await once(server, 'connection')) as [Socket];
await client.mailboxOpen('INBOX');
console.log(`before:  ${describeWaits(await waits(systemClock.sleep(BEFORE_MS)))}`);
const fetched = new Set<HashKey>();
const all = new Promise<number>((resolve) => {
  const play = (socket: Socket): unknown => serveObjects(socket, objects, fetched).done.then(resolve);
  play(first);
  server.on('connection', play);
});
const begin = performance.now();
const during = await waits(all);
console.log(`during:  ${describeWaits(during)}; ${count} objects in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
await client.logout();
await gateway.end('SIGTERM');
server.close();
rmSync(directory, { recursive: true });

interface Waits {
  /** Sorted, milliseconds: by the clock, and of the processor. */
  readonly clock: readonly number[];
  readonly processor: readonly number[];
}

/** Of each NOOP until the end comes. */
async function waits(end: Promise<unknown>): Promise<Waits> {
  const clock: number[] = [];
  const processor: number[] = [];
  let isOver = false;
  void end.then(() => (isOver = true));
  while (!isOver) {
    const [asked, worked] = [performance.now(), mainThreadMs(gateway.child.pid)];
    await client.noop();
    clock.push(performance.now() - asked);
    processor.push(mainThreadMs(gateway.child.pid) - worked);
    await systemClock.sleep(PAUSE_MS);
  }
  const ascending = (a: number, b: number): number => a - b;
  return { clock: clock.sort(ascending), processor: processor.sort(ascending) };
}

function describeWaits({ clock, processor }: Waits): string {
  const at = (sorted: readonly number[], share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  const both = (share: number): string => `${at(clock, share)} ms (${at(processor, share)} of work)`;
  return `${clock.length} answers, half within ${both(0.5)}, 99 of 100 within ${both(0.99)}, the slowest after ${both(1)}`;
}
