/**
 * Writes arithmetic modulo 2^256 - 2^32 - 977 as WebAssembly functions on numbers in memory.
 *
 * A number is nine limbs of 29 bits (little-endian, each in a signed 32-bit cell). Products of limbs and sums of nine of them
 * fit into 64 bits, and limbs may be negative, so a difference needs no reduction before it is multiplied. Results are reduced to
 * 2^261 and a little, not to the smallest representative: only what leaves the module is (matcher.ts).
 *
 * Bounds: limbs of results are below 2^29 + 2^13 in magnitude, differences of two results below 2^30 + 2^14. Every product below
 * has at most one difference as a factor, or a constant factor up to 3: its columns stay below 9·2^59·(1 + ε) < 2^63.
 */
import { type Code, type FunctionRef, type FunctionWriter, get, i64, type Local, type ModuleWriter, set } from '../../base/wasm-module.js';

export const LIMBS = 9;
export const LIMB_BITS = 29;
export const FIELD_BYTES = 4 * LIMBS;

/** Every parameter is an address; the first is where the result goes, and may be the address of an operand. */
export interface FieldFunctions {
  /** a·b */
  readonly multiply: FunctionRef;
  /** 2·a·b */
  readonly multiplyTwice: FunctionRef;
  /** a·(u - v) */
  readonly multiplyDifference: FunctionRef;
  /** a·(u - v) - y */
  readonly multiplyDifferenceMinus: FunctionRef;
  /** a² */
  readonly square: FunctionRef;
  /** 2·a² */
  readonly squareTwice: FunctionRef;
  /** 3·a² */
  readonly squareThrice: FunctionRef;
  /** a² - x - y */
  readonly squareMinus: FunctionRef;
}

export function writeFieldFunctions(module: ModuleWriter): FieldFunctions {
  return {
    multiply: module.function(null, ['i32', 'i32', 'i32'], [], (writer, result, a, b) =>
      writeReduced(writer, result, productColumns(load(writer, a), load(writer, b))),
    ),
    multiplyTwice: module.function(null, ['i32', 'i32', 'i32'], [], (writer, result, a, b) =>
      writeReduced(writer, result, scale(productColumns(load(writer, a), load(writer, b)), 2n)),
    ),
    multiplyDifference: module.function(null, ['i32', 'i32', 'i32', 'i32'], [], (writer, result, a, u, v) =>
      writeReduced(writer, result, productColumns(load(writer, a), loadDifference(writer, u, v))),
    ),
    multiplyDifferenceMinus: module.function(null, ['i32', 'i32', 'i32', 'i32', 'i32'], [], (writer, result, a, u, v, y) =>
      writeReduced(writer, result, minus(productColumns(load(writer, a), loadDifference(writer, u, v)), y)),
    ),
    square: module.function(null, ['i32', 'i32'], [], (writer, result, a) => writeReduced(writer, result, squareColumns(load(writer, a)))),
    squareTwice: module.function(null, ['i32', 'i32'], [], (writer, result, a) =>
      writeReduced(writer, result, scale(squareColumns(load(writer, a)), 2n)),
    ),
    squareThrice: module.function(null, ['i32', 'i32'], [], (writer, result, a) =>
      writeReduced(writer, result, scale(squareColumns(load(writer, a)), 3n)),
    ),
    squareMinus: module.function(null, ['i32', 'i32', 'i32', 'i32'], [], (writer, result, a, x, y) =>
      writeReduced(writer, result, minus(minus(squareColumns(load(writer, a)), x), y)),
    ),
  };
}

const LIMB_MASK = (1n << BigInt(LIMB_BITS)) - 1n;
/**
 * The tenth limb counts 2^261 = 2^37 + 31264 modulo the prime: 2^8 in the second limb, 31264 in the first.
 */
const FOLD_FIRST = 31_264n;
const FOLD_SECOND_BITS = 8n;

const limbAt = (address: Local, index: number): Code => i64.load32s(get(address), 4 * index);
const low = (value: Code): Code => i64.and(value, i64.const(LIMB_MASK));
const high = (value: Code): Code => i64.shrS(value, i64.const(BigInt(LIMB_BITS)));

