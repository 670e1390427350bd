/** Looks through the inventory again for an identity, chan or subscription that is new, or was locked: what came before it could be read. */
import type { Inventory, StoredObject } from '../inventory/inventory.js';
import { OBJECT_BROADCAST, OBJECT_MSG } from '../wire/params.js';
import type { Identities } from './identities.js';
import type { Keyring } from './object-reader.js';
import type { Subscriptions } from './subscriptions.js';

/** Objects of one step. */
const BATCH_OBJECTS = 64;
const DONE = -1;

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

  /** The next objects to try with one new key, or undefined when there is nothing to look back for. */
  next(): RescanStep | undefined {
    return this.#forIdentity() ?? this.#forSubscription();
  }

  #forIdentity(): RescanStep | undefined {
    const { inventory, identities } = this.rooms;
    const first = identities.usable().find(({ rescanAfter }) => rescanAfter !== DONE);
    if (first === undefined) return undefined;
    // Those that were locked together are looked for together.
    const together = identities.usable().filter(({ rescanAfter }) => rescanAfter === first.rescanAfter);
    const batch = inventory.scan([OBJECT_MSG], first.rescanAfter, BATCH_OBJECTS);
    return {
      objects: batch.map(({ object }) => object),
      keyring: { identities: together, subscriptions: [] },
      // Not of one that was made anew meanwhile, and wants a look back of its own.
      finish: () => {
        for (const { address, id } of together) {
          if (identities.find(address)?.id === id) identities.update(address, { rescanAfter: lastId(batch) });
        }
      },
    };
  }

  /** Broadcasts of version 5 are found by their tag; of those before, every one is tried. */
  #forSubscription(): RescanStep | undefined {
    const { inventory, subscriptions } = this.rooms;
    const subscription = subscriptions.all().find(({ enabled, rescanAfter }) => enabled && rescanAfter !== DONE);
    if (subscription === undefined) return undefined;
    const keyring = { identities: [], subscriptions: [subscription] };
    const finishAt = (id: number) => (): void => subscriptions.setRescanAfter(subscription.id, id);
    if (subscription.decoded.version >= 4) {
      return { objects: inventory.byTag(OBJECT_BROADCAST, subscription.tag), keyring, finish: finishAt(DONE) };
    }
    const batch = inventory.scan([OBJECT_BROADCAST], subscription.rescanAfter, BATCH_OBJECTS);
    return { objects: batch.map(({ object }) => object), keyring, finish: finishAt(lastId(batch)) };
  }
}

function lastId(batch: readonly { readonly id: number }[]): number {
  return batch.length < BATCH_OBJECTS ? DONE : batch[batch.length - 1].id;
}
