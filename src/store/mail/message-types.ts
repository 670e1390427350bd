/** The messages of the mail store, their words and annotations, as they are promised to the IMAP server and to mapping. */
import type { UnixSeconds } from '../../base/clock.js';
import type { LargeMessage } from './large-messages.js';

/** What was read out of a message once, when it was stored, so that no later command has to parse it again. */
export interface MessageDescription {
  /** The MIME part tree with byte offsets (mime/part-tree), as JSON. */
  readonly structure: string;
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  readonly bcc: string;
  /** The Message-ID header with its angle brackets, or ''. */
  readonly messageIdHeader: string;
  /** RFC 5256: the Message-IDs in References, or else the first one in In-Reply-To; oldest first. */
  readonly references: readonly string[];
  /** RFC 3501 "sent date": the Date header, or null when there is none that can be read. */
  readonly sentAt: UnixSeconds | null;
  /** The same without time and zone, as SENTBEFORE compares it: the day that the sender wrote, in days since 1970. */
  readonly sentDay: number | null;
}

/** A mailbox of a header field, as in the structure: latin1 as the sender wrote it. */
export interface StoredAddress {
  readonly name: string | null;
  readonly mailbox: string | null;
  readonly host: string | null;
}

/** What of many messages can be read together: see `MessageDescription`. */
export interface MessageColumns {
  readonly sentAt: readonly (UnixSeconds | null)[];
  readonly subject: readonly string[];
  readonly messageIdHeader: readonly string[];
  /** Separated by blanks. */
  readonly references: readonly string[];
  /** The first address of each; null: there is none. */
  readonly from: readonly (StoredAddress | null)[];
  readonly to: readonly (StoredAddress | null)[];
  readonly cc: readonly (StoredAddress | null)[];
}
export type MessageColumn = keyof MessageColumns;

/** What the store must know of a message that comes in; `mime/describe` reads it. Never throws, whatever the bytes. */
export type Describe = (raw: Buffer) => MessageDescription & {
  /** Where the text begins, after the empty line. */
  readonly headerBytes: number;
  /** ENVELOPE as FETCH answers it. */
  readonly envelope: Buffer;
  /** BODYSTRUCTURE as FETCH answers it to every client, or null. */
  readonly bodyStructure: Buffer | null;
  /** PREVIEW as FETCH answers it. */
  readonly preview: Buffer;
  /** Where its parts lie (mime/part-index). */
  readonly partIndex: string;
  /** Of a long header, what mail programs list folders by (mime/listed-fields). */
  readonly listedFields: Buffer | null;
};

/** Bytes of a message, from `start` to before `end`. */
export interface MessageRange {
  readonly messageId: number;
  readonly start: number;
  readonly end: number;
}

