/** The shape of a command: in which states it may come, how its arguments read, what it does. */
import type { Session } from './session.js';
import type { Lexer } from './wire/lexer.js';

/** RFC 9051 §3, the states in which a client can say something. */
export type State = 'not-authenticated' | 'authenticated' | 'selected';

/** The tagged OK. */
export interface Completion {
  /** Response code without its brackets, such as "READ-WRITE". */
  readonly code?: string;
  readonly text?: string;
  /** What follows the OK on the same connection: a TLS handshake, compression, the end. */
  readonly afterwards?: () => Promise<void>;
}

export interface Command<T> {
  readonly states: readonly State[];
  /** True while FETCH, STORE and SEARCH go by message numbers: no EXPUNGE may shift these now (RFC 9051 §7.5.1). */
  readonly holdsNumbers?: boolean;
  /** What it removes is told even to a client that wants to hear nothing of the folder (NOTIFY NONE). */
  readonly expunges?: boolean;
  /** Its arguments or answers are message numbers: not for a client that has done with these (RFC 9586). */
  readonly byNumber?: boolean;
  /** Reads the arguments after the command's name, with the space before them. @throws ImapBad */
  parse(args: Lexer): T;
  /** @throws ImapNo, ImapBad */
  run(input: T, session: Session): Promise<Completion | undefined>;
}

export const ANY_STATE: readonly State[] = ['not-authenticated', 'authenticated', 'selected'];
export const LOGGED_IN: readonly State[] = ['authenticated', 'selected'];
export const SELECTED: readonly State[] = ['selected'];

/** For commands without arguments. */
export function parseNothing(): undefined {
  return undefined;
}
