/** Pure: a mail for somebody whose program shows text and, as PyBitmessage does, images that stand in it. */
import { encodeContent } from '../bitmessage/wire/content.js';
import type { MailFile, ReadMail } from '../mime/read-mail.js';
import { safeFileName } from '../mime/safe-text.js';
import { type Content, toBody, toSubject } from './to-bitmessage.js';

/** What PyBitmessage's viewer draws. */
const SHOWN_IMAGES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/bmp', 'image/webp', 'image/svg+xml']);

/** The first file that such a program would not show, or null. */
export function unshownFile(files: readonly MailFile[]): MailFile | null {
  return files.find(({ type }) => !SHOWN_IMAGES.has(type)) ?? null;
}

/** bmwrapper's form (PROTOCOL 7.3), which both programs read. */
export function toPlain({ subject, text, files }: Pick<ReadMail, 'subject' | 'text' | 'files'>): Content {
  const images = files.map(
    ({ name, type, content }) =>
      `\n\n<img alt="${safeFileName(name).replace(/["<>&]/g, '_')}" src="data:${type};base64,${Buffer.from(content).toString('base64')}" />`,
  );
  const body = `${toBody(text)}${images.join('')}`;
  return { encoding: 2, content: encodeContent(2, { subject: toSubject(subject), body, files: [], parents: [] }) };
}
