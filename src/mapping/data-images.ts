/** Pure: images that other programs put into the text as HTML tags (bmwrapper's convention, PROTOCOL 7.3) become files. */
import type { MailFile } from '../mime/read-mail.js';

/** A message cannot hold more than this many that are worth showing; the rest stays text. */
const MAX_IMAGES = 64;
const EXTENSIONS: Record<string, string> = { jpeg: 'jpg', 'svg+xml': 'svg', 'x-icon': 'ico' };

/** Only `data:image/…;base64,` is taken out, and only where it decodes. */
export function extractImages(body: string): { text: string; images: MailFile[] } {
  if (!body.includes('data:image/')) return { text: body, images: [] };
  const images: MailFile[] = [];
  const text = body.replace(
    /<img\b([^<>]*?)\bsrc="data:image\/([a-z0-9.+-]{1,20});base64,([A-Za-z0-9+/=\s]*)"([^<>]*)>/gi,
    (tag, before, kind, data, after) => {
      const content = Buffer.from(data, 'base64');
      const digits = data.replace(/[\s=]/g, '');
      if (content.length === 0 || content.toString('base64').replace(/=/g, '') !== digits || images.length === MAX_IMAGES) return tag;
      const type = kind.toLowerCase();
      const extension = EXTENSIONS[type] ?? type;
      const alt = /\balt="([^"]*)"/i.exec(`${before} ${after}`)?.[1] ?? '';
      const name = alt === '' ? `image-${images.length + 1}` : alt;
      images.push({
        name: name.toLowerCase().endsWith(`.${extension}`) || /\.[a-z0-9]{2,5}$/i.test(name) ? name : `${name}.${extension}`,
        type: `image/${type}`,
        disposition: 'inline',
        content,
      });
      return '';
    },
  );
  return { text: images.length === 0 ? body : withoutComments(text), images };
}

/** bmwrapper writes them around its images for programs that show the tags. */
function withoutComments(text: string): string {
  return text
    .replace(/<!-- Note: An image is attached below -->\s*/g, '')
    .replace(/<!-- Email sent from bmwrapper -->\s*(<!--[^<>]*-->\s*)?/g, '')
    .trimEnd();
}
