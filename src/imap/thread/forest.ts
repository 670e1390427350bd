/** The threads of a folder in their order: a part of them can be replaced without making the rest anew. Never changes. Pure. */
import { sortIndexes } from '../sort/sort-indexes.js';
import { RootPile } from './root-pile.js';

/** Some milliseconds. */
const ROOTS_PER_SLICE = 20_000;

export class Forest {
  static readonly EMPTY = new Forest(new RootPile());

  /** @param roots sorted */
  private constructor(private readonly roots: RootPile) {}

  /** As `flatten` makes them. */
  get flat(): Float64Array {
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
    for (let root = 0; root < here.count; root++) {
      if (root % ROOTS_PER_SLICE === 0) await breathe();
      if (isReplaced(here.groupAt(root))) continue;
      while (next < sorted.length && coming.compare(sorted[next], here, root) < 0) all.add(coming.at(sorted[next++]));
      all.add(here.at(root));
    }
    while (next < sorted.length) {
      all.add(coming.at(sorted[next++]));
      if (next % ROOTS_PER_SLICE === 0) await breathe();
    }
    return new Forest(all);
  }
}
