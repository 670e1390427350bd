/** What searches nonces: the shape that every engine has. */

/** Tries the nonces of one job at a time. */
export interface Engine {
  readonly name: string;
  /** Takes the job that the following searches are for. */
  prepare(initialHash: Uint8Array, target: bigint): void;
  /**
   * Tries `count` nonces (an engine with several lanes: up to a few more) upwards from `first`, modulo 2^64.
   * Answers the lowest whose trial value is at most the target, or null.
   */
  search(first: bigint, count: number): bigint | null;
}

/** SHA-512 of the object without its nonce. */
export const INITIAL_HASH_BYTES = 64;
