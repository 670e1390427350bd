/** What takes long with a large message, done in a thread: reading its structure, and looking for a text in it. Pure. */
import { type DescribedMessage, describeMessage, readStructure } from '../mime/describe.js';
import { bodyText, fold, headerText } from '../mime/searchable-text.js';

export type LargeMessageJob =
  | { readonly kind: 'describe'; readonly raw: Uint8Array }
  | {
      readonly kind: 'search';
      readonly raw: Uint8Array;
      readonly structure: string;
      readonly where: 'header' | 'body';
      /** As `fold` makes it. */
      readonly text: string;
    };

/** The bytes go back to who sent them. */
export type LargeMessageAnswer =
  | { readonly kind: 'describe'; readonly description: DescribedMessage; readonly raw: Uint8Array }
  | { readonly kind: 'search'; readonly found: boolean };

export function doLargeMessageJob(job: LargeMessageJob): LargeMessageAnswer {
  const raw = Buffer.from(job.raw.buffer, job.raw.byteOffset, job.raw.byteLength);
  if (job.kind === 'describe') return { kind: 'describe', description: describeMessage(raw), raw: job.raw };
  const textOf = job.where === 'header' ? headerText : bodyText;
  return { kind: 'search', found: fold(textOf(raw, readStructure(job.structure))).includes(job.text) };
}
