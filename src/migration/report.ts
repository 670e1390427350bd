/** What an import did: how many of each kind came, were here already, or could not be used, and what the person should know. */

export type Outcome = 'taken' | 'known' | 'refused';

/** Numbers by what was counted, in the order in which it was first met. */
export type Counts = Readonly<Record<string, { readonly taken: number; readonly known: number; readonly refused: number }>>;

export interface ImportReport {
  readonly counts: Counts;
  /** Sentences. */
  readonly notes: readonly string[];
}

export class Tally {
  readonly #counts: Record<string, { taken: number; known: number; refused: number }> = {};
  readonly #notes: string[] = [];

  count(kind: string, outcome: Outcome): void {
    this.#counts[kind] ??= { taken: 0, known: 0, refused: 0 };
    this.#counts[kind][outcome]++;
  }

  note(sentence: string): void {
    this.#notes.push(sentence);
  }

  total(kind: string): number {
    const { taken = 0, known = 0, refused = 0 } = this.#counts[kind] ?? {};
    return taken + known + refused;
  }

  report(): ImportReport {
    return { counts: this.#counts, notes: this.#notes };
  }
}
