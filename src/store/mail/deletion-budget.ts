/** How much is deleted in one step: what is deleted is overwritten, so that its bytes count as well as its rows. Pure. */
import { LARGE_MESSAGE_BYTES } from './large-messages.js';

/** 6 ms, and as much again for the disk. */
const BYTES_AT_ONCE = 2 ** 20;

export class DeletionBudget {
  #bytes = BYTES_AT_ONCE;

  /** The first of these messages for which there is room, in all calls together; one at least. */
  take<T extends { readonly size: number }>(rows: readonly T[]): readonly T[] {
    let end = 0;
    while (end < rows.length) {
      // Those of a large one are deleted later, piece by piece.
      const bytes = rows[end].size > LARGE_MESSAGE_BYTES ? 0 : rows[end].size;
      if (bytes > this.#bytes && this.#bytes < BYTES_AT_ONCE) break;
      this.#bytes -= bytes;
      end++;
    }
    return end === rows.length ? rows : rows.slice(0, end);
  }
}
