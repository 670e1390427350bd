/**
 * How long a node needs to fetch many objects from one peer on loopback, and what it costs: time, processor time per
 * object, peak memory. Other nodes can run beside it, each started with a shell command in which {port} is the peer's.
 *
 * node dist/bench/sync.js [--objects 600] [--bytes 1500] [--receiver "name=command --connect 127.0.0.1:{port}"]...
 *
 * The objects carry the work of a test network, 10 trials per byte, so that a PyBitmessage with lowered difficulty takes them.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/clock.js';
import { silentLogger } from '../src/base/log.js';
import { inventoryHash } from '../src/bitmessage/crypto/hash.js';
import { Inventory } from '../src/bitmessage/inventory/inventory.js';
import { Network } from '../src/bitmessage/network/network.js';
import { encodePacket, PacketReader } from '../src/bitmessage/wire/frame.js';
import { decodeInv, encodeInv, type HashKey, hashKey } from '../src/bitmessage/wire/inv.js';
import { encodeVersion } from '../src/bitmessage/wire/messages.js';
import { objectBody, withNonce } from '../src/bitmessage/wire/object.js';
import { MAINNET } from '../src/bitmessage/wire/params.js';
import { openEngine } from '../src/pow/engines.js';
import { initialHash, target } from '../src/pow/target.js';
import { Database } from '../src/store/database.js';
import { InventoryStore } from '../src/store/node/inventory.js';
import { PeerStore } from '../src/store/node/peers.js';

const DIFFICULTY = { nonceTrialsPerByte: 10, extraBytes: 10 };
const TTL_SECONDS = 3600;
/** /proc/PID/stat counts in these. */
const CLOCK_TICKS_PER_SECOND = 100;
const INV_COUNT = 10_000;
const LONGEST_RUN_MS = 300_000;

const { values } = parseArgs({
  options: {
    objects: { type: 'string', default: '600' },
    bytes: { type: 'string', default: '1500' },
    receiver: { type: 'string', multiple: true, default: [] },
    receive: { type: 'string' },
  },
});

if (values.receive !== undefined) await receive(Number(values.receive));
else await compare();

