/** Messages that are expunged in the store and still numbered by a client, until it may be told: as many at a time as can be told at once. */
import type { UidRun } from '../store/mail/uid-runs.js';
import type { UidList } from './uid-list.js';

/** Some milliseconds. */
const TOLD_AT_ONCE = 10_000;

export class GoneMessages {
  /** In the order in which it was heard of; some perhaps twice. */
  #runs: UidRun[] = [];

  get isEmpty(): boolean {
    return this.#runs.length === 0;
  }

  /** @param known what the client numbers: it hears of nothing else */
  note(runs: readonly UidRun[], known: UidList): void {
    for (const run of runs) if (known.overlaps(run)) this.#runs.push(run);
  }

  /** The next that can be told, ascending. */
  take(known: UidList): number[] {
    const taken = new Set<number>();
    let whole = 0;
    for (const { first, last } of this.#runs) {
      let uid = first;
      for (; uid <= last && taken.size < TOLD_AT_ONCE; uid++) if (known.has(uid)) taken.add(uid);
      if (uid <= last) {
        this.#runs[whole] = { first: uid, last };
        break;
      }
      whole++;
    }
    this.#runs = this.#runs.slice(whole);
    return [...taken].sort((a, b) => a - b);
  }
}
