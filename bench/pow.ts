/**
 * Trials per second of one core, for each engine, as a ratio to node:crypto and, with --pybitmessage DIR (the root of its
 * source), to PyBitmessage's C module, which is built in a temporary copy (needs make, g++, OpenSSL headers and python3).
 *
 * node dist/bench/pow.js [--pybitmessage DIR]
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Engine } from '../src/pow/engine.js';
import { ENGINES, openEngine } from '../src/pow/engines.js';
import { trialValue } from '../src/pow/target.js';

/** Interleaved, so that a noisy neighbour disturbs all alike; the median counts. */
const REPEATS = 7;
const SLICE_NONCES = 150_000;
/** node:crypto is slower; it gets a shorter slice for the same time. */
const BASELINE_NONCES = 15_000;
/** The C module runs until it finds a nonce, so it gets one that it finds after about this many. */
const C_MODULE_TRIALS = 1_000_000n;
const INITIAL_HASH = createHash('sha512').update('bench').digest();

const { values: options } = parseArgs({ options: { pybitmessage: { type: 'string' } } });
const speeds = new Map<string, number[]>();
const sample = (name: string, trialsPerSecond: number): unknown => speeds.set(name, [...(speeds.get(name) ?? []), trialsPerSecond]);

const engines = [...ENGINES.keys()].map(openEngine);
for (const engine of engines) speedOf(engine); // until it has its final machine code
const cModule = options.pybitmessage === undefined ? undefined : buildCModule(options.pybitmessage);
for (let repeat = 0; repeat < REPEATS; repeat++) {
  for (const engine of engines) sample(engine.name, speedOf(engine));
  if (cModule !== undefined) sample('pybitmessage', cModule.run());
}
cModule?.remove();

const medians = [...speeds].map(([name, values]) => ({ name, speed: values.sort((a, b) => a - b)[values.length >> 1]! }));
const baselines = medians.filter(({ name }) => name === 'crypto' || name === 'pybitmessage');
for (const { name, speed } of medians) {
  const ratios = baselines.map((baseline) => `${(speed / baseline.speed).toFixed(2)} x ${baseline.name}`);
  console.log(`${name.padEnd(14)} ${Math.round(speed).toLocaleString('en').padStart(12)} trials/s per core   ${ratios.join('   ')}`);
}

/** By processor time: on a busy machine that says more than the clock on the wall. */
function speedOf(engine: Engine): number {
  const nonces = engine.name === 'crypto' ? BASELINE_NONCES : SLICE_NONCES;
  engine.prepare(INITIAL_HASH, 0n);
  const before = process.cpuUsage();
  engine.search(0n, nonces);
  const { user, system } = process.cpuUsage(before);
  return (nonces * 1e6) / (user + system);
}

function buildCModule(source: string): { run: () => number; remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), 'bench-pow-'));
  cpSync(join(source, 'src', 'bitmsghash'), directory, { recursive: true });
  execFileSync('make', { cwd: directory, stdio: 'ignore' });
  const { target, nonce } = hardestAfter(C_MODULE_TRIALS);
  const script = `
import ctypes, os, resource
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # it starts a thread for each core it may use
mine = ctypes.CDLL('./bitmsghash.so').BitmessagePOW
mine.restype = ctypes.c_ulonglong
before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
nonce = mine((ctypes.c_char * 64).from_buffer_copy(bytes.fromhex('${INITIAL_HASH.toString('hex')}')), ctypes.c_ulonglong(${target + 1n}))
print('\\n', nonce, resource.getrusage(resource.RUSAGE_SELF).ru_utime - before)`;
  return {
    run: () => {
      const words = execFileSync('python3', ['-c', script], { cwd: directory, encoding: 'utf8' }).trim().split(/\s+/);
      if (words.at(-2) !== `${nonce}`) throw new Error(`the C module found ${words.at(-2)} instead of ${nonce}`);
      return Number(nonce) / Number(words.at(-1));
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** A target that no nonce below `count` meets, and the first that does. */
function hardestAfter(count: bigint): { target: bigint; nonce: bigint } {
  const engine = openEngine('simd');
  for (let target = 2n ** 64n - 1n, from = 0n; ; ) {
    engine.prepare(INITIAL_HASH, target);
    const nonce = engine.search(from, 1_000_000_000)!;
    if (nonce >= count) return { target: trialValue(nonce, INITIAL_HASH), nonce };
    target = trialValue(nonce, INITIAL_HASH) - 1n;
    from = nonce + 1n;
  }
}
