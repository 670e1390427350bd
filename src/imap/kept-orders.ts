/** What SORT and THREAD made of a folder, kept until other messages are asked about: clients ask the same again and again. */

/** 16 MB: the order and the threads of some 300,000 messages. */
const MAX_KEPT_NUMBERS = 2_000_000;

interface KeptOrder {
  /** The messages that it is about: content does not change, so the order is right as long as they are the same. */
  readonly uids: Float64Array;
  readonly order: Float64Array;
}

export class KeptOrders {
  /** The one that was used last comes last. */
  readonly #kept = new Map<string, KeptOrder>();
  #numbers = 0;

  constructor(private readonly maxNumbers = MAX_KEPT_NUMBERS) {}

  /**
   * The order as it was kept, else made and kept.
   *
   * @param kind what of which folder: whatever the order depends on besides the messages
   */
  async of(kind: string, uids: readonly number[], make: () => Promise<readonly number[]>): Promise<Float64Array> {
    const kept = this.#kept.get(kind);
    if (kept !== undefined && areSame(kept.uids, uids)) {
      this.#kept.delete(kind);
      this.#kept.set(kind, kept);
      return kept.order;
    }
    const order = Float64Array.from(await make());
    this.#forget(kind);
    if (uids.length + order.length <= this.maxNumbers) this.#keep(kind, { uids: Float64Array.from(uids), order });
    return order;
  }

  #keep(kind: string, kept: KeptOrder): void {
    this.#kept.set(kind, kept);
    this.#numbers += sizeOf(kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#numbers <= this.maxNumbers) return;
      this.#forget(oldest);
    }
  }

  #forget(kind: string): void {
    const kept = this.#kept.get(kind);
    if (kept === undefined) return;
    this.#numbers -= sizeOf(kept);
    this.#kept.delete(kind);
  }
}

function sizeOf({ uids, order }: KeptOrder): number {
  return uids.length + order.length;
}

function areSame(kept: Float64Array, uids: readonly number[]): boolean {
  if (kept.length !== uids.length) return false;
  for (let i = 0; i < uids.length; i++) if (kept[i] !== uids[i]) return false;
  return true;
}
