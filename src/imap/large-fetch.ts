/** FETCH of large messages: their bytes go from the store to the client piece by piece, while others have their turn. */
import type { Part } from '../mime/part-tree.js';
import { formatPreview, previewOfText, previewPart } from '../mime/preview.js';
import { transferDecoder } from '../mime/transfer-decoder.js';
import { LARGE_MESSAGE_BYTES, type LargeMessage } from '../store/mail/large-messages.js';
import { MessageGone } from '../store/mail/message-types.js';
import type { Entry } from '../store/mail/types.js';
import { ConnectionClosed } from './connection.js';
import {
  asPieces,
  FetchedMessage,
  type FetchItem,
  formatItem,
  nameOf,
  type Partial,
  type Piece,
  refuseEncoding,
  type Section,
} from './fetch-items.js';
import { type ByteRange, cutRange, findPart, sectionRange } from './fetch-section.js';
import { readRange } from './large-messages.js';
import { readLargeSection } from './large-sections.js';
import { formatOpening, learnKeywords, sendMessage } from './message-data.js';
import type { Session } from './session.js';

/** What is made while it is sent, too long to be held. */
type Stream = () => Iterable<Buffer>;

/** As `sendMessage`, whatever the size of the message. @throws ImapNo for a part whose encoding cannot be undone; nothing was sent then */
export async function sendAnyMessage(session: Session, entry: Entry, items: readonly FetchItem[]): Promise<void> {
  const large = openIfLarge(session, entry, items);
  if (large === null) sendMessage(session, entry, items);
  else await sendLargeMessage(session, entry, items, large);
}

/** What `sendLargeMessage` reads; null for a message that is small, or of which nothing large is asked. */
export function openIfLarge(session: Session, { size, messageId }: Entry, items: readonly FetchItem[]): LargeMessage | null {
  return size > LARGE_MESSAGE_BYTES && items.some(readsBytes) ? session.rooms.messages.openLarge(messageId) : null;
}

/** Answers whether the message was still there; else nothing was sent. @param large is closed */
export async function sendLargeMessage(session: Session, entry: Entry, items: readonly FetchItem[], large: LargeMessage): Promise<boolean> {
  try {
    return await sendPieces(session, entry, items, large);
  } finally {
    large.close();
  }
}

async function sendPieces(session: Session, entry: Entry, items: readonly FetchItem[], large: LargeMessage): Promise<boolean> {
  // The commands of many clients may have come in at once.
  await session.breathe();
  learnKeywords(session, [entry]);
  const { view, rooms } = session;
  const message = new FetchedMessage(entry, session.showsRecent && view.isRecent(entry.uid), rooms.messages, session.utf8);
  const content = new LargeContent(message, large, () => session.breathe());
  const values: (readonly (Piece | Stream)[])[] = [];
  try {
    for (const item of items) values.push(await content.value(item));
  } catch (error) {
    if (error instanceof MessageGone) return false;
    throw error;
  }
  try {
    session.send(formatOpening(session, entry.uid));
    for (const [index, value] of values.entries()) {
      if (index > 0) session.send(' ');
      for (const piece of value) await sendPiece(session, piece);
    }
    session.send(')\r\n');
    return true;
  } catch (error) {
    if (error instanceof ConnectionClosed) throw error;
    // The client waits for the rest of a literal: no answer can be said any more.
    rooms.log.error('a large message broke off', error);
    session.connection.close();
    throw new ConnectionClosed();
  }
}

/** Whether an item says what a message consists of: of a large one, that is read in pieces. */
function readsBytes({ item }: FetchItem): boolean {
  return ['BODY[]', 'BINARY[]', 'BINARY.SIZE[]', 'RFC822', 'RFC822.HEADER', 'RFC822.TEXT', 'PREVIEW'].includes(item);
}

async function sendPiece(session: Session, piece: Piece | Stream): Promise<void> {
  if (typeof piece !== 'function') {
    session.send(piece);
    return;
  }
  for (const bytes of piece()) {
    session.send(bytes);
    await session.pace.pause();
  }
}

class LargeContent {
  constructor(
    private readonly message: FetchedMessage,
    private readonly large: LargeMessage,
    private readonly breathe: () => Promise<void>,
  ) {}

