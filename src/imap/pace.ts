/** How one client's long command gives way to others, waits while the client is slow, and says that it is still at it. */
import type { Connection } from './connection.js';
import type { Turns } from './turns.js';
import { quoted } from './wire/encoder.js';

/** A command that goes on for longer lets the others have a turn. */
const MAX_SLICE_MS = 20;

export class Pace {
  #sliceEndsAt = 0;
  #tag = '*';
  #progressAt = Infinity;

  constructor(
    private readonly connection: Connection,
    private readonly turns: Turns,
    private readonly progressIntervalMs: number,
  ) {}

  /** A command begins. */
  begin(tag: string): void {
    this.#tag = tag;
    this.#progressAt = performance.now() + this.progressIntervalMs;
  }

  /** The tag of the command that is running. */
  get tag(): string {
    return this.#tag;
  }

  /** Whether enough was written, or enough time has passed, for `breathe`. */
  get needsBreath(): boolean {
    return this.connection.full || performance.now() >= this.#sliceEndsAt;
  }

  /** In a long answer, after each piece: writes, waits for a slow client, and lets other clients have a turn. */
  async breathe(): Promise<void> {
    if (!this.needsBreath) return;
    this.#tellProgress();
    await this.#giveWay();
  }

  /** After a step that was as long as one may be, such as a commit: others have their turn in any case. */
  async rest(): Promise<void> {
    this.#tellProgress();
    await this.#giveWay();
  }

  /** As `breathe`, in the midst of a response: nothing else may be said there. */
  async pause(): Promise<void> {
    if (this.needsBreath) await this.#giveWay();
  }

  /** The command waits for something, it does not work: no word of progress. */
  keepQuiet(): void {
    this.#progressAt = Infinity;
  }

  async #giveWay(): Promise<void> {
    await this.connection.flush();
    await this.turns.next();
    this.#sliceEndsAt = performance.now() + MAX_SLICE_MS;
  }

  /** RFC 9585: the client sees that a long command goes on, and so do the boxes on the way that cut off silent connections. */
  #tellProgress(): void {
    if (performance.now() < this.#progressAt) return;
    // A tag with "]" would end the response code for clients that look for that.
    const tag = this.#tag.includes(']') ? 'NIL' : quoted(this.#tag).toString('latin1');
    this.connection.send(`* OK [INPROGRESS (${tag} NIL NIL)] Still at it\r\n`);
    this.#progressAt = performance.now() + this.progressIntervalMs;
  }
}
