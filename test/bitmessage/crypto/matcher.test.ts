import assert from 'node:assert/strict';
import { createECDH, createHash, type ECDH, randomInt } from 'node:crypto';
import { CURVE_ORDER } from '../../../src/bitmessage/crypto/keys.js';
import { createMatcher, isOnCurve } from '../../../src/bitmessage/crypto/matcher.js';
import { FIELD_PRIME, limbsToBytes, toLimbs } from '../../../src/bitmessage/crypto/matcher-numbers.js';
import { planProducts } from '../../../src/bitmessage/crypto/matcher-plan.js';
import { LAMBDA, signedDigits, splitScalar } from '../../../src/bitmessage/crypto/matcher-scalars.js';

const seed = randomInt(2 ** 32);

/** Random, but the same for the same seed. */
function scalar(label: string): bigint {
  const bytes = createHash('sha512').update(`${seed} ${label}`).digest('hex');
  return (BigInt(`0x${bytes}`) % (CURVE_ORDER - 1n)) + 1n;
}

function toBytes(number: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(number.toString(16).padStart(64, '0'), 'hex'));
}

function keyPair(privateKey: bigint): ECDH {
  const pair = createECDH('secp256k1');
  pair.setPrivateKey(toBytes(privateKey));
  return pair;
}

function pointOf(privateKey: bigint): Uint8Array {
  return new Uint8Array(keyPair(privateKey).getPublicKey().subarray(1));
}

function assertMatches(privateKeys: readonly bigint[], publicPoints: readonly Uint8Array[]): void {
  const match = createMatcher(privateKeys.map(toBytes));
  const pairs = privateKeys.map(keyPair);
  for (const publicPoint of publicPoints) {
    const encoded = Buffer.concat([Uint8Array.of(4), publicPoint]);
    const expected = pairs.map((pair) => pair.computeSecret(encoded).toString('hex'));
    const actual = match(publicPoint)?.map((secret) => Buffer.from(secret).toString('hex'));
    assert.deepEqual(actual, expected, `point ${Buffer.from(publicPoint).toString('hex')}`);
  }
}

/** Two short vectors of the lattice that GLV divides scalars in; their neighbourhood is where digits and halves are extreme. */
const SHORT = [0x3086d221a7d46bcde86c90e49284eb15n, 0xe4437ed6010e88286f547fa90abfe4c3n, 0x114ca50f7a8e2f3f657c1108d9d44cfd8n];

const EDGES: [string, bigint[]][] = [
  ['the smallest', [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n]],
  ['the greatest', [1n, 2n, 3n, 4n, 5n].map((less) => CURVE_ORDER - less)],
  ['around the half', [-1n, 0n, 1n, 2n].map((more) => CURVE_ORDER / 2n + more)],
  ['powers of 2', Array.from({ length: 256 }, (_, exponent) => 1n << BigInt(exponent))],
  ['powers of 2, less 1', Array.from({ length: 255 }, (_, exponent) => (2n << BigInt(exponent)) - 1n)],
  ['around λ', [-2n, -1n, 0n, 1n, 2n].map((more) => LAMBDA + more)],
  ['multiples of λ', [2n, 3n, 7n, 16n, CURVE_ORDER - 1n, CURVE_ORDER - 2n].map((factor) => (factor * LAMBDA) % CURVE_ORDER)],
  [
    'around short vectors and their multiples by λ',
    SHORT.flatMap((x) => [x, 2n * x, x * LAMBDA, 2n * x * LAMBDA, x / 2n, (x / 2n) * LAMBDA])
      .flatMap((x) => [x - 1n, x, x + 1n, -x])
      .map((x) => ((x % CURVE_ORDER) + CURVE_ORDER) % CURVE_ORDER),
  ],
  ['the same twice, and its negative', [12_345n, 12_345n, CURVE_ORDER - 12_345n]],
];

