/** What the doctor says of one thing. */

export interface Finding {
  readonly about: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  /** A sentence that may be shown to strangers: no address, host, path or name is in it. */
  readonly text: string;
  /** What only the owner is to read. */
  readonly detail?: string;
}
