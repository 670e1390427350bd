/**
 * A node among 40 peers for a long time: random objects and messages, cut connections, garbage and floods; at the end nothing may be
 * lost. Prints the node's memory after the warm-up and at the end, and its processor time while busy and while idle.
 *
 * node dist/bench/soak.js [--minutes 30]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/clock.js';
import { startNode } from '../test/support/nodes.js';
import { generator } from '../test/support/random.js';
import { SoakWorld } from '../test/support/soak-world.js';
import { processorSeconds } from './process-meter.js';

const PLAN = { relays: 33, hostile: 5, objectMs: 250, messageMs: 15_000, cutMs: 1_000, attackMs: 500 };
const SAMPLE_MS = 5_000;
/** Each minute. */
const SAMPLES_PER_LINE = 12;
const IDLE_MS = 20_000;
/** Of the whole: what was needed once is not growth. */
const WARM_UP = 0.3;

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' }, node: { type: 'boolean', default: false } } });

if (values.node) await beTheNode();
else await soak(Number(values.minutes) * 60_000);

async function beTheNode(): Promise<void> {
  const node = await startNode();
  process.send?.(node.port);
  await once(process, 'SIGTERM');
  await node.stop();
  process.disconnect();
}

async function soak(milliseconds: number): Promise<void> {
  const random = generator();
  const child = fork(fileURLToPath(import.meta.url), ['--node']);
  const [port] = (await once(child, 'message')) as [number];
  const world = new SoakWorld(port, PLAN, random);
  const samples: number[] = [];
  try {
    await world.start();
    const sampling = setInterval(() => {
      samples.push(residentBytes(child));
      if (samples.length % SAMPLES_PER_LINE === 0) console.log(lineOf(world, samples));
    }, SAMPLE_MS);
    const before = processorSeconds(child.pid);
    await world.run(milliseconds);
    const busy = ((processorSeconds(child.pid) - before) * 1000) / milliseconds;
    clearInterval(sampling);
    const lost = await world.settle().then(
      () => 'nothing lost',
      (error: Error) => `LOST: ${error.message}`,
    );
    const idleBefore = processorSeconds(child.pid);
    await systemClock.sleep(IDLE_MS);
    const idle = ((processorSeconds(child.pid) - idleBefore) * 1000) / IDLE_MS;
    const warm = samples.slice(Math.floor(samples.length * WARM_UP));
    const third = Math.ceil(warm.length / 3);
    const readTwice = world.readings().filter((count) => count !== 1).length;
    console.log(
      `seed ${random.seed}: ${world.objects} objects, ${world.messages} messages, ${world.cuts} cuts, ${world.attacks} attacks: ${lost}, ${readTwice} messages read twice`,
    );
    console.log(
      `memory: ${megabytes(median(warm.slice(0, third)))} MB after the warm-up, ${megabytes(median(warm.slice(-third)))} MB at the end, ${megabytes(Math.max(...samples))} MB at most`,
    );
    console.log(
      `processor: ${(busy * 100).toFixed(1)} % of a core while busy, ${(idle * 100).toFixed(1)} % idle with ${PLAN.relays + 2} peers`,
    );
  } finally {
    await world.stop();
    child.kill('SIGTERM');
  }
}

/** The curve, minute by minute. */
function lineOf(world: SoakWorld, samples: readonly number[]): string {
  const minute = samples.slice(-SAMPLES_PER_LINE);
  const times = `${world.objects} objects, ${world.messages} messages, ${world.cuts} cuts, ${world.attacks} attacks`;
  return `minute ${samples.length / SAMPLES_PER_LINE}: ${megabytes(median(minute))} MB, ${megabytes(Math.max(...minute))} MB at most; ${times}`;
}

function residentBytes({ pid }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
