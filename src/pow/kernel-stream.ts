/** Writes SHA-512 for one stream of nonces: the pieces of a block, as lists of statements that can be interleaved with others. */
import { type Code, type FunctionWriter, get, type Local } from '../base/wasm-module.js';
import { constant, type JobTable, type Lanes, perNonce, type Word, WordWriter } from './kernel-words.js';
import { INITIAL_STATE, ROUND_CONSTANTS } from './sha512-constants.js';

export const ROUNDS = 80;
/** Words of a block, and of the ring that the message schedule is computed in. */
export const BLOCK_WORDS = 16;

const STATE_WORDS = 8;

export class Stream {
  readonly nonce: Local;
  readonly #words: WordWriter;
  readonly #stateLocals: readonly Local[];
  readonly #ringLocals: readonly Local[];
  readonly #sumLocal: Local;
  /** a ^ b of this round and of the one before take turns. */
  readonly #differenceLocals: readonly [Local, Local];

  constructor(
    readonly lanes: Lanes,
    writer: FunctionWriter,
    table: JobTable,
  ) {
    const local = (): Local => writer.local(lanes.type);
    this.nonce = local();
    this.#stateLocals = Array.from({ length: STATE_WORDS }, local);
    this.#ringLocals = Array.from({ length: BLOCK_WORDS }, local);
    this.#sumLocal = local();
    this.#differenceLocals = [local(), local()];
    this.#words = new WordWriter(lanes, table, local());
  }

  /** The first rounds of a block, from the initial state; as much of it as is known is computed beforehand. */
  straight(block: readonly Word[], rounds: number): Code[] {
    const ring = block.map((word, index) => this.#words.keep(this.#ringLocals[index]!, word));
    let state = this.#open(INITIAL_STATE.map(constant));
    for (let round = 0; round < rounds; round++) {
      if (round >= BLOCK_WORDS) this.#schedule(ring, round);
      state = this.#round(state, this.#words.sum(constant(ROUND_CONSTANTS[round]!), ring[round % BLOCK_WORDS]!));
    }
    this.#settle(state, ring);
    return this.#words.takeStatements();
  }

  /** Sixteen further rounds. @param roundConstant loads the constant of the n-th of them */
  rolled(roundConstant: (index: number) => Code): Code[] {
    const ring = this.#ringLocals.map((local) => perNonce(get(local)));
    let state = this.#open(this.#stateLocals.map((local) => perNonce(get(local))));
    for (let round = BLOCK_WORDS; round < 2 * BLOCK_WORDS; round++) {
      const scheduled = this.#schedule(ring, round);
      state = this.#round(state, this.#words.sum(scheduled, perNonce(roundConstant(round - BLOCK_WORDS))));
    }
    this.#settle(state, ring);
    return this.#words.takeStatements();
  }

  /** After the last round: the first word of the hash. */
  digestStart(): Code {
    return this.#words.code(this.#digestWord(0));
  }

  #digestWord(index: number): Word {
    return this.#words.sum(perNonce(get(this.#stateLocals[index]!)), constant(INITIAL_STATE[index]!));
  }

  /** After the last round: the hash, as the first words of the next block. */
  digest(): Word[] {
    return INITIAL_STATE.map((_, index) => this.#digestWord(index));
  }

  #open(words: Word[]): State {
    const difference = this.#words.keep(this.#differenceLocals[1], this.#words.xor(words[1]!, words[2]!));
    return { words, locals: this.#stateLocals, difference, round: 0 };
  }

  /** FIPS 180-4 §6.4.2, step 3. Instead of moving all eight words along, their names move; the two new ones take the locals of those that die. */
  #round({ words: [a, b, c, d, e, f, g, h], locals, difference: bc, round }: State, scheduled: Word): State {
    const w = this.#words;
    const choice = w.xor(g!, w.and(e!, w.xor(f!, g!)));
    // In sums, what is ready first comes first: the word that the last addition waits for is the newest.
    const sum = w.keep(this.#sumLocal, w.sum(h!, scheduled, choice, w.sigma(e!, [14, 18, 41])));
    const newE = w.keep(locals[3]!, w.sum(d!, sum));
    // The majority of a, b, c as b ^ ((a ^ b) & (b ^ c)): the next round's b ^ c is this one's a ^ b.
    const ab = w.keep(this.#differenceLocals[round % 2]!, w.xor(a!, b!));
    const majority = w.xor(b!, w.and(ab, bc));
    const newA = w.keep(locals[7]!, w.sum(w.sigma(a!, [28, 34, 39]), majority, sum));
    return {
      words: [newA, a!, b!, c!, newE, e!, f!, g!],
      locals: [locals[7]!, ...locals.slice(0, 7)],
      difference: ab,
      round: round + 1,
    };
  }

  /** FIPS 180-4 §6.4.2, step 1: replaces the oldest word of the ring. */
  #schedule(ring: Word[], round: number): Word {
    const w = this.#words;
    const at = (back: number): Word => ring[(round - back) % BLOCK_WORDS]!;
    const next = w.sum(at(16), at(7), w.sigma(at(15), [1, 8], 7), w.sigma(at(2), [19, 61], 6));
    const place = round % BLOCK_WORDS;
    ring[place] = w.keep(this.#ringLocals[place]!, next);
    return ring[place];
  }

  /** What is still known early goes into its local, where the rolled rounds expect it. */
  #settle({ words, locals }: State, ring: readonly Word[]): void {
    words.forEach((word, index) => {
      if (word.known !== 'per-nonce') this.#words.settle(locals[index]!, word);
    });
    ring.forEach((word, index) => {
      if (word.known !== 'per-nonce') this.#words.settle(this.#ringLocals[index]!, word);
    });
  }
}

interface State {
  /** a to h. */
  readonly words: readonly Word[];
  /** Where a to h live, unless they are known without computing. */
  readonly locals: readonly Local[];
  /** b ^ c. */
  readonly difference: Word;
  readonly round: number;
}
