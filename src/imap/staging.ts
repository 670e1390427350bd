/** The messages of one command on their way into a folder: brought onto the disk step by step, and then appended all at once. */
import { LARGE_MESSAGE_BYTES, PIECE_BYTES } from '../store/mail/large-messages.js';
import { nextSliceSize } from '../store/mail/slice-size.js';
import type { MessageStaging, StagedMessage } from '../store/mail/staged-messages.js';
import type { NewEntry } from '../store/mail/types.js';
import type { Session } from './session.js';

type ReceivedEntry = NewEntry & { readonly raw: Buffer };

/** Written in some milliseconds, their commit included; fewer are appended as they are. */
const FIRST_SLICE = 20;
/** So much is written and waited for in some milliseconds, too. */
const SLICE_BYTES = 2 ** 20;
const SLICE_MS = 10;

export class Staging {
  readonly #staging: MessageStaging;
  readonly #entries: NewEntry[] = [];
  /** The last of these, which are not on the disk yet. */
  #waiting: ReceivedEntry[] = [];
  #waitingBytes = 0;
  #sliceSize = FIRST_SLICE;

  constructor(private readonly session: Session) {
    this.#staging = session.rooms.mailboxes.stage();
  }

  /** The bytes must not be used any more. */
  async add(entry: ReceivedEntry): Promise<void> {
    if (entry.raw.length > LARGE_MESSAGE_BYTES) {
      await this.#writeWaiting();
      this.#entries.push({ ...entry, raw: await this.#writeLarge(entry.raw) });
      return;
    }
    this.#waiting.push(entry);
    this.#waitingBytes += entry.raw.length;
    if (this.#waiting.length >= this.#sliceSize || this.#waitingBytes >= SLICE_BYTES) await this.#writeWaiting();
  }

  /** As `mailboxes.append` takes them, in their order. */
  async entries(): Promise<readonly NewEntry[]> {
    // What is few is appended in one step; of many only what names them is left to write.
    if (this.#entries.length > 0) await this.#writeWaiting();
    return [...this.#entries, ...this.#waiting];
  }

  /** The command is over: what was not appended goes. */
  close(): void {
    this.#staging.close();
  }

  async #writeWaiting(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    const startedAt = performance.now();
    const staged = this.#staging.add(waiting.map(({ raw }) => raw));
    waiting.forEach((entry, index) => {
      this.#entries.push({ ...entry, raw: staged[index] });
    });
    this.#sliceSize = nextSliceSize(waiting.length, performance.now() - startedAt, SLICE_MS);
    this.#waiting = [];
    this.#waitingBytes = 0;
    await this.session.pace.rest();
  }

  /** Described in a thread. */
  async #writeLarge(received: Buffer): Promise<StagedMessage> {
    const { description, raw } = await this.session.rooms.largeMessages.describe(received);
    const { message, add } = this.#staging.beginLarge(description, raw.length);
    for (let start = 0; start < raw.length; start += PIECE_BYTES) {
      add(raw.subarray(start, start + PIECE_BYTES));
      await this.session.breathe();
    }
    return message;
  }
}
