/** Checks who may enter: the combined user, or one of our identities with the same password, also one that is made by that. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Keystore } from './keystore.js';
import type { Login, Logins } from './login.js';
import { verifyPassword } from './password.js';
import type { ScramKeys } from './sasl.js';
import type { Attempt, LoginThrottle } from './throttle.js';

export interface LoginCheckOptions {
  /** Name of the combined login. */
  readonly user: string;
  readonly verifier: string;
  /** Null: nobody can log in with SCRAM. */
  readonly scramKeys: ScramKeys | null;
  /** What may stand after the "@" of a user name. */
  readonly domain: string;
}

export interface LoginCheckRooms {
  readonly throttle: LoginThrottle;
  /** The addresses that have a login of their own: our identities, without chans. */
  identities(): readonly string[];
  /** The address of the identity of that name, made if there is none; null when it is no name, or there are enough. */
  named(label: string): Promise<string | null>;
  /** What the one who was let in knows opens the private keys, too. */
  readonly keystore?: Pick<Keystore, 'admitted' | 'proved'>;
  /** Resolves when there is something to be let in to. @throws LoginUnavailable */
  readonly opened?: () => Promise<void>;
}

/** "new+Work" logs in as the identity called Work. */
const NEW_IDENTITY = /^new\+(.+)$/is;
/** Longer is no password but an attempt to keep us busy. */
const MAX_PASSWORD_CHARACTERS = 1024;

export class LoginCheck implements Logins {
  readonly #cacheKey = randomBytes(32);
  /** HMAC of the password that was good: a mail program's ten connections cost one scrypt. */
  #good: Buffer | undefined;
  /** Checks under way, by HMAC of the password, so that ten connections at once share one. */
  readonly #running = new Map<string, Promise<boolean>>();

  constructor(
    private readonly options: LoginCheckOptions,
    private readonly rooms: LoginCheckRooms,
  ) {}

  async check(user: string, password: string, remoteAddress: string): Promise<Login | null> {
    const attempt = await this.rooms.throttle.enter(remoteAddress);
    if (attempt === null || password.length > MAX_PASSWORD_CHARACTERS) return null;
    // The password is checked for an unknown user too: the time it takes tells nothing about names.
    if (!(await this.#isGood(password))) return null;
    await this.rooms.keystore?.admitted(password);
    return this.#admit(user, attempt);
  }

  get scramKeys(): ScramKeys | null {
    return this.options.scramKeys;
  }

  async checkProof(user: string, prove: () => Uint8Array | null, remoteAddress: string): Promise<Login | null> {
    const attempt = await this.rooms.throttle.enter(remoteAddress);
    if (attempt === null) return null;
    const clientKey = prove();
    if (clientKey === null) return null;
    await this.rooms.keystore?.proved(clientKey);
    return this.#admit(user, attempt);
  }

  /** Who has proved to know the password: nobody else makes an identity. */
  async #admit(user: string, attempt: Attempt): Promise<Login | null> {
    await this.rooms.opened?.().catch((error) => {
      attempt.succeeded();
      throw error;
    });
    const login = await this.#resolve(user);
    if (login !== null) attempt.succeeded();
    return login;
  }

  async #isGood(password: string): Promise<boolean> {
    const digest = createHmac('sha256', this.#cacheKey).update(password).digest();
    if (this.#good !== undefined && timingSafeEqual(digest, this.#good)) return true;
    const key = digest.toString('hex');
    let check = this.#running.get(key);
    if (check === undefined) {
      check = verifyPassword(password, this.options.verifier).finally(() => this.#running.delete(key));
      this.#running.set(key, check);
    }
    const isGood = await check;
    if (isGood) this.#good = digest;
    return isGood;
  }

  /** Mail programs lower-case user names and add or drop the domain; "BM-" may be left out. */
  async #resolve(typed: string): Promise<Login | null> {
    const [, local, domain] = /^(.*?)(?:@([^@]*))?$/s.exec(typed.trim()) ?? [];
    if (local === undefined || (domain !== undefined && domain.toLowerCase() !== this.options.domain)) return null;
    if (local.toLowerCase() === this.options.user.toLowerCase()) return { user: this.options.user, identity: null };
    const [, label] = NEW_IDENTITY.exec(local) ?? [];
    if (label !== undefined) {
      const named = await this.rooms.named(label);
      return named === null ? null : { user: named, identity: named };
    }
    const wanted = withPrefix(local);
    const own = this.rooms.identities();
    const address = own.find((each) => each === wanted) ?? own.find((each) => each.toLowerCase() === wanted.toLowerCase());
    return address === undefined ? null : { user: address, identity: address };
  }
}

function withPrefix(address: string): string {
  return `BM-${address.replace(/^bm-/i, '')}`;
}
