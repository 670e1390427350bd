/** What STORE makes of the flags of an entry. Pure. */
import { type StoredFlags, toStoredFlags } from './flags.js';
import type { State, StatePool } from './state-pool.js';
import type { FlagOperation } from './types.js';

/** Each state is worked out once, however many entries are in it. @throws StoreLimit, from what it answers */
export function flagChange(operation: FlagOperation, wanted: StoredFlags, pool: StatePool): (state: State) => State {
  const known = new Map<State, State>();
  return (state) => {
    let changed = known.get(state);
    if (changed === undefined) {
      changed = pool.of(combineBits(state.bits, wanted.bits, operation), combineKeywords(state.keywords, wanted.keywords, operation));
      known.set(state, changed);
    }
    return changed;
  };
}

function combineBits(present: number, wanted: number, operation: FlagOperation): number {
  if (operation === 'add') return present | wanted;
  return operation === 'remove' ? present & ~wanted : wanted;
}

/** Keeps the order, so that the same set is the same text as long as nothing changes. @throws StoreLimit */
function combineKeywords(present: string, wanted: readonly string[], operation: FlagOperation): string {
  if (wanted.length === 0 && operation !== 'replace') return present;
  const words = present === '' ? [] : present.split(' ');
  const lower = new Set(wanted.map((word) => word.toLowerCase()));
  if (operation === 'remove') return words.filter((word) => !lower.has(word.toLowerCase())).join(' ');
  const kept = operation === 'add' ? words : words.filter((word) => lower.has(word.toLowerCase()));
  const known = new Set(kept.map((word) => word.toLowerCase()));
  const all = [...kept, ...wanted.filter((word) => !known.has(word.toLowerCase()))];
  return toStoredFlags(all).keywords.join(' ');
}
