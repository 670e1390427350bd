/**
 * Trial decryption's shared secrets: one public point with K private keys, by the matcher and by node's createECDH (one by one),
 * in microseconds for each key, and the ratio of the two.
 *
 * node dist/bench/matcher.js
 */
import { createECDH } from 'node:crypto';
import { createMatcher } from '../src/bitmessage/crypto/matcher.js';

const KEY_COUNTS = [1, 5, 20, 100];
/** Interleaved, so that a noisy neighbour disturbs both alike; the median counts. */
const REPEATS = 7;
/** For each repeat; node takes about a millisecond for one. */
const MATCHER_KEYS = 2_000;
const NODE_KEYS = 60;

for (const count of KEY_COUNTS) {
  const pairs = Array.from({ length: count }, () => {
    const pair = createECDH('secp256k1');
    pair.generateKeys();
    return pair;
  });
  const other = createECDH('secp256k1');
  const encoded = other.generateKeys();
  const point = new Uint8Array(encoded.subarray(1));
  const match = createMatcher(pairs.map((pair) => new Uint8Array(Buffer.from(pair.getPrivateKey('hex').padStart(64, '0'), 'hex'))));
  const matchOnce = (): unknown => match(point);
  const computeAll = (): unknown => pairs.slice(0, NODE_KEYS).map((pair) => pair.computeSecret(encoded));
  const matcherRuns = Math.ceil(MATCHER_KEYS / count);
  const nodeRuns = Math.ceil(NODE_KEYS / Math.min(count, NODE_KEYS));
  for (let run = 0; run < matcherRuns; run++) matchOnce(); // until it has its final machine code
  const samples = Array.from({ length: REPEATS }, () => ({
    matcher: microseconds(matchOnce, matcherRuns) / count,
    node: microseconds(computeAll, nodeRuns) / Math.min(count, NODE_KEYS),
  }));
  const matcher = median(samples.map((sample) => sample.matcher));
  const node = median(samples.map((sample) => sample.node));
  console.log(
    `K = ${String(count).padStart(3)}   matcher ${matcher.toFixed(1).padStart(6)} us a key   createECDH ${node.toFixed(1).padStart(6)} us a key   ${(node / matcher).toFixed(1)} x createECDH`,
  );
}

/** Processor time of one run: on a busy machine that says more than the clock on the wall. */
function microseconds(work: () => unknown, runs: number): number {
  const before = process.cpuUsage();
  for (let run = 0; run < runs; run++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