describe('matcher', () => {
  const points = ['a', 'b', 'c'].map((label) => pointOf(scalar(`point ${label}`)));

  for (const count of [1, 2, 3, 5, 20, 70]) {
    it(`answers for ${count} random keys what node:crypto does (seed ${seed})`, () =>
      assertMatches(
        Array.from({ length: count }, (_, index) => scalar(`key ${count} ${index}`)),
        points,
      ));
  }

  for (const [name, keys] of EDGES) {
    it(`answers for ${name}, together and alone`, () => {
      assertMatches(keys, points.slice(0, 1));
      for (const key of keys.slice(0, 4)) assertMatches([key], points.slice(0, 1));
    });
  }

  it('answers for points of small and of great multiples of the generator', () => {
    const publicPoints = [1n, 2n, 3n, 4n, 1000n, CURVE_ORDER - 1n, CURVE_ORDER - 2n, LAMBDA, 1n << 255n].map(pointOf);
    assertMatches([1n, 2n, CURVE_ORDER - 1n, LAMBDA, ...['x', 'y', 'z'].map(scalar)], publicPoints);
  });

  it('answers for a point with leading zero bytes in X', () => {
    let multiple = 1n;
    while (pointOf(multiple)[0] !== 0) multiple++;
    assertMatches(['x', 'y', 'z'].map(scalar), [pointOf(multiple)]);
  });

  it('pads a secret with leading zero bytes', () => {
    let key = 1n;
    while (keyPair(key).computeSecret(Buffer.concat([Uint8Array.of(4), points[0]!]))[0] !== 0) key++;
    assertMatches([key], points.slice(0, 1));
  });

  it('answers nothing for no keys', () => assert.deepEqual(createMatcher([])(points[0]!), []));

  for (const [name, key] of [
    ['0', new Uint8Array(32)],
    ['the order', toBytes(CURVE_ORDER)],
    ['31 bytes', new Uint8Array(31).fill(1)],
  ] as const)
    it(`refuses ${name} as a private key`, () => assert.throws(() => createMatcher([toBytes(1n), key]), RangeError));

  for (const [name, point] of [
    ['a point beside the curve', new Uint8Array(64).fill(7)],
    ['zeros', new Uint8Array(64)],
    ['too few bytes', new Uint8Array(63)],
    ['no bytes', new Uint8Array(0)],
    ['coordinates beyond the prime', Uint8Array.from([...new Uint8Array(64).fill(0xff)])],
  ] as const)
    it(`answers undefined for ${name}`, () => assert.equal(createMatcher([toBytes(5n)])(point), undefined));

  it('knows the points of the curve', () => {
    const x = BigInt(`0x${Buffer.from(points[0]!.subarray(0, 32)).toString('hex')}`);
    const y = BigInt(`0x${Buffer.from(points[0]!.subarray(32)).toString('hex')}`);
    assert.equal(isOnCurve({ x, y }), true);
    assert.equal(isOnCurve({ x, y: FIELD_PRIME - y }), true);
    assert.equal(isOnCurve({ x, y: y + 1n }), false);
    assert.equal(isOnCurve({ x: x + FIELD_PRIME, y }), false);
  });
});

describe('matcher scalars', () => {
  const all = [...EDGES.flatMap(([, keys]) => keys), ...Array.from({ length: 500 }, (_, index) => scalar(`split ${index}`))];

  it(`splits into halves of 128 bits that make the scalar again (seed ${seed})`, () => {
    for (const key of all) {
      const { plain, timesLambda } = splitScalar(key);
      assert.equal((((plain + timesLambda * LAMBDA - key) % CURVE_ORDER) + CURVE_ORDER) % CURVE_ORDER, 0n);
      for (const half of [plain, timesLambda]) assert.ok(half < 2n ** 128n && half > -(2n ** 128n), `${key}`);
    }
  });

  for (const bits of [2, 3, 4, 5, 6, 7, 8]) {
    it(`writes scalars in digits of ${bits} bits`, () => {
      for (const key of [0n, ...all, ...all.map((each) => -each)]) {
        const digits = signedDigits(key, bits);
        assert.equal(
          digits.reduceRight((sum, digit) => sum * 2n ** BigInt(bits) + BigInt(digit), 0n),
          key,
        );
        assert.ok(digits.every((digit) => Math.abs(digit) <= 2 ** (bits - 1)));
      }
    });
  }
});

describe('matcher plan', () => {
  it('costs less for each key the more keys there are', () => {
    const additionsPerKey = [1, 5, 20, 100].map((count) => {
      const { levels } = planProducts(Array.from({ length: count }, (_, index) => scalar(`plan ${index}`)));
      return levels.reduce((sum, { additions }) => sum + additions.length, 0) / count;
    });
    assert.deepEqual(
      additionsPerKey,
      [...additionsPerKey].sort((a, b) => b - a),
    );
  });
});

describe('matcher numbers', () => {
  const numbers = [0n, 1n, 2n ** 29n, FIELD_PRIME - 1n, 2n ** 255n, 2n ** 232n - 1n];
  for (const number of numbers) {
    it(`brings ${number.toString(16)} and what equals it into one form`, () => {
      const expected = toBytes(number);
      const limbs = toLimbs(number);
      assert.deepEqual(limbsToBytes(Int32Array.from(limbs)), expected);
      // The same plus and minus the prime, limb by limb.
      const prime = toLimbs(FIELD_PRIME);
      for (const times of [-1, 1]) {
        assert.deepEqual(limbsToBytes(Int32Array.from(limbs.map((limb, index) => limb + times * prime[index]!))), expected);
      }
    });
  }

  it('takes limbs as large as they come out of the WebAssembly, and negative ones', () => {
    for (const limb of [2 ** 29 + 2 ** 13, -(2 ** 29), -(2 ** 13)]) {
      const limbs = new Int32Array(9).fill(limb);
      const value = limbs.reduce((sum, each, index) => sum + (BigInt(each) << BigInt(29 * index)), 0n);
      assert.deepEqual(limbsToBytes(limbs), toBytes(((value % FIELD_PRIME) + FIELD_PRIME) % FIELD_PRIME));
    }
  });
});