function load(writer: FunctionWriter, address: Local): Local[] {
  return keep(
    writer,
    Array.from({ length: LIMBS }, (_, index) => limbAt(address, index)),
  );
}

function loadDifference(writer: FunctionWriter, left: Local, right: Local): Local[] {
  return keep(
    writer,
    Array.from({ length: LIMBS }, (_, index) => i64.sub(limbAt(left, index), limbAt(right, index))),
  );
}

/** Limbs of the product before carrying: the n-th is the sum of a[i]·b[n - i]. */
function productColumns(a: readonly Local[], b: readonly Local[]): Code[] {
  return columns((i, j) => i64.mul(get(a[i]!), get(b[j]!)));
}

/** Half the multiplications: what occurs twice is doubled. */
function squareColumns(a: readonly Local[]): Code[] {
  return columns((i, j) => {
    if (i > j) return null;
    const product = i64.mul(get(a[i]!), get(a[j]!));
    return i === j ? product : i64.shl(product, i64.const(1n));
  });
}

function columns(term: (i: number, j: number) => Code | null): Code[] {
  return Array.from({ length: 2 * LIMBS - 1 }, (_, column) =>
    Array.from({ length: LIMBS }, (_, i) => (column - i >= 0 && column - i < LIMBS ? term(i, column - i) : null))
      .filter((code) => code !== null)
      .reduce((sum, code) => i64.add(sum, code)),
  );
}

const scale = (values: readonly Code[], factor: bigint): Code[] => values.map((value) => i64.mul(value, i64.const(factor)));

const minus = (values: readonly Code[], address: Local): Code[] =>
  values.map((value, index) => (index < LIMBS ? i64.sub(value, limbAt(address, index)) : value));

/** Carries the upper columns, folds them into the lower ones, carries those, folds what is left over, and stores. */
function writeReduced(writer: FunctionWriter, result: Local, values: readonly Code[]): void {
  const cells = keep(writer, values);
  const lower = cells.slice(0, LIMBS);
  const upper = [...cells.slice(LIMBS), writer.local('i64')];
  for (let index = 0; index + 1 < upper.length; index++) {
    const [cell, next] = [upper[index]!, upper[index + 1]!];
    const carried = index + 2 < upper.length ? i64.add(get(next), high(get(cell))) : high(get(cell));
    writer.add(set(next, carried), set(cell, low(get(cell))));
  }
  const add = (cell: Local, value: Code): void => writer.add(set(cell, i64.add(get(cell), value)));
  const fold = (value: Local, at: number): void => {
    add(lower[at]!, i64.mul(get(value), i64.const(FOLD_FIRST)));
    add(lower[at + 1]!, i64.shl(get(value), i64.const(FOLD_SECOND_BITS)));
  };
  const carry = (from: number): void => {
    add(lower[from + 1]!, high(get(lower[from]!)));
    writer.add(set(lower[from]!, low(get(lower[from]!))));
  };
  // The uppermost counts 2^261 · 2^(29·8): its second half lands in the tenth limb, which is the first of the upper ones.
  const top = upper[LIMBS - 1]!;
  add(upper[0]!, i64.shl(get(top), i64.const(FOLD_SECOND_BITS)));
  add(lower[LIMBS - 1]!, i64.mul(get(top), i64.const(FOLD_FIRST)));
  for (let index = 0; index < LIMBS - 1; index++) fold(upper[index]!, index);
  for (let index = 0; index < LIMBS - 1; index++) carry(index);
  const rest = top;
  writer.add(set(rest, high(get(lower[LIMBS - 1]!))), set(lower[LIMBS - 1]!, low(get(lower[LIMBS - 1]!))));
  fold(rest, 0);
  carry(0);
  carry(1);
  for (const [index, cell] of lower.entries()) writer.add(i64.store32(get(result), get(cell), 4 * index));
}

function keep(writer: FunctionWriter, values: readonly Code[]): Local[] {
  return values.map((value) => {
    const local = writer.local('i64');
    writer.add(set(local, value));
    return local;
  });
}
