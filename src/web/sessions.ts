/** Who has come through the door of the local page: a ticket in the URL, good once, becomes a cookie of this browser. */
import { createHash, randomBytes } from 'node:crypto';

/** 256 bits: nobody guesses it. */
const SECRET_BYTES = 32;
/** To copy a line from a terminal into a browser; then the line in the terminal is worth nothing. */
const TICKET_LIFETIME_MS = 600_000;
/** So many open lines of a terminal; the oldest goes. */
const MAX_TICKETS = 10;
/** The browsers of a household; the one that came first goes. */
const MAX_SESSIONS = 50;

export class Sessions {
  /** By hash, so that a look-up tells nothing by the time it takes. */
  readonly #tickets = new Map<string, number>();
  readonly #sessions = new Set<string>();

  /** @param now milliseconds, never going back */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** A new ticket. */
  issue(): string {
    const ticket = randomBytes(SECRET_BYTES).toString('base64url');
    this.#tickets.set(hash(ticket), this.now() + TICKET_LIFETIME_MS);
    dropOldest(this.#tickets, MAX_TICKETS);
    return ticket;
  }

  /** The cookie's value for a ticket, which is used up; undefined when it is not good. */
  redeem(ticket: string): string | undefined {
    const key = hash(ticket);
    const goodUntil = this.#tickets.get(key);
    this.#tickets.delete(key);
    if (goodUntil === undefined || this.now() > goodUntil) return undefined;
    const session = randomBytes(SECRET_BYTES).toString('base64url');
    this.#sessions.add(hash(session));
    dropOldest(this.#sessions, MAX_SESSIONS);
    return session;
  }

  knows(session: string): boolean {
    return this.#sessions.has(hash(session));
  }
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}

function dropOldest(from: { readonly size: number; keys(): IterableIterator<string>; delete(key: string): boolean }, limit: number): void {
  const oldest = from.keys().next();
  if (from.size > limit && oldest.done !== true) from.delete(oldest.value);
}
