/** The threads of a folder in their order: a part of them can be replaced without making the rest anew. Never changes. Pure. */
import { sortIndexes } from '../sort/sort-indexes.js';
import { RootPile } from './root-pile.js';

const ROOTS_AT_ONCE = 10_000;
/** Some milliseconds at most: usually little is to be done in each. */
const STEPS_PER_SLICE = 20;

export class Forest {
  static readonly EMPTY = new Forest(new RootPile());

  /** @param roots sorted */
  constructor(private readonly roots: RootPile) {}

  /** As `flatten` makes them. */
  get flat(): Uint32Array {
    return this.roots.flat;
  }

  get bytes(): number {
    return this.roots.bytes;
  }

  /** @param isReplaced whether what belongs to this group gives way to what comes */
  async with(coming: RootPile, isReplaced: (group: number) => boolean, breathe: () => Promise<void>): Promise<Forest> {
    const sorted = await sortIndexes(coming.count, (one, other) => coming.compare(one, coming, other), breathe);
    const here = this.roots;
    const all = new RootPile();
    let next = 0;
    const addNext = (): void => all.addFrom(coming, sorted[next], sorted[next++] + 1);
    for (let root = 0, steps = 0; root < here.count; steps++) {
      if (steps % STEPS_PER_SLICE === 0) await breathe();
      while (next < sorted.length && coming.compare(sorted[next], here, root) < 0) addNext();
      // As many as stay together.
      const start = root;
      const end = Math.min(start + ROOTS_AT_ONCE, here.count);
      while (root < end && !isReplaced(here.groupAt(root)) && (next === sorted.length || coming.compare(sorted[next], here, root) >= 0))
        root++;
      all.addFrom(here, start, root);
      while (root < end && isReplaced(here.groupAt(root))) root++;
    }
    while (next < sorted.length) {
      if (next % STEPS_PER_SLICE === 0) await breathe();
      addNext();
    }
    return new Forest(all);
  }
}