  /** Name and value of an item. */
  async value(item: FetchItem): Promise<readonly (Piece | Stream)[]> {
    const { size } = this.message.entry;
    switch (item.item) {
      case 'RFC822':
        return this.#stored(item, { start: 0, end: size });
      case 'RFC822.HEADER':
        return this.#stored(item, { start: 0, end: this.large.headerBytes });
      case 'RFC822.TEXT':
        return this.#stored(item, { start: this.large.headerBytes, end: size });
      case 'BODY[]':
        return this.#section(item, item.section, item.partial);
      case 'BINARY[]':
        return this.#binary(item, item.part, item.partial);
      case 'BINARY.SIZE[]':
        return asPieces(`${nameOf(item)} ${await this.#binarySize(item.part)}`);
      case 'PREVIEW':
        return ['PREVIEW ', this.message.preview ?? formatPreview(await this.#preview())];
      default:
        return formatItem(item, this.message);
    }
  }

  async #preview(): Promise<string> {
    const part = previewPart(this.message.tree);
    return part === null ? '' : previewOfText(await readRange(this.large, part.headerEnd, part.bodyEnd, this.breathe), part);
  }

  async #section(item: FetchItem, section: Section, partial: Partial | null): Promise<readonly (Piece | Stream)[]> {
    // Asked for most often; the structure of a mail with many parts takes some milliseconds to read.
    const isWhole = section.part.length === 0 && section.text === '';
    if (isWhole) return this.#stored(item, cutRange({ start: 0, end: this.message.entry.size }, partial));
    const { tree } = this.message;
    const range = sectionRange(tree, section);
    if (range === null) return asPieces(`${nameOf(item)} NIL`);
    if (!section.text.startsWith('HEADER.FIELDS')) return this.#stored(item, cutRange(range, partial));
    const fields = (await readLargeSection(section, partial, { tree, large: this.large, breathe: this.breathe }))!;
    return [...literal(item, fields.length), fields];
  }

  #stored(item: FetchItem, range: ByteRange): readonly (Piece | Stream)[] {
    return [...literal(item, range.end - range.start), () => this.#read(range)];
  }

  /** Decoded twice, first to know how long it is: it would not fit into memory. */
  async #binary(item: FetchItem, numbers: readonly number[], partial: Partial | null): Promise<readonly (Piece | Stream)[]> {
    const part = findPart(this.message.tree, numbers);
    if (part === null) return asPieces(`${nameOf(item)} NIL`);
    const decoded = this.#decoded(part, numbers.length === 0);
    const stream: Stream = partial === null ? decoded : () => cutPieces(decoded(), partial);
    const { length, holdsNul } = await this.#measured(stream);
    return [...literal(item, length, holdsNul ? '~' : ''), stream];
  }

  async #binarySize(numbers: readonly number[]): Promise<number> {
    if (numbers.length === 0) return this.message.entry.size;
    const kept = this.message.keptBinarySize(numbers);
    if (kept !== null) return kept;
    const part = findPart(this.message.tree, numbers);
    return part === null ? 0 : (await this.#measured(this.#decoded(part, false))).length;
  }

  /** A part without its transfer encoding; the whole message as it is. @throws ImapNo */
  #decoded(part: Part, isWhole: boolean): Stream {
    if (isWhole) return () => this.#read({ start: 0, end: part.bodyEnd });
    if (transferDecoder(part.encoding) === null) refuseEncoding();
    const read = (): Iterable<Buffer> => this.#read({ start: part.headerEnd, end: part.bodyEnd });
    return function* decode() {
      const decoder = transferDecoder(part.encoding)!;
      for (const bytes of read()) yield decoder.add(bytes);
      yield decoder.end();
    };
  }

  async #measured(stream: Stream): Promise<{ length: number; holdsNul: boolean }> {
    let length = 0;
    let holdsNul = false;
    for (const bytes of stream()) {
      length += bytes.length;
      holdsNul ||= bytes.includes(0);
      await this.breathe();
    }
    return { length, holdsNul };
  }

  *#read({ start, end }: ByteRange): Generator<Buffer> {
    for (let at = start; at < end; ) {
      const bytes = this.large.read(at, end);
      at += bytes.length;
      yield bytes;
    }
  }
}

function literal(item: FetchItem, length: number, mark: '' | '~' = ''): readonly Piece[] {
  return asPieces(`${nameOf(item)} ${mark}{${length}}\r\n`);
}

/** Reads no further than it must. */
function* cutPieces(pieces: Iterable<Buffer>, { offset, length }: Partial): Generator<Buffer> {
  let start = 0;
  for (const bytes of pieces) {
    const wanted = bytes.subarray(Math.max(offset - start, 0), Math.max(offset + length - start, 0));
    if (wanted.length > 0) yield wanted;
    start += bytes.length;
    if (start >= offset + length) return;
  }
}
