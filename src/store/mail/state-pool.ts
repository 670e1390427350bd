/** The different states that entries are in: few, however many entries there are, so that each is one object with its list of flags. */
import { toFlags } from './flags.js';

export interface State {
  /** Of SYSTEM_FLAGS. */
  readonly bits: number;
  /** Separated by blanks, in the spelling of the folder. */
  readonly keywords: string;
  /** Both as flags; the same list for the same state. */
  readonly flags: readonly string[];
}

/** Far more than folders have; bounds what a client that invents keywords without end leaves in memory. */
const MAX_KEPT = 10_000;

export class StatePool {
  readonly #known = new Map<string, State>();
  /** Without keywords, by bits. */
  readonly #plain: State[] = [];

  of(bits: number, keywords: string): State {
    if (keywords === '') return (this.#plain[bits] ??= { bits, keywords, flags: toFlags(bits, '') });
    const key = `${bits} ${keywords}`;
    let state = this.#known.get(key);
    if (state === undefined) {
      state = { bits, keywords, flags: toFlags(bits, keywords) };
      if (this.#known.size >= MAX_KEPT) this.#known.clear();
      this.#known.set(key, state);
    }
    return state;
  }
}
