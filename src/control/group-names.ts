/** How chans and subscriptions are named by a person, and shown to one. */

import type { Saying } from '../words/words.js';
import { ControlRefusal, type Group, type Groups } from './operation.js';
import { table } from './table.js';

/** By address, folder or label, in any case if that is still unambiguous. @throws ControlRefusal */
export function findChan(groups: Groups, wanted: string): Group {
  return find(groups.chans(), wanted, {
    none: (words) => words.groups.noChan(wanted),
    many: (words) => words.groups.manyChans(wanted),
  });
}

/** As `findChan`. @throws ControlRefusal */
export function findSubscription(groups: Groups, wanted: string): Group {
  return find(groups.subscriptions(), wanted, {
    none: (words) => words.groups.noSubscription(wanted),
    many: (words) => words.groups.manySubscriptions(wanted),
  });
}

function find(groups: readonly Group[], wanted: string, refusals: { readonly none: Saying; readonly many: Saying }): Group {
  const matches = (fits: (name: string) => boolean): readonly Group[] =>
    groups.filter(({ address, folder, label }) => [address, folder, label].some(fits));
  const exact = matches((name) => name === wanted);
  const found = exact.length > 0 ? exact : matches((name) => name.toLowerCase() === wanted.toLowerCase());
  if (found.length === 0) throw new ControlRefusal(refusals.none);
  if (found.length > 1) throw new ControlRefusal(refusals.many);
  return found[0];
}

export function groupTable(groups: readonly Group[]): string {
  return table(groups.map(({ address, folder }) => [address, folder]));
}
