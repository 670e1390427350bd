/** Writes the matcher's WebAssembly: points of secp256k1, many at a time, so that they share what is costly, the inversions. */
import type { Code, FunctionRef, Local } from '../../base/wasm-module.js';
import { call, get, i32, ModuleWriter, repeatWhile, set } from '../../base/wasm-module.js';
import { FIELD_BYTES, type FieldFunctions, writeFieldFunctions } from './matcher-field.js';

/** Lists are addresses, 32 bits each. A count is at least 1 everywhere. */
export interface KernelExports {
  /** From the point at JACOBIAN (X, Y, 1) its next `count` doublings, one behind the other. */
  readonly double: (count: number) => void;
  /** For each pair: the affine form of the first, a Jacobian point, to the second. */
  readonly normalise: (list: number, count: number) => void;
  /** For each three: the sum of two points to the third, which is neither of them. */
  readonly add: (list: number, count: number) => void;
  /** For each pair: the negative of the first to the second. */
  readonly negate: (list: number, count: number) => void;
  /** For each pair: λ times the first to the second. */
  readonly turn: (list: number, count: number) => void;
}

/** An affine point: x, then y. A Jacobian one has Z behind them. */
export const POINT_BYTES = 2 * FIELD_BYTES;
export const JACOBIAN_BYTES = 3 * FIELD_BYTES;

/** Where the owner writes β before anything else. */
export const BETA_ADDRESS = 0;
const accumulator = FIELD_BYTES;
const inverse = 2 * FIELD_BYTES;
const slope = 3 * FIELD_BYTES;
const temporaries = Array.from({ length: 4 }, (_, index) => (4 + index) * FIELD_BYTES);
const powersOfInversion = 8 * FIELD_BYTES;
/** The doublings; an exponent of a scalar has 257 bits at most, with a carry. */
export const JACOBIAN_ADDRESS = 1024;
const MAX_DOUBLINGS = 264;
/** Where the owner writes 1: it stands before the first of the products below as if it were one of them. */
export const ONE_ADDRESS = JACOBIAN_ADDRESS + (MAX_DOUBLINGS + 1) * JACOBIAN_BYTES;
/** Products of the denominators so far, one for each entry of a list; the owner leaves as much room as its longest list needs. */
export const PRODUCTS_ADDRESS = ONE_ADDRESS + FIELD_BYTES;

export function writeMatcherKernel(): Uint8Array<ArrayBuffer> {
  const module = new ModuleWriter(1);
  const field = writeFieldFunctions(module);
  const invert = writeInversion(module, field);
  writeDoubling(module, field);
  writeNormalisation(module, field, invert);
  writeAddition(module, field, invert);
  writeNegation(module);
  writeEndomorphism(module, field);
  return module.toBytes();
}

const WORD_BYTES = 4;
const address = (value: number): Code => i32.const(value);
const plus = (local: Local, offset: number): Code => i32.add(get(local), i32.const(offset));
const step = (local: Local, bytes: number): Code => set(local, plus(local, bytes));
/** Y of a point given by the address of its X. */
const yOf = (x: Code): Code => i32.add(x, i32.const(FIELD_BYTES));
const zOf = (x: Code): Code => i32.add(x, i32.const(2 * FIELD_BYTES));
const entryAt = (list: Local, index: number): Code => i32.load(get(list), WORD_BYTES * index);

/**
 * a^(p - 2), by squarings and 15 multiplications. `x<n>` is a to the power of 2^n - 1.
 *
 * p - 2 in bits: 223 ones, a zero, 22 ones, 0000 1 011 01.
 */
