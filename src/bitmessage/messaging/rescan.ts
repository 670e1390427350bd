/** Looks through the inventory again for an identity, chan or subscription that is new, or was locked: what came before it could be read. */
import type { Inventory, StoredObject } from '../inventory/inventory.js';
import { OBJECT_BROADCAST, OBJECT_MSG } from '../wire/params.js';
import { type Identities, NO_RESCAN, type UsableIdentity } from './identities.js';
import type { Keyring } from './object-reader.js';
import type { Subscriptions } from './subscriptions.js';

/** Objects of one step: a few milliseconds of the main thread. */
const BATCH_OBJECTS = 128;

export interface RescanStep {
  readonly objects: readonly StoredObject[];
  readonly keyring: Keyring;
  /** Remembers how far it came. */
  readonly finish: () => void;
}

export class Rescan {
  constructor(
    private readonly rooms: {
      readonly inventory: Inventory;
      readonly identities: Identities;
      readonly subscriptions: Subscriptions;
    },
  ) {}

  /** The next objects to try with new keys, or undefined when there is nothing to look back for. */
  next(): RescanStep | undefined {
    return this.#forIdentities() ?? this.#forSubscription();
  }

  /** How much of what is here was looked through for new keys, from 0 to 1, for the last of them; null when there are none. */
  progress(): number | null {
    const positions = this.#behind().map(({ rescanAfter }) => rescanAfter);
    const range = this.rooms.inventory.range();
    if (positions.length === 0 || range === null) return null;
    const done = Math.min(...positions) + 1 - range.first;
    return Math.min(Math.max(done, 0) / (range.last + 1 - range.first), 1);
  }

  #forIdentities(): RescanStep | undefined {
    const { inventory, identities } = this.rooms;
    const behind = this.#behind();
    if (behind.length === 0) return undefined;
    const { from, to } = whereToGoOn(
      behind.map(({ rescanAfter }) => rescanAfter),
      inventory.range()?.last ?? 0,
    );
    const together = behind.filter(({ rescanAfter }) => rescanAfter === from);
    const batch = inventory.scan([OBJECT_MSG], from, BATCH_OBJECTS).filter(({ id }) => to === undefined || id <= to);
    const reached = lastId(batch) ?? to ?? NO_RESCAN;
    return {
      objects: batch.map(({ object }) => object),
      keyring: { identities: together, subscriptions: [] },
      finish: () => identities.lookedBack(together, from, reached),
    };
  }

  #behind(): UsableIdentity[] {
    return this.rooms.identities.usable().filter(({ rescanAfter }) => rescanAfter !== NO_RESCAN);
  }

  /** Broadcasts of version 5 are found by their tag; of those before, every one is tried. */
  #forSubscription(): RescanStep | undefined {
    const { inventory, subscriptions } = this.rooms;
    const subscription = subscriptions.all().find(({ enabled, rescanAfter }) => enabled && rescanAfter !== NO_RESCAN);
    if (subscription === undefined) return undefined;
    const keyring = { identities: [], subscriptions: [subscription] };
    const finishAt = (id: number) => (): void => subscriptions.setRescanAfter(subscription.id, id);
    if (subscription.decoded.version >= 4) {
      return { objects: inventory.byTag(OBJECT_BROADCAST, subscription.tag), keyring, finish: finishAt(NO_RESCAN) };
    }
    const batch = inventory.scan([OBJECT_BROADCAST], subscription.rescanAfter, BATCH_OBJECTS);
    return { objects: batch.map(({ object }) => object), keyring, finish: finishAt(lastId(batch) ?? NO_RESCAN) };
  }
}

/**
 * With which keys to go on, and up to where those stand that they then go on with: ten keys together cost little more than one. Who is
 * nearer to the end than to the one behind is not kept waiting for that one.
 *
 * @param positions how far each came @param end how far there is to go
 */
export function whereToGoOn(positions: readonly number[], end: number): { from: number; to: number | undefined } {
  const [front, ...others] = [...new Set(positions)].sort((a, b) => b - a);
  let [from, to]: [number, number | undefined] = [front, undefined];
  for (const next of others) {
    if (from - next > end - from) break;
    [from, to] = [next, from];
  }
  return { from, to };
}

/** Undefined: it was the last batch. */
function lastId(batch: readonly { readonly id: number }[]): number | undefined {
  return batch.length < BATCH_OBJECTS ? undefined : batch[batch.length - 1].id;
}
