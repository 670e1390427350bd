/** Pure: images that other programs put into the text as HTML tags (bmwrapper's convention, PROTOCOL 7.3) become files. */
import type { MailFile } from '../mime/read-mail.js';

/** A message cannot hold more than this many that are worth showing; the rest stays text. */
const MAX_IMAGES = 64;
const EXTENSIONS: Record<string, string> = { jpeg: 'jpg', 'svg+xml': 'svg', 'x-icon': 'ico' };

/** Only `data:image/…;base64,` is taken out, and only where it decodes. Each pattern stops at the next mark, so time is linear. */
export function extractImages(body: string): { text: string; images: MailFile[] } {
  if (!body.includes('data:image/')) return { text: body, images: [] };
  const images: MailFile[] = [];
  const text = body.replace(/<img\b([^<>]*)>/gi, (tag, attributes: string) => {
    const image = images.length < MAX_IMAGES ? readImage(attributes, images.length + 1) : null;
    if (image === null) return tag;
    images.push(image);
    return '';
  });
  return { text: images.length === 0 ? body : withoutComments(text), images };
}

function readImage(attributes: string, number: number): MailFile | null {
  const [, kind, data] = /\bsrc="data:image\/([a-z0-9.+-]{1,20});base64,([^"]*)"/i.exec(attributes) ?? [];
  if (kind === undefined) return null;
  const content = Buffer.from(data, 'base64');
  // Node.js passes over what is no base64: it must come out as it went in.
  const digits = data.replace(/[\s=]/g, '');
  if (content.length === 0 || content.toString('base64').replace(/=/g, '') !== digits) return null;
  const type = kind.toLowerCase();
  const extension = EXTENSIONS[type] ?? type;
  const name = /\balt="([^"]+)"/i.exec(attributes)?.[1] ?? `image-${number}`;
  return {
    name: /\.[a-z0-9]{2,5}$/i.test(name) ? name : `${name}.${extension}`,
    type: `image/${type}`,
    disposition: 'inline',
    content,
  };
}

/** bmwrapper writes them around its images for programs that show the tags. */
function withoutComments(text: string): string {
  return text
    .replace(/<!-- Note: An image is attached below -->\s*/g, '')
    .replace(/<!-- Email sent from bmwrapper -->\s*(<!--[^<>]*-->\s*)?/g, '')
    .trimEnd();
}
