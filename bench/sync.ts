/**
 * How long a node needs to fetch many objects from one peer on loopback, and what it costs: time, processor time per
 * object, peak memory. Other nodes can run beside it, each started with a shell command in which {port} is the peer's.
 *
 * node dist/bench/sync.js [--objects 600] [--bytes 1000] [--difficulty 10] [--file OBJECTS] [--receiver "name=command --connect 127.0.0.1:{port}"]...
 *
 * The objects carry the work of a test network, 10 trials per byte, so that a PyBitmessage with lowered difficulty takes them. With
 * --file they are kept for the next run. The time of the last object is when it was asked for; the processor time counts until a
 * second later, or until the receiver has been at rest for a second.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/clock.js';
import { silentLogger } from '../src/base/log.js';
import { createNode } from '../src/bitmessage/create-node.js';
import type { HashKey } from '../src/bitmessage/wire/inv.js';
import { MAINNET } from '../src/bitmessage/wire/params.js';
import { Checkpointer } from '../src/store/checkpointer.js';
import { Database } from '../src/store/database.js';
import { LoopMeter } from './loop-meter.js';
import { serveObjects } from './object-server.js';
import { benchObjects } from './objects.js';
import { peakMemory, processorSeconds, untilAtRest } from './process-meter.js';

const LONGEST_RUN_MS = 300_000;

const { values } = parseArgs({
  options: {
    objects: { type: 'string', default: '600' },
    bytes: { type: 'string', default: '1000' },
    difficulty: { type: 'string', default: '10' },
    file: { type: 'string' },
    receiver: { type: 'string', multiple: true, default: [] },
    receive: { type: 'string' },
  },
});

const difficulty = Number(values.difficulty);

if (values.receive !== undefined) await receive(Number(values.receive));
else await compare();

async function compare(): Promise<void> {
  const count = Number(values.objects);
  const objects = benchObjects({ count, bytes: Number(values.bytes), difficulty, file: values.file });
  const receivers = [
    {
      name: 'postern',
      start: (port: number) =>
        fork(fileURLToPath(import.meta.url), ['--receive', String(port), '--difficulty', String(difficulty)], { stdio: 'inherit' }),
    },
    ...values.receiver.map((text) => {
      const [, name = '', command = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      // exec: the process that is measured is the node, not a shell around it.
      return {
        name,
        start: (port: number) => spawn('sh', ['-c', `exec ${command.replaceAll('{port}', String(port))}`], { stdio: 'ignore' }),
      };
    }),
  ];
  let ours: Result | undefined;
  for (const { name, start } of receivers) {
    const result = await measure(objects, start);
    ours ??= result;
    const perObject = ((result.cpuSeconds * 1000) / count).toFixed(3);
    const ratios =
      result === ours
        ? ''
        : `   ${(result.seconds / ours.seconds).toFixed(1)} x the time, ${(result.cpuSeconds / ours.cpuSeconds).toFixed(1)} x the processor time of postern`;
    console.log(
      `${name.padEnd(14)} ${result.seconds.toFixed(2).padStart(7)} s for ${result.served} objects after the handshake   ` +
        `${perObject} ms processor time per object   ${(result.peakBytes / 1e6).toFixed(0)} MB peak${ratios}`,
    );
  }
}

interface Result {
  readonly served: number;
  /** From the end of the version exchange to the last object that was asked for. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

async function measure(objects: ReadonlyMap<HashKey, Uint8Array>, start: (port: number) => ChildProcess): Promise<Result> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const child = start(address.port);
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  const deadline = AbortSignal.any([AbortSignal.timeout(LONGEST_RUN_MS), ended.signal]);
  try {
    const [socket] = (await once(server, 'connection', { signal: deadline })) as [Socket];
    const fetched = new Set<HashKey>();
    const { greetedAt, done } = serveObjects(socket, objects, fetched);
    // Who cannot remember all that is announced comes again for the rest.
    const all = new Promise<number>((resolve) => {
      void done.then(resolve);
      server.on('connection', (again: Socket) => void serveObjects(again, objects, fetched).done.then(resolve));
    });
    const greeted = await greetedAt;
    const before = processorSeconds(child.pid);
    const served = await Promise.race([all, once(deadline, 'abort').then(() => 0)]);
    const seconds = (performance.now() - greeted) / 1000;
    // What it fetched it still has to store and to look at.
    await untilAtRest(child.pid);
    const cpuSeconds = processorSeconds(child.pid) - before;
    return { served, seconds, cpuSeconds, peakBytes: peakMemory(child.pid) };
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    server.close();
  }
}

/** The node that is measured, in a process of its own: all of it, with its store on the disk, but without identities. */
async function receive(port: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-sync-'));
  const path = join(directory, 'node.sqlite');
  const database = new Database(path);
  const checkpointer = new Checkpointer(path, { database, clock: systemClock, log: silentLogger });
  checkpointer.start();
  const params = { ...MAINNET, minNonceTrialsPerByte: difficulty, minExtraBytes: difficulty };
  const node = createNode(
    // A real network has no peer that delivers without end; this one must not be slowed down.
    { network: { params, loopbackOnly: true, peers: [`127.0.0.1:${port}`] }, miningThreads: 1 },
    { database, clock: systemClock, log: silentLogger, listener: { deliver: async () => {}, outgoingChanged: async () => {} } },
  );
  await node.start();
  const meter = new LoopMeter();
  meter.start();
  await once(process, 'SIGTERM');
  const { objects, unprocessed } = node.status();
  const { clockMs, clock99Ms, processorMs } = meter.take();
  process.stderr.write(
    `  holds ${objects}, ${unprocessed} of them unprocessed; the main thread was busy for ${clockMs.toFixed(1)} ms at most, ${clock99Ms.toFixed(1)} ms in 99 of 100 (${processorMs.toFixed(1)} ms of the processor at most)\n`,
  );
  await node.stop();
  await checkpointer.stop();
  database.close();
  rmSync(directory, { recursive: true });
  process.disconnect();
}
