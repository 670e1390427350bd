/** What the doctor says of one thing. */

import type { Saying, Words } from '../../words/words.js';

/** What is looked at. */
export type Subject = keyof Words['doctor']['subjects'];

export interface Finding {
  readonly about: Subject;
  readonly verdict: 'ok' | 'warn' | 'fail';
  /** A sentence that may be shown to strangers: no address, host, path or name is in it. */
  readonly text: Saying;
  /** What only the owner is to read. */
  readonly detail?: string | Saying;
}
