/** A message while it is searched: what the key asks for is read when it is asked for, once. */
import { readStructure } from '../../mime/describe.js';
import { type HeaderField, parseHeader } from '../../mime/header.js';
import type { Part } from '../../mime/part-tree.js';
import { addressTexts, bodyText, fieldText, fold, headerText } from '../../mime/searchable-text.js';
import type { Entry, MessageDescription, Messages } from '../../store/mail/types.js';

export class SearchedMessage {
  #description: MessageDescription | null = null;
  #fields: HeaderField[] | null = null;
  #raw: Buffer | null = null;
  #tree: Part | null = null;
  #header: string | null = null;
  #body: string | null = null;

  constructor(
    readonly entry: Entry,
    private readonly messages: Messages,
  ) {}

  /** Whether more than the row was looked at. */
  get wasRead(): boolean {
    return this.#fields !== null || this.#raw !== null || this.#description !== null;
  }

  get sentDay(): number | null {
    return this.#describe().sentDay;
  }

  get objectIds(): { emailId: string; threadId: string } {
    return this.messages.objectIds(this.entry.messageId);
  }

  /** The values of a field, folded; addresses also as they are written without comments and spaces. */
  fieldValues(lowerName: string): string[] {
    this.#fields ??= this.#readFields();
    const fields = this.#fields.filter((field) => field.name.toLowerCase() === lowerName);
    return fields.flatMap((field) => [fieldText(field), ...addressTexts(field)]).map(fold);
  }

  /** The text of all header fields, folded. */
  get foldedHeader(): string {
    return (this.#header ??= fold(headerText(this.#readRaw(), this.#readTree())));
  }

  get foldedBody(): string {
    return (this.#body ??= fold(bodyText(this.#readRaw(), this.#readTree())));
  }

  #readFields(): HeaderField[] {
    const header = this.messages.header(this.entry.messageId);
    return parseHeader(header, 0, header.length);
  }

  #describe(): MessageDescription {
    return (this.#description ??= this.messages.describe(this.entry.messageId));
  }

  #readRaw(): Buffer {
    return (this.#raw ??= this.messages.raw(this.entry.messageId));
  }

  #readTree(): Part {
    return (this.#tree ??= readStructure(this.#describe().structure));
  }
}
