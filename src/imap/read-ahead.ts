/** What the messages of a slice consist of, read for many of them when the first one needs it, and never for too many. */
import type { MessageRange, Messages } from '../store/mail/message-types.js';
import type { Entry } from '../store/mail/types.js';
import { WRITE_PIECE_BYTES } from './connection.js';
import type { FetchItem, Partial, Section } from './fetch-items.js';
import { cutRange, indexedRange } from './fetch-section.js';

/** What FETCH asks of a message beside its row. */
export type Content = Pick<
  Messages,
  'pieces' | 'header' | 'listedFields' | 'structure' | 'envelope' | 'bodyStructure' | 'preview' | 'partIndex' | 'range' | 'objectIds'
>;

/** Beyond this a further message costs little more than what is saved by reading it together with others. */
const MAX_AT_ONCE = 500;
/** Of whole messages, unless one alone is larger: what is written at once, so that nothing is read that has to wait. */
const MAX_RAW_BYTES = WRITE_PIECE_BYTES;
/** Longer ones, on average, are not read as one block (see `readPieces`), and of a part of them no more than that. */
const LONG_BYTES = 8 * 1024;
/** Of headers and structures, which are nearly always a small part of a message: the sum of the sizes of the messages. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

export class ReadAhead implements Content {
  readonly #pieces: Block<readonly Buffer[]>;
  readonly #headers: Block<Buffer>;
  readonly #listedFields: Block<Buffer>;
  readonly #structures: Block<string>;
  readonly #envelopes: Block<Buffer | null>;
  readonly #bodyStructures: Block<Buffer | null>;
  readonly #previews: Block<Buffer | null>;
  readonly #partIndexes: Block<string | null>;
  readonly #sections: readonly Block<ReadRange | null>[];
  readonly #threadIds: Block<number>;
  readonly #areLong: boolean;

  /** @param entries which will be asked for in this order @param items what of them */
  constructor(
    private readonly messages: Messages,
    entries: readonly Entry[],
    items: readonly FetchItem[],
  ) {
    const areLong = entries.reduce((sum, { size }) => sum + size, 0) > LONG_BYTES * entries.length;
    this.#pieces = new Block(entries, MAX_RAW_BYTES, (ids) => (areLong ? messages.piecesOf(ids) : messages.raws(ids).map((raw) => [raw])));
    this.#headers = new Block(entries, MAX_MESSAGE_BYTES, (ids) => messages.headers(ids));
    this.#listedFields = new Block(entries, MAX_MESSAGE_BYTES, (ids) => messages.listedFieldsOf(ids));
    this.#structures = new Block(entries, MAX_MESSAGE_BYTES, (ids) => messages.structures(ids));
    this.#envelopes = new Block(entries, MAX_MESSAGE_BYTES, (ids) => messages.envelopes(ids));
    this.#bodyStructures = new Block(entries, MAX_MESSAGE_BYTES, (ids) => messages.bodyStructures(ids));
    this.#previews = new Block(entries, MAX_MESSAGE_BYTES, (ids) => messages.previews(ids));
    this.#partIndexes = new Block(entries, MAX_MESSAGE_BYTES, (ids) => messages.partIndexes(ids));
    this.#sections = (areLong ? items : []).filter(isIndexed).map(({ section, partial }) => this.#readSection(entries, section, partial));
    this.#threadIds = new Block(entries, Infinity, (ids) => messages.threadIds(ids));
    this.#areLong = areLong;
  }

  pieces(messageId: number): readonly Buffer[] {
    return this.#pieces.get(messageId);
  }

  header(messageId: number): Buffer {
    return this.#headers.get(messageId);
  }

  listedFields(messageId: number): Buffer {
    return this.#listedFields.get(messageId);
  }

  structure(messageId: number): string {
    return this.#structures.get(messageId);
  }

  envelope(messageId: number): Buffer | null {
    return this.#envelopes.get(messageId);
  }

  bodyStructure(messageId: number): Buffer | null {
    return this.#bodyStructures.get(messageId);
  }

  preview(messageId: number): Buffer | null {
    return this.#previews.get(messageId);
  }

  partIndex(messageId: number): string | null {
    return this.#partIndexes.get(messageId);
  }

  range(asked: MessageRange): Buffer | null {
    if (!this.#areLong) return this.pieces(asked.messageId)[0].subarray(asked.start, asked.end);
    for (const section of this.#sections) {
      const read = section.get(asked.messageId);
      if (read !== null && read.start === asked.start && read.end === asked.end) return read.bytes;
    }
    return this.messages.range(asked);
  }

  /** The same section of one message after the other, as far as their parts are indexed. */
  #readSection(entries: readonly Entry[], section: Section, partial: Partial | null): Block<ReadRange | null> {
    const rangeOf = (messageId: number): MessageRange | null => {
      const index = this.partIndex(messageId);
      const range = index === null ? null : indexedRange(index, section);
      return range && { messageId, ...cutRange(range, partial) };
    };
    const read = (messageIds: readonly number[]): (ReadRange | null)[] => {
      const ranges = messageIds.map(rangeOf);
      const bytes = this.messages.ranges(ranges.filter((range) => range !== null));
      let at = 0;
      return ranges.map((range) => range && { ...range, bytes: bytes[at++] });
    };
    return new Block(entries, MAX_RAW_BYTES, read, ({ messageId }) => {
      const range = rangeOf(messageId);
      return range === null ? 0 : range.end - range.start;
    });
  }

  objectIds(messageId: number): { emailId: string; threadId: string } {
    return { emailId: `M${messageId}`, threadId: `T${this.#threadIds.get(messageId)}` };
  }
}

