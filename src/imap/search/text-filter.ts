/** Asks the full-text index which messages may contain a text, block by block: one question for all would take too long. */
import type { Messages } from '../../store/mail/types.js';

/** Even when every message of a block fits, the answer takes a few milliseconds. */
const IDS_PER_BLOCK = 4096;

export class TextFilter {
  /** A byte for each message of a block, not 0: it has to be read. Null: the index cannot tell. */
  readonly #blocks = new Map<number, Uint8Array | null>();

  constructor(
    private readonly messages: Messages,
    private readonly foldedText: string,
  ) {}

  /** False: the text is not in this message. True: it has to be read. */
  mayContain(messageId: number): boolean {
    const block = Math.floor(messageId / IDS_PER_BLOCK);
    const first = block * IDS_PER_BLOCK;
    let found = this.#blocks.get(block);
    if (found === undefined) this.#blocks.set(block, (found = this.#ask(first)));
    return found === null || found[messageId - first] !== 0;
  }

  #ask(first: number): Uint8Array | null {
    const ids = this.messages.candidates(this.foldedText, first, first + IDS_PER_BLOCK - 1);
    if (ids === null) return null;
    const found = new Uint8Array(IDS_PER_BLOCK);
    for (const id of ids) found[id - first] = 1;
    return found;
  }
}