async function compare(): Promise<void> {
  const count = Number(values.objects);
  process.stderr.write(`making ${count} objects\n`);
  const objects = makeObjects(count, Number(values.bytes));
  const receivers = [
    { name: 'postern', start: (port: number) => fork(fileURLToPath(import.meta.url), ['--receive', String(port)], { stdio: 'inherit' }) },
    ...values.receiver.map((text) => {
      const [, name = '', command = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      // exec: the process that is measured is the node, not a shell around it.
      return {
        name,
        start: (port: number) => spawn('sh', ['-c', `exec ${command.replaceAll('{port}', String(port))}`], { stdio: 'ignore' }),
      };
    }),
  ];
  for (const { name, start } of receivers) {
    const result = await measure(objects, start);
    const perObject = ((result.cpuSeconds * 1000) / count).toFixed(3);
    console.log(
      `${name.padEnd(14)} ${result.seconds.toFixed(2).padStart(7)} s for ${result.served} objects after the handshake   ` +
        `${perObject} ms processor time per object   ${(result.peakBytes / 1e6).toFixed(0)} MB peak`,
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
  const deadline = AbortSignal.timeout(LONGEST_RUN_MS);
  try {
    const [socket] = (await once(server, 'connection', { signal: deadline })) as [Socket];
    const { greetedAt, done } = serve(socket, objects);
    const greeted = await greetedAt;
    const before = processorSeconds(child.pid);
    const served = await Promise.race([done, once(deadline, 'abort').then(() => 0)]);
    const seconds = (performance.now() - greeted) / 1000;
    // What it fetched it still has to store: a moment later that is done, too.
    await systemClock.sleep(1000);
    const cpuSeconds = processorSeconds(child.pid) - before;
    return { served, seconds, cpuSeconds, peakBytes: peakMemory(child.pid) };
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    server.close();
  }
}

/** A peer that has everything and is never busy. */
function serve(socket: Socket, objects: ReadonlyMap<HashKey, Uint8Array>): { greetedAt: Promise<number>; done: Promise<number> } {
  const reader = new PacketReader(MAINNET.magic);
  const send = (command: string, payload: Uint8Array = new Uint8Array(0)): unknown =>
    socket.write(encodePacket(MAINNET.magic, command, payload));
  const served = new Set<HashKey>();
  let greeted: (at: number) => void = () => {};
  let finished: (count: number) => void = () => {};
  const greetedAt = new Promise<number>((resolve) => (greeted = resolve));
  const done = new Promise<number>((resolve) => (finished = resolve));
  socket.on('error', () => finished(served.size));
  socket.on('data', (chunk) => {
    reader.push(chunk);
    for (let packet = reader.next(); packet !== undefined; packet = reader.next()) {
      if (packet.command === 'version') {
        const self = { services: 1n, host: '127.0.0.1', port: 8444 };
        const nonce = crypto.getRandomValues(new Uint8Array(8));
        send('verack');
        const timestamp = BigInt(systemClock.now());
        send(
          'version',
          encodeVersion({
            protocolVersion: 3,
            services: 1n,
            timestamp,
            addrRecv: self,
            addrFrom: self,
            nonce,
            userAgent: '/bench:1/',
            streams: [1n],
          }),
        );
      } else if (packet.command === 'verack') {
        greeted(performance.now());
        const keys = [...objects.keys()];
        for (let first = 0; first < keys.length; first += INV_COUNT) send('inv', encodeInv(keys.slice(first, first + INV_COUNT)));
      } else if (packet.command === 'ping') send('pong');
      else if (packet.command === 'getdata') {
        for (const key of decodeInv(packet.payload)) {
          const object = objects.get(key);
          if (object === undefined) continue;
          send('object', object);
          served.add(key);
        }
        if (served.size === objects.size) finished(served.size);
      }
    }
  });
  return { greetedAt, done };
}

/** The node that is measured, in a process of its own. */
async function receive(port: number): Promise<void> {
  const database = new Database(':memory:');
  const inventory = new Inventory(new InventoryStore(database), systemClock);
  const params = { ...MAINNET, minNonceTrialsPerByte: DIFFICULTY.nonceTrialsPerByte, minExtraBytes: DIFFICULTY.extraBytes };
  // Nobody processes the objects here, so they would pile up to the limit.
  const network = new Network(
    { params, loopbackOnly: true, peers: [`127.0.0.1:${port}`], limits: { unprocessedBytes: Number.MAX_SAFE_INTEGER } },
    { inventory, peers: new PeerStore(database), clock: systemClock, log: silentLogger },
  );
  await network.start();
  await once(process, 'SIGTERM');
  await network.stop();
  process.stderr.write(`  the inventory holds ${inventory.count()}\n`);
  database.close();
  process.disconnect();
}

function makeObjects(count: number, length: number): Map<HashKey, Uint8Array> {
  const engine = openEngine('scalar');
  const objects = new Map<HashKey, Uint8Array>();
  const fields = { expiresAt: systemClock.now() + TTL_SECONDS, type: 2, version: 1n, stream: 1n };
  for (let made = 0; made < count; made++) {
    const body = objectBody(fields, crypto.getRandomValues(new Uint8Array(length)));
    engine.prepare(initialHash(body), target({ lengthBytes: body.length + 8, ttlSeconds: TTL_SECONDS, ...DIFFICULTY }));
    let nonce: bigint | null = null;
    for (let first = 0n; nonce === null; first += 100_000n) nonce = engine.search(first, 100_000);
    const object = withNonce(nonce, body);
    objects.set(hashKey(inventoryHash(object)), object);
  }
  return objects;
}

function processorSeconds(pid: number | undefined): number {
  // Fields 14 and 15, counted after the command's closing parenthesis: user and system time.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}

function peakMemory(pid: number | undefined): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}
