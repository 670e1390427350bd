/** Who has come through the door of the local page: a ticket in the URL, good once, or the password becomes a cookie of this browser. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a form did, told on the page that comes next. */
export interface Notice {
  readonly isGood: boolean;
  readonly text: string;
}

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
  readonly #sessions = new Map<string, Notice | null>();
  readonly #formKey = randomBytes(SECRET_BYTES);

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
    return goodUntil === undefined || this.now() > goodUntil ? undefined : this.admit();
  }

  /** The cookie's value for whoever has shown otherwise who they are. */
  admit(): string {
    const session = randomBytes(SECRET_BYTES).toString('base64url');
    this.#sessions.set(hash(session), null);
    dropOldest(this.#sessions, MAX_SESSIONS);
    return session;
  }

  knows(session: string): boolean {
    return this.#sessions.has(hash(session));
  }

  leave(session: string): void {
    this.#sessions.delete(hash(session));
  }

  /** What stands in every form of this session, and in no page of anybody else. */
  formToken(session: string): string {
    return createHmac('sha256', this.#formKey).update(session).digest('base64url');
  }

  isFormToken(session: string, token: string): boolean {
    const [given, expected] = [Buffer.from(token), Buffer.from(this.formToken(session))];
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  tell(session: string, notice: Notice): void {
    if (this.knows(session)) this.#sessions.set(hash(session), notice);
  }

  /** What is to be told, once. */
  takeNotice(session: string): Notice | null {
    const notice = this.#sessions.get(hash(session)) ?? null;
    if (notice !== null) this.#sessions.set(hash(session), null);
    return notice;
  }
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}

function dropOldest<T>(from: Map<string, T>, limit: number): void {
  const oldest = from.keys().next();
  if (from.size > limit && oldest.done !== true) from.delete(oldest.value);
}