const INVERSION_STEPS: readonly (readonly [target: string, base: string, squarings: number, factor: string])[] = [
  ['x2', 'a', 1, 'a'],
  ['x3', 'x2', 1, 'a'],
  ['x6', 'x3', 3, 'x3'],
  ['x9', 'x6', 3, 'x3'],
  ['x11', 'x9', 2, 'x2'],
  ['x22', 'x11', 11, 'x11'],
  ['x44', 'x22', 22, 'x22'],
  ['x88', 'x44', 44, 'x44'],
  ['x176', 'x88', 88, 'x88'],
  ['x220', 'x176', 44, 'x44'],
  ['x223', 'x220', 3, 'x3'],
  ['t', 'x223', 23, 'x22'],
  ['t', 't', 5, 'a'],
  ['t', 't', 3, 'x2'],
  ['t', 't', 2, 'a'],
];

/** Inverts the number at the second address to the first. The same operations for every number. */
function writeInversion(module: ModuleWriter, { multiply, square }: FieldFunctions): FunctionRef {
  const squarings = module.function(null, ['i32', 'i32', 'i32'], [], (writer, result, a, count) => {
    writer.add(repeatWhile([call(square, get(result), get(a)), set(a, get(result)), step(count, -1)], get(count)));
  });
  return module.function(null, ['i32', 'i32'], [], (writer, result, a) => {
    const names = [...new Set(INVERSION_STEPS.map(([target]) => target))];
    const place = (name: string): Code => (name === 'a' ? get(a) : address(powersOfInversion + FIELD_BYTES * names.indexOf(name)));
    const scratch = address(powersOfInversion + FIELD_BYTES * names.length);
    for (const [target, base, count, factor] of INVERSION_STEPS) {
      writer.add(call(squarings, scratch, place(base), i32.const(count)), call(multiply, place(target), scratch, place(factor)));
    }
    writer.add(...copyField(get(result), place('t')));
  });
}

/** dbl: M = 3X², S = 4XY²; X' = M² - 2S, Y' = M(S - X') - 8Y⁴, Z' = 2YZ. No point of this curve has Y = 0. */
function writeDoubling(module: ModuleWriter, field: FieldFunctions): void {
  module.function('double', ['i32'], [], (writer, count) => {
    const point = writer.local('i32');
    const doubled = writer.local('i32');
    const [m, g, s, t] = temporaries.map(address) as [Code, Code, Code, Code];
    writer.add(
      set(doubled, address(JACOBIAN_ADDRESS)),
      repeatWhile(
        [
          set(point, get(doubled)),
          step(doubled, JACOBIAN_BYTES),
          call(field.squareThrice, m, get(point)),
          call(field.squareTwice, g, yOf(get(point))), // 2Y²
          call(field.multiplyTwice, s, get(point), g),
          call(field.squareTwice, t, g), // 8Y⁴
          call(field.squareMinus, get(doubled), m, s, s),
          call(field.multiplyDifferenceMinus, yOf(get(doubled)), m, s, get(doubled), t),
          call(field.multiplyTwice, zOf(get(doubled)), yOf(get(point)), zOf(get(point))),
          step(count, -1),
        ],
        get(count),
      ),
    );
  });
}

/** What a list needs to be gone through forwards, and then backwards with one inversion for all (Montgomery's trick). */
interface Inversions {
  readonly entryBytes: number;
  /** Multiplies the product so far by the denominator of the entry. */
  readonly multiplyByDenominator: (entry: Local, to: Code, factor: Code) => Code;
  /** What to do with the entry once the inverse of its denominator is known. */
  readonly use: (entry: Local, inverse: Code) => Code[];
}

function writeListWithInversions(
  module: ModuleWriter,
  name: string,
  { multiply }: FieldFunctions,
  invert: FunctionRef,
  { entryBytes, multiplyByDenominator, use }: Inversions,
): void {
  module.function(name, ['i32', 'i32'], [], (writer, entry, count) => {
    const left = writer.local('i32');
    const product = writer.local('i32');
    const before = plus(product, -FIELD_BYTES);
    writer.add(
      set(left, get(count)),
      set(product, address(PRODUCTS_ADDRESS)),
      repeatWhile(
        [multiplyByDenominator(entry, get(product), before), step(entry, entryBytes), step(product, FIELD_BYTES), step(left, -1)],
        get(left),
      ),
      call(invert, address(accumulator), before),
      // The accumulator is the inverse of all denominators up to this entry.
      repeatWhile(
        [
          step(entry, -entryBytes),
          step(product, -FIELD_BYTES),
          call(multiply, address(inverse), address(accumulator), before),
          multiplyByDenominator(entry, address(accumulator), address(accumulator)),
          ...use(entry, address(inverse)),
          step(count, -1),
        ],
        get(count),
      ),
    );
  });
}

