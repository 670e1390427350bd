/** Turns the body of an own object into an object: does the work, checks it as a receiver would, and puts it into the inventory. */
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { Miner } from '../../pow/miner.js';
import { MAINS, type Power } from '../../pow/power.js';
import { type Difficulty, expectedTrials, initialHash, isSufficient, MIN_TTL_SECONDS, target } from '../../pow/target.js';
import { inventoryHash } from '../crypto/hash.js';
import type { Inventory } from '../inventory/inventory.js';
import { NONCE_BYTES, readObjectHeader, withNonce } from '../wire/object.js';

export interface Work {
  /** Already raised to the network's minimum. */
  readonly demand: Difficulty;
  readonly signal: AbortSignal;
  /** Told how much of the expected work is done: 0 … 1, or more with bad luck. */
  readonly onProgress?: (progress: number) => void;
}

/**
 * Work is done for a life this much longer than it is: a receiver whose clock is behind sees more of the TTL, and demands
 * more. It costs less than 0.1 % for a message of four days.
 */
const CLOCK_TOLERANCE_SECONDS = 300;

export class Publisher {
  constructor(
    private readonly options: { readonly minimum: Difficulty },
    private readonly rooms: {
      readonly miner: Pick<Miner, 'mine'>;
      readonly inventory: Inventory;
      readonly clock: Clock;
      /** By default work is done whenever there is some. */
      readonly power?: Power;
    },
  ) {}

  /**
   * Waits until work may be done, builds an object without nonce and does its work; again from the start when the work took so long that hardly any
   * life is left.
   *
   * @param build signs and encrypts for an expiry counted from this time
   * @throws AbortError
   */
  async mine(build: (now: UnixSeconds) => Uint8Array, work: Work): Promise<Uint8Array> {
    for (;;) {
      // Before it is built: while it waits nothing of its life is spent.
      await (this.rooms.power ?? MAINS).ready(work.signal);
      work.signal.throwIfAborted();
      const object = await this.#mineOnce(build(this.rooms.clock.now()), work);
      const { expiresAt } = readObjectHeader(object);
      if (expiresAt - this.rooms.clock.now() >= MIN_TTL_SECONDS) return object;
    }
  }

  /** Own objects are on the disk after the commit; joins the caller's transaction. Answers the inventory hash. */
  publish(object: Uint8Array): Uint8Array {
    const hash = inventoryHash(object);
    this.rooms.inventory.add({ ...readObjectHeader(object), bytes: object, hash }, { own: true });
    return hash;
  }

  async #mineOnce(body: Uint8Array, { demand, signal, onProgress }: Work): Promise<Uint8Array> {
    const lengthBytes = body.length + NONCE_BYTES;
    const { expiresAt } = readObjectHeader(withNonce(0n, body));
    const limit = target({ lengthBytes, ttlSeconds: expiresAt - this.rooms.clock.now() + CLOCK_TOLERANCE_SECONDS, ...demand });
    const expected = expectedTrials(limit);
    const { nonce } = await this.rooms.miner.mine({
      initialHash: initialHash(body),
      target: limit,
      signal,
      onProgress: onProgress && ((trials) => onProgress(trials / expected)),
    });
    const object = withNonce(nonce, body);
    if (!isSufficient(object, this.rooms.clock.now(), demand, this.options.minimum)) {
      throw new Error('the work done for an own object does not suffice');
    }
    return object;
  }
}
