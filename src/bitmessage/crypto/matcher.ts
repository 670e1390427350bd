/**
 * Trial decryption's first step for many keys at once: the shared secrets of one ephemeral public key with all our private keys.
 *
 * Only a matcher: whoever finds that a secret fits decrypts again with node:crypto. What the arithmetic takes in time depends on
 * the keys (how many digits they have), and is the same for every object: it does not tell which key fits, nor whether one does.
 */
import { instantiate, PAGE_BYTES } from '../../base/wasm-module.js';
import { isPrivateKey, PUBLIC_KEY_BYTES } from './keys.js';
import { FIELD_BYTES, LIMBS } from './matcher-field.js';
import {
  BETA_ADDRESS,
  JACOBIAN_ADDRESS,
  JACOBIAN_BYTES,
  type KernelExports,
  ONE_ADDRESS,
  POINT_BYTES,
  PRODUCTS_ADDRESS,
  writeMatcherKernel,
} from './matcher-kernel.js';
import { FIELD_PRIME, limbsToBytes, toLimbs } from './matcher-numbers.js';
import { type Plan, planProducts } from './matcher-plan.js';
import { BETA } from './matcher-scalars.js';

/** X of the public point times each private key, 32 bytes, in the order of the keys. Answers undefined when it is no point of the curve. */
export type Matcher = (publicPoint: Uint8Array) => Uint8Array[] | undefined;

/**
 * Prepares the computation for a set of keys: some milliseconds, so keep it as long as the keys stay.
 *
 * @throws RangeError when one of them is no private key
 */
export function createMatcher(privateKeys: readonly Uint8Array[]): Matcher {
  if (!privateKeys.every(isPrivateKey)) throw new RangeError('not a private key of secp256k1');
  if (privateKeys.length === 0) return () => [];
  const plan = planProducts(privateKeys.map(toNumber));
  const kernel = instantiate<KernelExports>((kernelBytes ??= writeMatcherKernel()));
  const layout = layOut(plan);
  kernel.memory.grow(Math.ceil(layout.bytes / PAGE_BYTES));
  const memory = new Int32Array(kernel.memory.buffer);
  memory.set(layout.lists, layout.listsAddress / 4);
  const write = (address: number, number: bigint): void => memory.set(toLimbs(number), address / 4);
  write(BETA_ADDRESS, BETA);
  write(ONE_ADDRESS, 1n);
  write(JACOBIAN_ADDRESS + 2 * FIELD_BYTES, 1n);
  return (publicPoint) => {
    const point = toPoint(publicPoint);
    if (point === undefined) return undefined;
    write(JACOBIAN_ADDRESS, point.x);
    write(JACOBIAN_ADDRESS + FIELD_BYTES, point.y);
    for (const run of layout.steps) run(kernel);
    return layout.results.map((address) => limbsToBytes(memory.subarray(address / 4, address / 4 + LIMBS)));
  };
}

/** y² = x³ + 7. */
export function isOnCurve({ x, y }: { x: bigint; y: bigint }): boolean {
  return x < FIELD_PRIME && y < FIELD_PRIME && (y * y - x * x * x - 7n) % FIELD_PRIME === 0n;
}

/** The same for every set of keys; written when first needed. */
let kernelBytes: Uint8Array | undefined;

interface Layout {
  /** The plan as calls into the WebAssembly, in their order. */
  readonly steps: readonly ((kernel: KernelExports) => void)[];
  readonly lists: Int32Array;
  readonly listsAddress: number;
  readonly results: readonly number[];
  readonly bytes: number;
}

/** Gives every point of the plan its address. */
function layOut({ powers, levels, slots, results }: Plan): Layout {
  const longest = Math.max(powers.length, ...levels.map(({ additions }) => additions.length));
  const pointsAddress = PRODUCTS_ADDRESS + longest * FIELD_BYTES;
  const listsAddress = pointsAddress + slots * POINT_BYTES;
  const point = (slot: number): number => pointsAddress + slot * POINT_BYTES;
  const lists: number[] = [];
  const steps: ((kernel: KernelExports) => void)[] = [];
  const addStep = (name: 'normalise' | 'add' | 'negate' | 'turn', entries: readonly (readonly number[])[]): void => {
    const address = listsAddress + 4 * lists.length;
    lists.push(...entries.flat());
    if (entries.length > 0) steps.push((kernel) => kernel[name](address, entries.length));
  };
  const doublings = Math.max(...powers.map(({ exponent }) => exponent));
  if (doublings > 0) steps.push((kernel) => kernel.double(doublings));
  addStep(
    'normalise',
    powers.map(({ exponent, slot }) => [JACOBIAN_ADDRESS + exponent * JACOBIAN_BYTES, point(slot)]),
  );
  for (const { additions, negations, endomorphisms } of levels) {
    addStep(
      'add',
      additions.map(({ left, right, sum }) => [point(left), point(right), point(sum)]),
    );
    addStep(
      'negate',
      negations.map(({ from, to }) => [point(from), point(to)]),
    );
    addStep(
      'turn',
      endomorphisms.map(({ from, to }) => [point(from), point(to)]),
    );
  }
  return { steps, lists: Int32Array.from(lists), listsAddress, results: results.map(point), bytes: listsAddress + 4 * lists.length };
}

function toPoint(publicPoint: Uint8Array): { x: bigint; y: bigint } | undefined {
  if (publicPoint.length !== PUBLIC_KEY_BYTES) return undefined;
  const half = PUBLIC_KEY_BYTES / 2;
  const point = { x: toNumber(publicPoint.subarray(0, half)), y: toNumber(publicPoint.subarray(half)) };
  return isOnCurve(point) ? point : undefined;
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`);
}
