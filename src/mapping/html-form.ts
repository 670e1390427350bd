/** Pure: the HTML form of a text, sanitised both ways. It travels as one of the files of encoding 3, and its images as others. */
import { createHash } from 'node:crypto';
import type { Attachment } from '../bitmessage/wire/content.js';
import type { HtmlForm, RelatedImage } from '../mime/compose-mail.js';
import { htmlTokens } from '../mime/html-tokens.js';
import { MAX_HTML_CHARACTERS, type MailFile, type ReadMail } from '../mime/read-mail.js';
import { cleanBody, safeFileName } from '../mime/safe-text.js';
import { isAllowed, sanitiseHtml } from '../mime/sanitise-html.js';
import { MAIL_DOMAIN } from './address.js';
import { readDataImage } from './data-images.js';

/** The file that is another form of the body: inline, HTML, and the first of its kind. Programs that show files show this name. */
const FORM = { name: 'message.html', type: 'text/html', disposition: 'inline' } as const;
/** What a text beside it cannot show. Lists, quotes, links and paragraphs it can. */
const SAYS_MORE = new Set('b strong i em u s strike del ins mark sub sup big small h1 h2 h3 h4 h5 h6 table img'.split(' '));
/** These may stay open; browsers close them too. */
const MAY_STAY_OPEN = new Set('p li dt dd tr td th thead tbody tfoot br hr img wbr'.split(' '));
/** All that a message in encoding 1 or 2 can hold. */
const MAX_RECEIVED_CHARACTERS = 262_144;
/** A long newsletter has 2,000. So many take some 25 ms, and the main thread has other guests; what has more is a text, or a file to save. */
const MAX_TAGS = 4_000;
/** As many as a message takes of files. */
const MAX_IMAGES = 64;

/** A mail whose HTML is clean; null where it says no more than the text. Images that stood in it as `data:` are among the files. */
export type OutgoingForm = Pick<ReadMail, 'subject' | 'text' | 'html' | 'files'>;

export function toOutgoingForm({ subject, text, html, files }: OutgoingForm): OutgoingForm {
  if (html === null) return { subject, text, html, files };
  const named = uniquelyNamed(files);
  const sanitised = sanitiseHtml(html.slice(0, MAX_HTML_CHARACTERS), (src, alt) => {
    const shown = named.find(({ contentId }) => contentId !== undefined && src === `cid:${contentId}`) ?? takeDataImage(named, src, alt);
    return shown === null ? null : toCid(shown.name);
  });
  return { subject, text, html: saysMore(sanitised) ? withoutIndents(sanitised) : null, files: named };
}

/** How far a program indents its tags says nothing to a reader, only which program it was. */
function withoutIndents(html: string): string {
  const lines = html.replace(/\r\n?/g, '\n').trim();
  return lines.includes('<pre') ? lines : lines.replace(/>\s+</g, (gap) => (gap.includes('\n') ? '>\n<' : gap));
}

/** As a file of the message. */
export function formFile(html: string): MailFile {
  return { ...FORM, content: Buffer.from(html) };
}

export function isFormFile({ type, disposition }: Pick<Attachment, 'type' | 'disposition'>): boolean {
  return type.toLowerCase() === FORM.type && disposition === FORM.disposition;
}

/** What a text with a form becomes: the form, its images beside it, and the files that are none of it. */
export interface ReceivedForm {
  readonly form: HtmlForm;
  readonly files: readonly MailFile[];
}

/** The form that came among the files; null where there is none. */
export function receivedForm(files: readonly MailFile[]): ReceivedForm | null {
  const page = files.find(isFormFile);
  const html = page === undefined ? '' : cleanBody(Buffer.from(page.content).toString());
  if (html === '' || !isWithinLimits(html)) return null;
  return readForm(
    html,
    files.filter((file) => file !== page),
  );
}

/** HTML among the files of its message, whether it was one of them or the body. */
export function readForm(page: string, files: readonly MailFile[]): ReceivedForm {
  const images = new Map<string, RelatedImage>();
  const rest = [...files];
  const html = sanitiseHtml(page, (src, alt) => {
    const named = files.find(({ name, type, disposition }) => toCid(name) === src && disposition === 'inline' && isShown(type));
    const image = named ?? readDataImage(src, alt, images.size + 1);
    if (image === null) return null;
    if (!isShown(image.type)) {
      rest.push(image);
      return null;
    }
    // The same for the same image, in every gateway.
    const contentId = `${createHash('sha256').update(image.content).digest('hex').slice(0, 32)}@${MAIL_DOMAIN}`;
    images.set(contentId, { ...image, contentId });
    return `cid:${contentId}`;
  });
  const related = new Set([...images.values()].map(({ content }) => content));
  return { form: { html, images: [...images.values()] }, files: rest.filter(({ content }) => !related.has(content)) };
}

/**
 * Whether a body is HTML, not a text that speaks of it: a page; or it begins with an element that people format with, ends with a tag,
 * and all that was opened is closed.
 */
export function isHtml(body: string): boolean {
  if (!/^\s*<[a-z!]/i.test(body) || !isWithinLimits(body)) return false;
  const open: string[] = [];
  let isFirst = true;
  let pairs = 0;
  for (const token of htmlTokens(body)) {
    if (token.kind === 'text' && token.text.trim() === '') continue;
    if (isFirst) {
      if (token.kind !== 'start') return false;
      if (/^(html|head|body)$/.test(token.name)) return true;
      if (!isAllowed(token.name) || token.name === 'img') return false;
      isFirst = false;
    }
    if (token.kind === 'start') open.push(token.name);
    else if (token.kind === 'end') {
      while (open.length > 0 && open.at(-1) !== token.name && MAY_STAY_OPEN.has(open[open.length - 1])) open.pop();
      if (open.pop() !== token.name) return false;
      pairs++;
    }
  }
  return pairs > 0 && open.every((name) => MAY_STAY_OPEN.has(name)) && body.trimEnd().endsWith('>');
}

function isWithinLimits(html: string): boolean {
  const count = (mark: RegExp): number => html.match(mark)?.length ?? 0;
  return html.length <= MAX_RECEIVED_CHARACTERS && count(/</g) <= MAX_TAGS && count(/data:image/gi) <= MAX_IMAGES;
}

function saysMore(sanitised: string): boolean {
  for (const token of htmlTokens(sanitised)) if (token.kind === 'start' && SAYS_MORE.has(token.name)) return true;
  return false;
}

/** HTML finds images by their names alone: no two may have the same. */
function uniquelyNamed(files: readonly MailFile[]): MailFile[] {
  const taken = new Set<string>();
  return files.map((file) => {
    const name = safeFileName(file.name);
    let unique = name;
    for (let number = 2; taken.has(unique); number++) unique = name.replace(/(\.[^.]*)?$/, `-${number}$1`);
    taken.add(unique);
    return { ...file, name: unique };
  });
}

function takeDataImage(files: MailFile[], src: string, alt: string): MailFile | null {
  const image = readDataImage(src, alt, files.length + 1);
  if (image === null) return null;
  files.push(uniquelyNamed([...files, image])[files.length]);
  return files[files.length - 1];
}

function toCid(name: string): string {
  return `cid:${encodeURIComponent(name)}`;
}

/** SVG can hold scripts: it is a file to save, nothing to show. */
function isShown(type: string): boolean {
  return /^image\/(png|jpeg|gif|bmp|webp)$/.test(type);
}
