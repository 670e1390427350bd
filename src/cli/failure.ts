/** How a command can fail, with an exit code for scripts and a sentence for people. */

import { Refusal } from '../words/refusal.js';
import type { Saying } from '../words/words.js';

/** As in BSD's sysexits, which scripts and service managers know. */
export const EXIT = {
  done: 0,
  /** The gateway said no. */
  refused: 1,
  usage: 64,
  /** No gateway answers. */
  unavailable: 69,
  internal: 70,
  /** The disk failed. */
  disk: 74,
  /** Another gateway has the data directory, or a port is taken. */
  cannotStart: 75,
  config: 78,
} as const;

export class Failure extends Refusal {
  override readonly name = 'Failure';

  constructor(
    readonly exitCode: number,
    say: Saying,
    options?: ErrorOptions,
  ) {
    super(say, options);
  }
}
