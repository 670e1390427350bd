/** The engines there are, and which of them is the fastest on this machine. */
import { createHash } from 'node:crypto';
import type { Engine } from './engine.js';
import { cryptoEngine } from './engine-crypto.js';
import { trialValue } from './target.js';

export interface Measured {
  readonly engine: string;
  /** Of one thread. */
  readonly trialsPerSecond: number;
}

/** Each engine by its name. Opening one throws where this machine or this Node lacks what it needs. */
export const ENGINES: ReadonlyMap<string, () => Engine> = new Map([['crypto', cryptoEngine]]);

/** Opens an engine. @throws when there is none of that name, or it does not run here */
export function openEngine(name: string): Engine {
  const open = ENGINES.get(name);
  if (open === undefined) throw new Error(`no proof-of-work engine "${name}"`);
  return open();
}

/** Measures every engine that runs here for some milliseconds, and answers the fastest. */
export function fastestEngine(): Measured {
  let best: Measured = { engine: 'crypto', trialsPerSecond: 0 };
  for (const name of ENGINES.keys()) {
    const measured = measure(name);
    if (measured !== null && measured.trialsPerSecond > best.trialsPerSecond) best = measured;
  }
  return best;
}

/** Long enough for the clock and short enough to go unnoticed at start. */
const MEASURE_MS = 8;
const MEASURE_NONCES = 256;

/** Null when the engine does not run here, or does not compute what node:crypto computes. */
export function measure(name: string): Measured | null {
  let engine: Engine;
  try {
    engine = openEngine(name);
  } catch {
    return null;
  }
  if (!isCorrect(engine)) return null;
  engine.prepare(SAMPLE_HASH, 0n);
  let best = 0;
  for (const end = performance.now() + MEASURE_MS; performance.now() < end; ) {
    const before = performance.now();
    engine.search(0n, MEASURE_NONCES);
    best = Math.max(best, MEASURE_NONCES / ((performance.now() - before) / 1000));
  }
  return { engine: name, trialsPerSecond: best };
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
