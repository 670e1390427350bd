/** How chans and subscriptions are named by a person, and shown to one. */
import { ControlRefusal, type Group } from './operation.js';
import { table } from './table.js';

/** By address, folder or label, in any case if that is still unambiguous. @throws ControlRefusal */
export function findGroup(groups: readonly Group[], wanted: string, kind: string): Group {
  const matches = (fits: (name: string) => boolean): readonly Group[] =>
    groups.filter(({ address, folder, label }) => [address, folder, label].some(fits));
  const exact = matches((name) => name === wanted);
  const found = exact.length > 0 ? exact : matches((name) => name.toLowerCase() === wanted.toLowerCase());
  if (found.length === 0) throw new ControlRefusal(`there is no ${kind} "${wanted}"`);
  if (found.length > 1) throw new ControlRefusal(`"${wanted}" names more than one ${kind}: use the address`);
  return found[0];
}

export function groupTable(groups: readonly Group[]): string {
  return table(groups.map(({ address, folder }) => [address, folder]));
}
