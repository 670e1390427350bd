import assert from 'node:assert/strict';
import {
  block,
  call,
  get,
  giveBack,
  i32,
  i64,
  i64x2,
  ifThen,
  instantiate,
  leaveIf,
  ModuleWriter,
  repeatWhile,
  set,
  tee,
  v128,
} from '../../src/base/wasm-module.js';

describe('wasm module', () => {
  /** A constant must survive its encoding, whatever its length. */
  const integers = [
    0n,
    1n,
    -1n,
    63n,
    64n,
    -64n,
    -65n,
    127n,
    128n,
    8191n,
    8192n,
    -8193n,
    2n ** 31n,
    2n ** 62n,
    2n ** 63n - 1n,
    -(2n ** 63n),
  ];
  for (const value of integers) {
    it(`writes the constant ${value}`, () => {
      const module = new ModuleWriter(1);
      module.function('value', [], ['i64'], (writer) => writer.add(i64.const(value)));
      assert.equal(instantiate<{ value: () => bigint }>(module.toBytes()).value(), value);
    });
  }

  for (const offset of [0, 127, 128, 16_383, 16_384, 65_528]) {
    it(`loads and stores at offset ${offset}`, () => {
      const module = new ModuleWriter(1);
      module.function('copy', ['i64'], ['i64'], (writer, value) =>
        writer.add(i64.store(i32.const(0), get(value), offset), i64.load(i32.const(0), offset)),
      );
      const { copy, memory } = instantiate<{ copy: (value: bigint) => bigint }>(module.toBytes());
      assert.equal(copy(0x0123456789abcdefn), 0x0123456789abcdefn);
      assert.equal(new DataView(memory.buffer).getBigUint64(offset, true), 0x0123456789abcdefn);
    });
  }

  it('writes loops, branches, locals and calls', () => {
    const module = new ModuleWriter(1);
    const square = module.function(null, ['i32'], ['i32'], (writer, n) => writer.add(i32.mul(get(n), get(n))));
    module.function('sumOfOddSquares', ['i32'], ['i32'], (writer, n) => {
      const sum = writer.local('i32');
      writer.add(
        ifThen(i32.ltS(get(n), i32.const(0)), [giveBack(i32.const(-1))], [set(sum, i32.const(0))]),
        block(
          leaveIf(i32.eqz(get(n))),
          repeatWhile(
            [ifThen(i32.and(get(n), i32.const(1)), [set(sum, i32.add(get(sum), call(square, get(n))))])],
            tee(n, i32.sub(get(n), i32.const(1))),
          ),
        ),
        get(sum),
      );
    });
    const { sumOfOddSquares } = instantiate<{ sumOfOddSquares: (n: number) => number }>(module.toBytes());
    assert.deepEqual([-5, 0, 1, 2, 5, 100].map(sumOfOddSquares), [-1, 0, 1, 1, 35, 166_650]);
  });

  it('writes SIMD on two lanes of 64 bits', () => {
    const module = new ModuleWriter(1);
    // Both lanes: ((x + (1, 2)) << 4 >> 4) ^ (x and x); true when both are greater than 0.
    module.function('both', ['i64'], ['i32'], (writer, x) => {
      const lanes = writer.local('v128');
      writer.add(
        set(lanes, i64x2.add(i64x2.splat(get(x)), i64x2.const(1n, 2n))),
        set(lanes, i64x2.shrU(i64x2.shl(get(lanes), 4), 4)),
        set(lanes, v128.xor(get(lanes), v128.and(i64x2.splat(get(x)), v128.or(get(lanes), i64x2.const(0n, 0n))))),
        v128.allTrue64(i64x2.gtS(get(lanes), i64x2.const(0n, 0n))),
      );
    });
    const { both } = instantiate<{ both: (x: bigint) => number }>(module.toBytes());
    // 0: lanes 1, 2. 1: lanes 2 ^ 0, 3 ^ 1. -1: lanes 0 ^ 0.
    assert.deepEqual([0n, 1n, -1n].map(both), [1, 1, 0]);
  });

  it('refuses to run what does not fit its types', () => {
    const module = new ModuleWriter(1);
    module.function('bad', [], ['i64'], (writer) => writer.add(i32.const(1)));
    assert.throws(() => instantiate(module.toBytes()), { name: 'CompileError' });
  });
});
