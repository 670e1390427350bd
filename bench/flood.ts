/**
 * What floods cost a node: ten peers do one thing at a time, as much of it as the protocol lets them. Prints for each how long the
 * main thread was busy without a break, and the memory afterwards.
 *
 * node dist/bench/flood.js
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/clock.js';
import { concat, u32, u64 } from '../src/bitmessage/wire/bytes.js';
import { encodeInv, type HashKey, hashKey } from '../src/bitmessage/wire/inv.js';
import { encodeAddr } from '../src/bitmessage/wire/messages.js';
import { Database } from '../src/store/database.js';
import { now, RawPeer, startNode } from '../test/support/nodes.js';
import { type BusyTimes, LoopMeter } from './loop-meter.js';

const PEERS = 10;
const MOST_HASHES = 50_000;
/** A node that has just started still does other things. */
const SETTLING_MS = 2_000;
/** After the last byte: timers of the node, and what it sends back. */
const AFTERMATH_MS = 2_000;

const { values } = parseArgs({ options: { node: { type: 'boolean', default: false } } });

if (values.node) await beTheNode();
else await flood();

async function beTheNode(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-flood-'));
  const node = await startNode({}, { database: new Database(join(directory, 'node.sqlite')) });
  const meter = new LoopMeter();
  meter.start();
  process.on('message', () => process.send?.(meter.take()));
  process.send?.(node.port);
  await once(process, 'SIGTERM');
  await node.stop();
  rmSync(directory, { recursive: true });
  process.disconnect();
}

async function flood(): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ['--node']);
  const [port] = (await once(child, 'message')) as [number];
  let peers: RawPeer[] = [];
  const greetAll = async (): Promise<void> => {
    for (const peer of peers) peer.close();
    peers = await Promise.all(Array.from({ length: PEERS }, () => RawPeer.greet(port)));
  };
  const same = randomKeys(MOST_HASHES);
  const stages: readonly (readonly [string, () => void | Promise<void>])[] = [
    ['nothing', () => {}],
    ['ten peers greet', greetAll],
    ['each announces the same 50,000', () => sendAll('inv', () => encodeInv(same))],
    ['each announces another 50,000', () => sendAll('inv', () => encodeInv(randomKeys(MOST_HASHES)))],
    ['each announces another 50,000, again', () => sendAll('inv', () => encodeInv(randomKeys(MOST_HASHES)))],
    ['each asks for 50,000 unknown ones', () => sendAll('getdata', () => encodeInv(randomKeys(MOST_HASHES)))],
    ['each announces 50,000 by dinv', () => sendAll('dinv', () => encodeInv(randomKeys(MOST_HASHES)))],
    ['all leave, ten others greet', greetAll],
    ['each sends 100 addr of 1,000', () => sendAll('addr', addresses, 100)],
    ['each sends 3 objects of 256 KB without work', () => sendAll('object', largeObject, 3)],
    ['all leave, ten others greet, again', greetAll],
    ['each sends 20,000 pings', () => sendAll('ping', () => new Uint8Array(0), 20_000)],
    ['each sends 20,000 unknown commands', () => sendAll('nonsense', () => new Uint8Array(100), 20_000)],
  ];
  async function sendAll(command: string, payload: () => Uint8Array, times = 1): Promise<void> {
    await Promise.all(
      peers.map(async (peer) => {
        const bytes = payload();
        for (let count = 0; count < times; count++) peer.send(command, bytes);
        await new Promise((resolve) => peer.socket.write('', resolve));
      }),
    );
  }
  try {
    await systemClock.sleep(SETTLING_MS);
    await take(child);
    for (const [what, attack] of stages) {
      await attack();
      await systemClock.sleep(AFTERMATH_MS);
      const { clockMs, processorMs } = await take(child);
      console.log(
        `${what.padEnd(46)} ${clockMs.toFixed(1).padStart(6)} ms at most by the clock, ${processorMs.toFixed(1).padStart(6)} ms of the processor, ${(residentBytes(child) / 1e6).toFixed(0)} MB`,
      );
    }
  } finally {
    for (const peer of peers) peer.close();
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

async function take(child: ChildProcess): Promise<BusyTimes> {
  const answer = once(child, 'message');
  child.send('take');
  const [times] = (await answer) as [BusyTimes];
  return times;
}

function randomKeys(count: number): HashKey[] {
  const bytes = randomBytes(count * 32);
  return Array.from({ length: count }, (_, index) => hashKey(bytes.subarray(index * 32, (index + 1) * 32)));
}

function addresses(): Uint8Array {
  const entry = { time: BigInt(now()), services: 1n, port: 8444, stream: 1 };
  return encodeAddr(Array.from({ length: 1_000 }, () => ({ ...entry, host: `127.${[...randomBytes(3)].join('.')}` })));
}

function largeObject(): Uint8Array {
  return concat(u64(0n), u64(now() + 2_000_000), u32(2), Uint8Array.of(1, 1), randomBytes(262_000));
}

function residentBytes({ pid }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}
