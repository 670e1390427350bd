/** Asks the full-text index which messages may contain a text, block by block: one question for all would take too long. */
import type { Messages } from '../../store/mail/types.js';

/** Even when every message of a block fits, the answer takes some milliseconds. */
const IDS_PER_BLOCK = 32_768;

export class TextFilter {
  readonly #blocks = new Map<number, ReadonlySet<number> | null>();

  constructor(
    private readonly messages: Messages,
    private readonly foldedText: string,
  ) {}

  /** False: the text is not in this message. True: it has to be read. */
  mayContain(messageId: number): boolean {
    const block = Math.floor(messageId / IDS_PER_BLOCK);
    let found = this.#blocks.get(block);
    if (found === undefined) {
      const first = block * IDS_PER_BLOCK;
      const ids = this.messages.candidates(this.foldedText, first, first + IDS_PER_BLOCK - 1);
      found = ids === null ? null : new Set(ids);
      this.#blocks.set(block, found);
    }
    return found === null || found.has(messageId);
  }
}