/** x = X / Z², y = Y / Z³. */
function writeNormalisation(module: ModuleWriter, field: FieldFunctions, invert: FunctionRef): void {
  const jacobian = (entry: Local): Code => entryAt(entry, 0);
  const affine = (entry: Local): Code => entryAt(entry, 1);
  const power = address(temporaries[0]!);
  writeListWithInversions(module, 'normalise', field, invert, {
    entryBytes: 2 * WORD_BYTES,
    multiplyByDenominator: (entry, to, factor) => call(field.multiply, to, factor, zOf(jacobian(entry))),
    use: (entry, inverse) => [
      call(field.square, power, inverse),
      call(field.multiply, affine(entry), jacobian(entry), power),
      call(field.multiply, power, power, inverse),
      call(field.multiply, yOf(affine(entry)), yOf(jacobian(entry)), power),
    ],
  });
}

/** Slope s = (y₂ - y₁) / (x₂ - x₁); x = s² - x₁ - x₂, y = s(x₁ - x) - y₁. */
function writeAddition(module: ModuleWriter, field: FieldFunctions, invert: FunctionRef): void {
  const left = (entry: Local): Code => entryAt(entry, 0);
  const right = (entry: Local): Code => entryAt(entry, 1);
  const sum = (entry: Local): Code => entryAt(entry, 2);
  writeListWithInversions(module, 'add', field, invert, {
    entryBytes: 3 * WORD_BYTES,
    multiplyByDenominator: (entry, to, factor) => call(field.multiplyDifference, to, factor, right(entry), left(entry)),
    use: (entry, inverse) => [
      call(field.multiplyDifference, address(slope), inverse, yOf(right(entry)), yOf(left(entry))),
      call(field.squareMinus, sum(entry), address(slope), left(entry), right(entry)),
      call(field.multiplyDifferenceMinus, yOf(sum(entry)), address(slope), left(entry), sum(entry), yOf(left(entry))),
    ],
  });
}

function writeNegation(module: ModuleWriter): void {
  writePairs(module, 'negate', (from, to) => [...copyField(to, from), ...negateField(yOf(to), yOf(from))]);
}

function writeEndomorphism(module: ModuleWriter, { multiply }: FieldFunctions): void {
  writePairs(module, 'turn', (from, to) => [call(multiply, to, from, address(BETA_ADDRESS)), ...copyField(yOf(to), yOf(from))]);
}

function writePairs(module: ModuleWriter, name: string, work: (from: Code, to: Code) => Code[]): void {
  module.function(name, ['i32', 'i32'], [], (writer, entry, count) => {
    const from = writer.local('i32');
    const to = writer.local('i32');
    writer.add(
      repeatWhile(
        [
          set(from, entryAt(entry, 0)),
          set(to, entryAt(entry, 1)),
          ...work(get(from), get(to)),
          step(entry, 2 * WORD_BYTES),
          step(count, -1),
        ],
        get(count),
      ),
    );
  });
}

const limbOffsets = Array.from({ length: FIELD_BYTES / WORD_BYTES }, (_, index) => WORD_BYTES * index);

function copyField(to: Code, from: Code): Code[] {
  return limbOffsets.map((offset) => i32.store(to, i32.load(from, offset), offset));
}

/** Limbs may be negative. */
function negateField(to: Code, from: Code): Code[] {
  return limbOffsets.map((offset) => i32.store(to, i32.sub(i32.const(0), i32.load(from, offset)), offset));
}
