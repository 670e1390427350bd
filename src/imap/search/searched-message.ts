/** A message while it is searched: what the key asks for is read when it is asked for, once. */
import { readStructure } from '../../mime/describe.js';
import { type HeaderField, parseHeader } from '../../mime/header.js';
import type { Part } from '../../mime/part-tree.js';
import { addressTexts, bodyText, fieldText, fold, headerText } from '../../mime/searchable-text.js';
import { LARGE_MESSAGE_BYTES, type LargeMessage } from '../../store/mail/large-messages.js';
import type { Entry, MessageDescription, Messages } from '../../store/mail/types.js';
import type { Verdict } from './verdict.js';

/** Looks for texts in messages that are too large for one step. */
export interface LargeTexts {
  contains(
    message: LargeMessage,
    what: { readonly size: number; readonly structure: string; readonly part: 'header' | 'body'; readonly text: string },
  ): Promise<boolean>;
}

export class SearchedMessage {
  #description: MessageDescription | null = null;
  #fields: HeaderField[] | null = null;
  #raw: Buffer | null = null;
  #tree: Part | null = null;
  #header: string | null = null;
  #body: string | null = null;

  constructor(
    readonly entry: Entry,
    private readonly rooms: { readonly messages: Messages; readonly largeTexts: LargeTexts },
  ) {}

  /** Whether more than the row was looked at. */
  get wasRead(): boolean {
    return this.#fields !== null || this.#raw !== null || this.#description !== null;
  }

  get sentDay(): number | null {
    return this.#describe().sentDay;
  }

  get objectIds(): { emailId: string; threadId: string } {
    return this.rooms.messages.objectIds(this.entry.messageId);
  }

  /** The values of a field, folded; addresses also as they are written without comments and spaces. */
  fieldValues(lowerName: string): string[] {
    this.#fields ??= this.#readFields();
    const fields = this.#fields.filter((field) => field.name.toLowerCase() === lowerName);
    return fields.flatMap((field) => [fieldText(field), ...addressTexts(field)]).map(fold);
  }

  /** Whether the text of all header fields holds this. @param text folded, as in `bodyHolds` */
  headerHolds(text: string): Verdict {
    return this.#asLarge('header', text) ?? (this.#header ??= fold(headerText(this.#readRaw(), this.#readTree()))).includes(text);
  }

  bodyHolds(text: string): Verdict {
    return this.#asLarge('body', text) ?? (this.#body ??= fold(bodyText(this.#readRaw(), this.#readTree()))).includes(text);
  }

  /** Null: it is not large. */
  #asLarge(part: 'header' | 'body', text: string): Promise<boolean> | null {
    const { size, messageId } = this.entry;
    const large = size > LARGE_MESSAGE_BYTES ? this.rooms.messages.openLarge(messageId) : null;
    if (large === null) return null;
    const { structure } = this.#describe();
    return this.rooms.largeTexts.contains(large, { size, structure, part, text }).finally(() => large.close());
  }

  #readFields(): HeaderField[] {
    const header = this.rooms.messages.header(this.entry.messageId);
    return parseHeader(header, 0, header.length);
  }

  #describe(): MessageDescription {
    return (this.#description ??= this.rooms.messages.describe(this.entry.messageId));
  }

  #readRaw(): Buffer {
    return (this.#raw ??= this.rooms.messages.raw(this.entry.messageId));
  }

  #readTree(): Part {
    return (this.#tree ??= readStructure(this.#describe().structure));
  }
}
