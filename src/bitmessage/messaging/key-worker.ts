/** Thread door of the search for keys: some thousand tries at a time. */
import { answerJobs } from '../../base/worker-pool.js';
import { giveWay } from '../../pow/give-way.js';
import { deterministicKeySearch, type LeadingZeros, randomKeySearch } from '../crypto/key-search.js';
import type { IdentityKeys } from '../crypto/keys.js';

export interface KeyShare {
  /** Null: random keys. */
  readonly passphrase: Uint8Array | null;
  readonly leadingZeros: LeadingZeros;
  /** Where keys made of a passphrase begin. */
  readonly firstNonce: number;
  readonly steps: number;
}

answerJobs<KeyShare, IdentityKeys | null>(({ passphrase, leadingZeros, firstNonce, steps }) => {
  giveWay();
  const search = passphrase === null ? randomKeySearch(leadingZeros) : deterministicKeySearch(passphrase, leadingZeros, firstNonce);
  for (let step = 0; step < steps; step++) {
    const found = search.step();
    if (found !== undefined) return found;
  }
  return null;
});
