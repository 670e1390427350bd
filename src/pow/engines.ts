/** The engines there are, and which of them is the fastest on this machine. */
import { createHash } from 'node:crypto';
import type { Engine } from './engine.js';
import { cryptoEngine } from './engine-crypto.js';
import { wasmEngine } from './engine-wasm.js';
import type { KernelShape } from './kernel.js';
import { trialValue } from './target.js';

export interface Measured {
  readonly engine: string;
  /** Of one thread. */
  readonly trialsPerSecond: number;
}

/** Which of these wins depends on the processor, and on how well this Node compiles for it. */
const KERNELS: Record<string, KernelShape> = {
  scalar: { scalarStreams: 1, simdStreams: 0, straightRounds: 32 },
  simd: { scalarStreams: 0, simdStreams: 1, straightRounds: 32 },
  'simd-compact': { scalarStreams: 0, simdStreams: 1, straightRounds: 16 },
  hybrid: { scalarStreams: 1, simdStreams: 1, straightRounds: 16 },
};

/** Each engine by its name. Opening one throws where this machine or this Node lacks what it needs. */
export const ENGINES: ReadonlyMap<string, () => Engine> = new Map<string, () => Engine>([
  ...Object.entries(KERNELS).map(([name, shape]) => [name, () => wasmEngine(name, shape)] as const),
  ['crypto', cryptoEngine],
]);

/** Opens an engine. @throws when there is none of that name, or it does not run here */
export function openEngine(name: string): Engine {
  const open = ENGINES.get(name);
  if (open === undefined) throw new Error(`no proof-of-work engine "${name}"`);
  return open();
}

/**
 * Measures in turn, for some milliseconds each time, every kernel that runs here, and answers the fastest.
 *
 * The best of many turns counts: WebAssembly begins with quickly compiled code and gets its final form while it runs.
 */
export function fastestEngine(): Measured {
  const kernels = Object.keys(KERNELS)
    .map(openIfCorrect)
    .filter((engine) => engine !== null);
  const engines = kernels.length > 0 ? kernels : [cryptoEngine()];
  const best = new Map(engines.map((engine) => [engine, 0]));
  for (const engine of engines) engine.prepare(SAMPLE_HASH, 0n);
  for (let turn = 0; turn < MEASURE_TURNS; turn++) {
    for (const engine of engines) best.set(engine, Math.max(best.get(engine)!, speedOf(engine)));
  }
  const [engine, trialsPerSecond] = [...best].reduce((a, b) => (b[1] > a[1] ? b : a));
  return { engine: engine.name, trialsPerSecond };
}

/** Four kernels take about 100 ms together; the optimising compiler is done with them after some 30. */
const MEASURE_TURNS = 12;
const MEASURE_MS = 2;
const MEASURE_NONCES = 500;

function speedOf(engine: Engine): number {
  const startMs = performance.now();
  let trials = 0;
  do {
    engine.search(BigInt(trials), MEASURE_NONCES);
    trials += MEASURE_NONCES;
  } while (performance.now() - startMs < MEASURE_MS);
  return (trials * 1000) / (performance.now() - startMs);
}

/** Null when the engine does not run here, or does not compute what node:crypto computes. */
function openIfCorrect(name: string): Engine | null {
  try {
    const engine = openEngine(name);
    return isCorrect(engine) ? engine : null;
  } catch {
    return null;
  }
}

const SAMPLE_HASH: Uint8Array = createHash('sha512').update('a sample').digest();
const SAMPLE_NONCES = 8;

/** Whether the engine finds each of some nonces where its trial value is exactly the target, and not where it is above. */
function isCorrect(engine: Engine): boolean {
  return Array.from({ length: SAMPLE_NONCES }, (_, index) => BigInt(index)).every((nonce) => {
    const value = trialValue(nonce, SAMPLE_HASH);
    engine.prepare(SAMPLE_HASH, value);
    const found = engine.search(nonce, 1);
    engine.prepare(SAMPLE_HASH, value - 1n);
    return found === nonce && engine.search(nonce, 1) !== nonce;
  });
}
