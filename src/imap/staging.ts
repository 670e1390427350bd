/** The large messages of one command on their way into the store: described in a thread and written piece by piece. */
import { LARGE_MESSAGE_BYTES, type LargeMessageWriter, PIECE_BYTES, type WrittenMessage } from '../store/mail/large-messages.js';
import type { Session } from './session.js';

export class Staging {
  readonly #writers: LargeMessageWriter[] = [];

  constructor(private readonly session: Session) {}

  /** What the store takes instead of the bytes, which must not be used any more; a small message stays as it is. */
  async stage(received: Buffer): Promise<Buffer | WrittenMessage> {
    if (received.length <= LARGE_MESSAGE_BYTES) return received;
    const { largeMessages, messages } = this.session.rooms;
    const { description, raw } = await largeMessages.describe(received);
    const writer = messages.writeLarge(description);
    this.#writers.push(writer);
    for (let start = 0; start < raw.length; start += PIECE_BYTES) {
      writer.add(raw.subarray(start, start + PIECE_BYTES));
      await this.session.breathe();
    }
    return writer.written();
  }

  /** The command is over: what was not appended goes. */
  close(): void {
    for (const writer of this.#writers) writer.close();
  }
}