interface ReadRange extends MessageRange {
  readonly bytes: Buffer | null;
}

/** Whether it is a part of the message that is found by its index. */
function isIndexed(item: FetchItem): item is FetchItem & { readonly item: 'BODY[]' } {
  return (
    item.item === 'BODY[]' && !item.section.text.startsWith('HEADER') && (item.section.part.length > 0 || item.section.text === 'TEXT')
  );
}

/** A stretch of the entries for which one thing was read; the last one alone is held. */
class Block<T> {
  #held: readonly T[] = [];
  /** The stretch that is held. */
  #start = 0;
  #end = 0;
  #maxTogether = MAX_AT_ONCE;
  /** Where the last answer was: the next one is asked for there, or one further. */
  #at = 0;

  constructor(
    private readonly entries: readonly Entry[],
    private readonly maxBytes: number,
    private readonly read: (messageIds: readonly number[]) => readonly T[],
    private readonly sizeOf = ({ size }: Entry): number => size,
  ) {}

  get(messageId: number): T {
    if (this.entries[this.#at]?.messageId !== messageId) {
      this.#at = this.entries[this.#at + 1]?.messageId === messageId ? this.#at + 1 : this.#find(messageId);
    }
    if (this.#at < this.#start || this.#at >= this.#end) this.#readFrom(this.#at);
    return this.#held[this.#at - this.#start];
  }

  #find(messageId: number): number {
    return this.entries.findIndex((each) => each.messageId === messageId);
  }

  #readFrom(from: number): void {
    let end = from + 1;
    for (let bytes = this.sizeOf(this.entries[from]); end < this.entries.length && end - from < this.#maxTogether; end++) {
      bytes += this.sizeOf(this.entries[end]);
      if (bytes > this.maxBytes) break;
    }
    const ids = this.entries.slice(from, end).map((each) => each.messageId);
    try {
      this.#held = this.read(ids);
    } catch (error) {
      if (ids.length === 1) throw error;
      // One of them is damaged on the disk, or gone: it shall not hide the others.
      this.#maxTogether = 1;
      this.#readFrom(from);
      return;
    }
    this.#start = from;
    this.#end = end;
  }
}
