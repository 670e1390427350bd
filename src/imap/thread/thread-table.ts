/** What threads are made from, as numbers in columns: of a million messages 40 MB, with their names 80. Pure. */
import type { UnixSeconds } from '../../base/clock.js';
import { NameNumbers } from './name-numbers.js';

export interface ThreadRow {
  readonly uid: number;
  /** '' when it has none. */
  readonly messageId: string;
  /** Message-IDs, oldest first. */
  readonly references: readonly string[];
  /** RFC 5256 base subject, folded. */
  readonly subject: string;
  readonly isReply: boolean;
  /** The Date header, or when it was received. */
  readonly sentAt: UnixSeconds;
}

/** Names of different kinds. */
export const MESSAGE_ID = 0;
export const SUBJECT = 1;

const FIRST_REFERENCES = 64;

/** Messages go by their place in the table, from 0 on. */
export class ThreadTable {
  /** Ascending. */
  readonly uids: Uint32Array;
  readonly sentAt: Float64Array;
  /** The number of the Message-ID; 0: it has none. */
  readonly ids: Uint32Array;
  /** The number of the base subject; 0: it has none. */
  readonly subjects: Uint32Array;
  readonly isReply: Uint8Array;
  /** Where the references of each begin; one more for the end. */
  readonly referenceStarts: Uint32Array;
  #references = new Uint32Array(FIRST_REFERENCES);
  readonly subjectNumbers: NameNumbers;
  #count = 0;

  /** @param idNumbers those of Message-IDs; may know some already */
  constructor(
    capacity: number,
    readonly idNumbers: NameNumbers,
  ) {
    this.uids = new Uint32Array(capacity);
    this.sentAt = new Float64Array(capacity);
    this.ids = new Uint32Array(capacity);
    this.subjects = new Uint32Array(capacity);
    this.isReply = new Uint8Array(capacity);
    this.referenceStarts = new Uint32Array(capacity + 1);
    this.subjectNumbers = new NameNumbers(idNumbers.seeds);
  }

  get count(): number {
    return this.#count;
  }

  async add(rows: readonly ThreadRow[], breathe: () => Promise<void>): Promise<void> {
    await this.idNumbers.reserve(
      rows.reduce((sum, { references }) => sum + references.length + 1, 0),
      breathe,
    );
    await this.subjectNumbers.reserve(rows.length, breathe);
    for (const row of rows) this.#add(row);
  }

  /** The numbers of the Message-IDs that messages refer to: of each the oldest first. */
  get references(): Uint32Array {
    return this.#references;
  }

  #add({ uid, sentAt, messageId, references, subject, isReply }: ThreadRow): void {
    const index = this.#count++;
    this.uids[index] = uid;
    this.sentAt[index] = sentAt;
    this.ids[index] = messageId === '' ? 0 : this.idNumbers.of(messageId, MESSAGE_ID);
    this.subjects[index] = subject === '' ? 0 : this.subjectNumbers.of(subject, SUBJECT);
    this.isReply[index] = isReply ? 1 : 0;
    let end = this.referenceStarts[index];
    if (end + references.length > this.#references.length) this.#grow(end + references.length);
    for (const reference of references) this.#references[end++] = this.idNumbers.of(reference, MESSAGE_ID);
    this.referenceStarts[index + 1] = end;
  }

  #grow(needed: number): void {
    const larger = new Uint32Array(Math.max(needed, 2 * this.#references.length));
    larger.set(this.#references);
    this.#references = larger;
  }
}
