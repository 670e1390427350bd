/** What an import did: how many of each kind came, were here already, or could not be used, and what the person should know. */
import type { Saying, Words } from '../words/words.js';

export type Outcome = 'taken' | 'known' | 'refused';

/** What is counted. */
export type Kind = keyof Words['moving']['kinds'];

/** In the order in which it was first met. */
export type Counts = Readonly<Partial<Record<Kind, Readonly<Record<Outcome, number>>>>>;

export interface ImportReport {
  readonly counts: Counts;
  /** What the person should know. */
  readonly notes: readonly Saying[];
}

export class Tally {
  readonly #counts: Partial<Record<Kind, Record<Outcome, number>>> = {};
  readonly #notes: Saying[] = [];

  count(kind: Kind, outcome: Outcome): void {
    const counts = (this.#counts[kind] ??= { taken: 0, known: 0, refused: 0 });
    counts[outcome]++;
  }

  note(say: Saying): void {
    this.#notes.push(say);
  }

  total(kind: Kind): number {
    const { taken = 0, known = 0, refused = 0 } = this.#counts[kind] ?? {};
    return taken + known + refused;
  }

  report(): ImportReport {
    return { counts: this.#counts, notes: this.#notes };
  }
}
