/** The bytes of BODY[section] of a large message, brought into memory where they must be in one piece. */
import type { Part } from '../mime/part-tree.js';
import type { LargeMessage } from '../store/mail/large-messages.js';
import type { Partial, Section } from './fetch-items.js';
import { type ByteRange, cutRange, sectionRange } from './fetch-section.js';
import { headerFields } from './header-fields.js';
import { readRange } from './large-messages.js';

/** Null: there is no such part. @param message where the bytes are read, and where others have their turn */
export async function readLargeSection(
  section: Section,
  partial: Partial | null,
  message: { readonly tree: Part; readonly large: LargeMessage; breathe(): Promise<void> },
): Promise<Buffer | null> {
  const range = sectionRange(message.tree, section);
  if (range === null) return null;
  const read = ({ start, end }: ByteRange): Promise<Buffer> => readRange(message.large, start, end, () => message.breathe());
  if (!section.text.startsWith('HEADER.FIELDS')) return read(cutRange(range, partial));
  const fields = headerFields(await read(range), section);
  const { start, end } = cutRange({ start: 0, end: fields.length }, partial);
  return fields.subarray(start, end);
}
