/** Who may enter: the combined login that sees everything, and one login per identity. */
import { Refusal } from '../words/refusal.js';
import type { ScramKeys } from './sasl.js';

export interface Login {
  /** As the client typed it, normalised: the combined user's name, or the identity's address "BM-…". */
  readonly user: string;
  /** The one identity that this login shows and sends as; null for the combined login. */
  readonly identity: string | null;
}

/** The password is right, but nobody can be let in now; the person reads why. */
export class LoginUnavailable extends Refusal {
  override readonly name = 'LoginUnavailable';
}

export interface Logins {
  /**
   * Checks a user name and password; null when they do not fit. Slow on purpose (scrypt), and throttled per remote address.
   *
   * @throws LoginUnavailable
   */
  check(user: string, password: string, remoteAddress: string): Promise<Login | null>;
  /** What SCRAM compares with, the same for all users, who have one password; null: it was never derived. */
  readonly scramKeys: ScramKeys | null;
  /**
   * As `check`, for a client that proves that it knows the password: `prove` answers what it proved with (SCRAM's ClientKey), or null
   * when its proof is wrong. Throttled too.
   *
   * @throws LoginUnavailable
   */
  checkProof(user: string, prove: () => Uint8Array | null, remoteAddress: string): Promise<Login | null>;
}
