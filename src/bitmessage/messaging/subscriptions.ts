/** The addresses whose broadcasts we read, with the keys and tags that their broadcasts are found and opened by. */
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { SubscriptionRow, SubscriptionTable } from '../../store/node/subscriptions.js';
import { type Address, addressKey, addressTag, formatAddress, parseAddress } from '../crypto/address.js';
import type { Subscription } from '../node.js';
import { equalBytes } from '../wire/bytes.js';

export interface OpenSubscription extends Subscription {
  readonly id: number;
  readonly decoded: Address;
  readonly tag: Uint8Array;
  /** Private key that opens its broadcasts. */
  readonly key: Uint8Array;
  readonly rescanAfter: number;
}

export class Subscriptions {
  #all: OpenSubscription[] | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly rooms: {
      readonly table: SubscriptionTable;
      readonly afterCommit: (callback: () => void) => void;
      readonly clock: Clock;
    },
  ) {}

  all(): readonly OpenSubscription[] {
    return (this.#all ??= this.rooms.table.all().map(toOpen));
  }

  find(address: string): OpenSubscription | undefined {
    return this.all().find((subscription) => subscription.address === address);
  }

  /** Broadcasts of version 5 name their author. */
  findByTag(tag: Uint8Array): OpenSubscription | undefined {
    return this.all().find(
      (subscription) => subscription.enabled && subscription.decoded.version >= 4 && equalBytes(subscription.tag, tag),
    );
  }

  /** Broadcasts of version 4 do not: every key is tried. */
  anonymous(): readonly OpenSubscription[] {
    return this.all().filter((subscription) => subscription.enabled && subscription.decoded.version < 4);
  }

  /** Idempotent; a new label replaces the old one. @throws AddressError */
  put(address: string, label: string): OpenSubscription {
    const canonical = formatAddress(parseAddress(address));
    this.rooms.table.put(canonical, label, this.#now());
    this.#changed();
    const subscription = this.find(canonical);
    if (subscription === undefined) throw new Error('a subscription just made is not in the store');
    return subscription;
  }

  /** Takes one over as it was elsewhere; false when it is here. @throws AddressError */
  adopt(address: string, label: string, enabled: boolean): boolean {
    const canonical = formatAddress(parseAddress(address));
    const added = this.rooms.table.insert({ address: canonical, label, enabled }, this.#now());
    if (added) this.#changed();
    return added;
  }

  setRescanAfter(id: number, afterId: number): void {
    this.rooms.table.setRescanAfter(id, afterId);
    this.#changed();
  }

  remove(address: string): void {
    this.rooms.table.remove(address);
    this.#changed();
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  #now(): UnixSeconds {
    return this.rooms.clock.now();
  }

  #changed(): void {
    this.#all = undefined;
    this.rooms.afterCommit(() => {
      this.#all = undefined;
      for (const listener of this.#listeners) listener();
    });
  }
}

function toOpen(row: SubscriptionRow): OpenSubscription {
  const decoded = parseAddress(row.address);
  return {
    id: row.id,
    address: row.address,
    label: row.label,
    enabled: row.enabled,
    decoded,
    tag: addressTag(decoded),
    key: addressKey(decoded),
    rescanAfter: row.rescanAfter,
  };
}