/** The content of messages. Every call throws when there is no such message: take ids from entries. */
export interface Messages {
  raw(messageId: number): Buffer;
  /** The same in pieces, one behind the other, as they lie there. */
  pieces(messageId: number): readonly Buffer[];
  /** The header with its empty line; does not read the text. */
  header(messageId: number): Buffer;
  /** As `header`, which may lack fields that are not among those of mime/listed-fields. */
  listedFields(messageId: number): Buffer;
  describe(messageId: number): MessageDescription;
  /** `describe(messageId).structure` alone: what FETCH asks of every message of a folder. */
  structure(messageId: number): string;
  /** The same of several messages in one step, in the order of the ids: quicker than one by one, and all in memory. */
  raws(messageIds: readonly number[]): Buffer[];
  /** As `raws`: quicker for long ones. */
  piecesOf(messageIds: readonly number[]): (readonly Buffer[])[];
  headers(messageIds: readonly number[]): Buffer[];
  listedFieldsOf(messageIds: readonly number[]): Buffer[];
  structures(messageIds: readonly number[]): string[];
  envelopes(messageIds: readonly number[]): (Buffer | null)[];
  bodyStructures(messageIds: readonly number[]): (Buffer | null)[];
  previews(messageIds: readonly number[]): (Buffer | null)[];
  partIndexes(messageIds: readonly number[]): (string | null)[];
  /** Some bytes of each; null: they lie in pieces. */
  ranges(ranges: readonly MessageRange[]): (Buffer | null)[];
  columns<C extends MessageColumn>(messageIds: readonly number[], wanted: readonly C[]): Pick<MessageColumns, C>;
  /** The numbers of their threads: THREADID without its letter. */
  threadIds(messageIds: readonly number[]): number[];
  /** ENVELOPE as FETCH answers it; null for a message that came before this was kept, and for a monster. */
  envelope(messageId: number): Buffer | null;
  /** BODYSTRUCTURE as FETCH answers it; null where it is to be made of the structure. */
  bodyStructure(messageId: number): Buffer | null;
  /** PREVIEW as FETCH answers it; null for a message that came before this was kept. */
  preview(messageId: number): Buffer | null;
  /** Where its parts lie (mime/part-index); null for a message that came before this was kept, and for a monster. */
  partIndex(messageId: number): string | null;
  /** Some bytes of a message; null: it lies in pieces. */
  range(range: MessageRange): Buffer | null;
  /** RFC 8474 EMAILID and THREADID. */
  objectIds(messageId: number): { emailId: string; threadId: string };
  /** As `TextFinder.find`. */
  candidates(mailboxId: number, foldedText: string): Promise<FoundTexts | null>;
  /** A message above LARGE_MESSAGE_BYTES, to be read in pieces; null for others, and for those that came before pieces were kept. */
  openLarge(messageId: number): LargeMessage | null;
}

/** UIDs, ascending. A message that holds the text is in one of these lists. */
export interface FoundTexts {
  /** The text is in the header or in the body of these: SEARCH TEXT finds them. */
  readonly sure: Uint32Array;
  /** It may be, or in an address as it is without comments and blanks. */
  readonly possible: Uint32Array;
}

/** Who asks the full-text index. */
export interface TextFinder {
  /**
   * The messages of this folder that may hold a text; null when the index cannot tell.
   *
   * @param foldedText as `FoldedText` makes it
   */
  find(mailboxId: number, foldedText: string): Promise<FoundTexts | null>;
}

export interface MetadataEntry {
  /** RFC 5464 §3.2: "/shared/comment", "/private/vendor/…", in lower case. */
  readonly entry: string;
  readonly value: Buffer;
}

export interface MetadataChange {
  /** 0: the server. */
  readonly mailboxId: number;
  readonly owner: string;
  readonly entries: readonly string[];
}

/** Annotations of folders and, under the id 0, of the server. They go with their folder. */
export interface Metadata {
  /** All entries that this owner (an identity, or '' for the combined login) sees: the shared ones and its own. */
  list(mailboxId: number, owner: string): MetadataEntry[];
  /** Sets or (null) removes all of these or none. @throws StoreLimit */
  set(mailboxId: number, owner: string, entries: readonly { readonly entry: string; readonly value: Buffer | null }[]): void;
  /** Told after each commit. Answers the way to stop. */
  watch(listener: (change: MetadataChange) => void): () => void;
}

/** All that a search may find in a message, folded in the same way as what is looked for; `mime/searchable-text` makes it. */
export type FoldedText = (raw: Buffer, structure: string) => SearchableText;

export interface SearchableText {
  /** Header and body: what SEARCH TEXT looks into. */
  readonly text: string;
  /** What other keys find beside that. */
  readonly addresses: string;
}

/** The last entry of a message went, and the message with it, between the look at the entry and the look at the message. */
export class MessageGone extends Error {
  override readonly name = 'MessageGone';
}

/** The client asked for more than the store holds; the message says how much that is. Becomes NO [LIMIT]. */
export class StoreLimit extends Error {
  override readonly name = 'StoreLimit';
}
