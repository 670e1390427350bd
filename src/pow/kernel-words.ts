/**
 * Partial evaluation for the kernel: arithmetic on words of which some are known already while the kernel is written, some
 * as soon as a job is, and only the rest for each nonce. Instructions are written for the last kind alone.
 */
import type { Code, Local, ValueType } from '../base/wasm-module.js';
import { get, i32, i64, i64x2, set, tee, v128 } from '../base/wasm-module.js';

/** The initial hash as eight big-endian words. */
export type JobWords = readonly bigint[];

export type Word =
  | { readonly known: 'always'; readonly value: bigint }
  | { readonly known: 'per-job'; readonly value: (job: JobWords) => bigint }
  | { readonly known: 'per-nonce'; readonly code: Code };

export const constant = (value: bigint): Word => ({ known: 'always', value: BigInt.asUintN(64, value) });
export const perJob = (value: (job: JobWords) => bigint): Word => ({ known: 'per-job', value });
export const perNonce = (code: Code): Word => ({ known: 'per-nonce', code });

/** How many nonces one instruction works on, and with which instructions. */
export interface Lanes {
  readonly type: ValueType;
  readonly count: number;
  readonly const: (value: bigint) => Code;
  /** Loads a word that is the same for every lane. */
  readonly load: (address: Code, offset: number) => Code;
  /** Loads a word for each lane, which lie side by side. */
  readonly loadEach: (address: Code, offset: number) => Code;
  readonly storeEach: (address: Code, value: Code, offset: number) => Code;
  readonly add: (left: Code, right: Code) => Code;
  readonly xor: (left: Code, right: Code) => Code;
  readonly and: (left: Code, right: Code) => Code;
  readonly shr: (value: Code, distance: number) => Code;
  /** @param scratch for machines without a rotation */
  readonly rotr: (value: Code, distance: number, scratch: Local) => Code;
}

export const SCALAR: Lanes = {
  type: 'i64',
  count: 1,
  const: i64.const,
  load: i64.load,
  loadEach: i64.load,
  storeEach: i64.store,
  add: i64.add,
  xor: i64.xor,
  and: i64.and,
  shr: (value, distance) => i64.shrU(value, i64.const(BigInt(distance))),
  rotr: (value, distance) => i64.rotr(value, i64.const(BigInt(distance))),
};

export const SIMD: Lanes = {
  type: 'v128',
  count: 2,
  const: (value) => i64x2.const(value, value),
  load: i64x2.loadSplat,
  loadEach: v128.load,
  storeEach: v128.store,
  add: i64x2.add,
  xor: v128.xor,
  and: v128.and,
  shr: i64x2.shrU,
  rotr: (value, distance, scratch) => v128.or(i64x2.shrU(tee(scratch, value), distance), i64x2.shl(get(scratch), 64 - distance)),
};

/** Where the words that a job determines lie in memory; filled once per job. */
export class JobTable {
  readonly #entries: { word: Extract<Word, { known: 'per-job' }>; offset: number }[] = [];

  constructor(private readonly baseOffset: number) {}

  offsetOf(word: Extract<Word, { known: 'per-job' }>): number {
    const known = this.#entries.find((entry) => entry.word === word);
    if (known !== undefined) return known.offset;
    const offset = this.baseOffset + 8 * this.#entries.length;
    this.#entries.push({ word, offset });
    return offset;
  }

  fill(memory: DataView, job: JobWords): void {
    for (const { word, offset } of this.#entries) memory.setBigUint64(offset, BigInt.asUintN(64, word.value(job)), true);
  }
}

/** Writes the arithmetic of one stream of nonces. */
export class WordWriter {
  #statements: Code[] = [];

  constructor(
    readonly lanes: Lanes,
    private readonly table: JobTable,
    private readonly scratch: Local,
  ) {}

  /** What was written since the last call. */
  takeStatements(): Code[] {
    return this.#statements.splice(0);
  }

  /** Computes the word into the local, unless it is known without computing. */
  keep(local: Local, word: Word): Word {
    return word.known === 'per-nonce' ? this.settle(local, word) : word;
  }

  /** Puts the word into the local in any case. */
  settle(local: Local, word: Word): Word {
    this.#statements.push(set(local, this.code(word)));
    return perNonce(get(local));
  }

  code(word: Word): Code {
    if (word.known === 'always') return this.lanes.const(word.value);
    return word.known === 'per-job' ? this.lanes.load(i32.const(0), this.table.offsetOf(word)) : word.code;
  }

  /** What is known early is summed up early. */
  sum(...words: Word[]): Word {
    const { add } = this.lanes;
    const early = words.filter((word) => word.known !== 'per-nonce');
    const late = words.filter((word) => word.known === 'per-nonce');
    const known = lift(early, (...values) => values.reduce((total, value) => total + value, 0n));
    if (late.length === 0) return known;
    const terms = known.known === 'always' && known.value === 0n ? late : [late[0]!, known, ...late.slice(1)];
    return perNonce(terms.map((word) => this.code(word)).reduce((total, code) => add(total, code)));
  }

  xor(left: Word, right: Word): Word {
    return this.#apply([left, right], (a, b) => a! ^ b!, this.lanes.xor);
  }

  and(left: Word, right: Word): Word {
    return this.#apply([left, right], (a, b) => a! & b!, this.lanes.and);
  }

  /**
   * The xor of some rotations to the right, distances ascending, and perhaps of a shift.
   *
   * Nested, ror(x ^ ror(x ^ ror(x, c-b), b-a), a), instead of ror(x, a) ^ ror(x, b) ^ ror(x, c): a rotation overwrites its
   * operand on x64, so each flat one needs a copy and a register of its own first; registers are what is short here.
   */
  sigma(word: Word, rotations: readonly number[], shift?: number): Word {
    const { xor, shr, rotr } = this.lanes;
    const steps = rotations.map((distance, index) => distance - (rotations[index - 1] ?? 0)).reverse();
    const write = (code: Code): Code => {
      const rotated = steps
        .slice(1)
        .reduce((inner, step) => rotr(xor(inner, code), step, this.scratch), rotr(code, steps[0]!, this.scratch));
      return shift === undefined ? rotated : xor(rotated, shr(code, shift));
    };
    const evaluate = (value: bigint): bigint =>
      rotations.reduce((result, distance) => result ^ rotateRight(value, distance), shift === undefined ? 0n : value >> BigInt(shift));
    return this.#apply([word], evaluate, write);
  }

  #apply(words: Word[], evaluate: (...values: bigint[]) => bigint, write: (...codes: [Code, Code]) => Code): Word {
    if (words.every((word) => word.known !== 'per-nonce')) return lift(words, evaluate);
    const codes = words.map((word) => this.code(word));
    return perNonce(write(codes[0]!, codes[1]!));
  }
}

/** Evaluates words that are known always now, and words that a job determines when there is a job. */
function lift(words: readonly Word[], evaluate: (...values: bigint[]) => bigint): Word {
  const valueIn = (word: Word, job: JobWords): bigint => {
    if (word.known === 'per-nonce') throw new Error('not known before the nonce is');
    return word.known === 'always' ? word.value : BigInt.asUintN(64, word.value(job));
  };
  if (words.every((word) => word.known === 'always')) return constant(evaluate(...words.map((word) => valueIn(word, []))));
  return perJob((job) => evaluate(...words.map((word) => valueIn(word, job))));
}

function rotateRight(value: bigint, distance: number): bigint {
  return BigInt.asUintN(64, (value << 64n) >> BigInt(distance)) | (value >> BigInt(distance));
}
