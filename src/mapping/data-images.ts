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
    const [, src = ''] = /\bsrc="([^"]*)"/i.exec(attributes) ?? [];
    const [, alt = ''] = /\balt="([^"]+)"/i.exec(attributes) ?? [];
    const image = images.length < MAX_IMAGES ? readDataImage(src, alt, images.length + 1) : null;
    if (image === null) return tag;
    images.push(image);
    return '';
  });
  return { text: images.length === 0 ? body : withoutComments(text), images };
}

/** The image that a `data:` address is; null for any other. @param number of the image, for a name where the author gave none */
export function readDataImage(src: string, alt: string, number: number): MailFile | null {
  const [prefix, kind] = /^data:image\/([a-z0-9.+-]{1,20});base64,/i.exec(src) ?? [];
  if (prefix === undefined) return null;
  const data = src.slice(prefix.length);
  const content = Buffer.from(data, 'base64');
  // Node.js passes over what is no base64: it must come out as it went in.
  const digits = data.replace(/[\s=]/g, '');
  if (content.length === 0 || content.toString('base64').replace(/=/g, '') !== digits) return null;
  const type = kind.toLowerCase();
  const name = alt === '' ? `image-${number}` : alt;
  return {
    name: /\.[a-z0-9]{2,5}$/i.test(name) ? name : `${name}.${EXTENSIONS[type] ?? type}`,
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
