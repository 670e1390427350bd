/**
 * Trial decryption of one object that is for none of K keys, in microseconds for each key, by the key set (matcher.ts) and by
 * node's createECDH, key by key, with the same hash and MAC; and the ratio of the two. The key set looks at the first cipher block of
 * long objects before it computes a MAC.
 *
 * node dist/bench/open.js
 */
import { createECDH, createHash, createHmac } from 'node:crypto';
import { encrypt, readEciesBlock } from '../src/bitmessage/crypto/ecies.js';
import { randomPrivateKey } from '../src/bitmessage/crypto/key-search.js';
import { createKeySet } from '../src/bitmessage/crypto/key-set.js';
import { publicKeyOf, withPrefix } from '../src/bitmessage/crypto/keys.js';

const KEY_COUNTS = [1, 5, 20, 100];
const OBJECT_BYTES = [500, 1_500, 20_000, 200_000];
/** Interleaved, so that a noisy neighbour disturbs both alike; the median counts. */
const REPEATS = 5;
/** Pairs of object and key in each repeat; node takes about a millisecond for one. */
const KEY_SET_PAIRS = 1_000;
const NODE_PAIRS = 30;

for (const bytes of OBJECT_BYTES) {
  const block = readEciesBlock(encrypt(new Uint8Array(bytes), publicKeyOf(randomPrivateKey())));
  const encoded = withPrefix(block.ephemeralKey);
  for (const count of KEY_COUNTS) {
    const privateKeys = Array.from({ length: count }, randomPrivateKey);
    const before = process.cpuUsage();
    const keySet = createKeySet(privateKeys);
    const preparing = sum(process.cpuUsage(before)) / 1000;
    const pairs = privateKeys.slice(0, NODE_PAIRS).map((privateKey) => {
      const pair = createECDH('secp256k1');
      pair.setPrivateKey(privateKey);
      return pair;
    });
    const openOnce = (): unknown => keySet.decrypt(block);
    const openOneByOne = (): unknown =>
      pairs.map((pair) => {
        const keys = createHash('sha512').update(pair.computeSecret(encoded)).digest();
        return createHmac('sha256', keys.subarray(32)).update(block.authenticated).digest().equals(block.mac);
      });
    const keySetRuns = Math.ceil(KEY_SET_PAIRS / count);
    const nodeRuns = Math.ceil(NODE_PAIRS / pairs.length);
    microseconds(openOnce, keySetRuns); // until it has its final machine code
    const samples = Array.from({ length: REPEATS }, () => ({
      keySet: microseconds(openOnce, keySetRuns) / count,
      node: microseconds(openOneByOne, nodeRuns) / pairs.length,
    }));
    const [ours, theirs] = [median(samples.map((sample) => sample.keySet)), median(samples.map((sample) => sample.node))];
    console.log(
      `${String(bytes).padStart(6)} bytes   K = ${String(count).padStart(3)}   key set ${ours.toFixed(1).padStart(6)} us a key (made in ${preparing.toFixed(0)} ms)   ` +
        `createECDH ${theirs.toFixed(1).padStart(6)} us a key   ${(theirs / ours).toFixed(1)} x createECDH`,
    );
  }
}

/** Processor time of one run: on a busy machine that says more than the clock on the wall. */
function microseconds(work: () => unknown, runs: number): number {
  const before = process.cpuUsage();
  for (let run = 0; run < runs; run++) work();
  return sum(process.cpuUsage(before)) / runs;
}

function sum({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
