/**
 * Pure: foreign HTML made anew from what is allowed here. Nothing of it runs, loads anything or leaves its place: each tag, attribute and
 * value of the result is written by us, all text is escaped, and no element whose content browsers read by other rules (script, style,
 * svg, math, …) is ever written, so that reading the result again yields the same.
 */
import { decodeEntities, escapeAttribute, escapeText } from './html-entities.js';
import { type HtmlTag, htmlTokens } from './html-tokens.js';

/** The address by which the mail finds the image that the HTML names, or null: then its alternative text stands there. */
export type ImageSource = (src: string, alt: string) => string | null;

/** What mail programs and people use to give text a form. */
const PLAIN_ELEMENTS =
  'p div pre center section article header footer main aside nav address figure figcaption h1 h2 h3 h4 h5 h6 hr br wbr ul dl dt dd ' +
  'caption thead tbody tfoot tr b strong i em u s strike del ins mark small big sub sup span bdi bdo abbr cite code dfn kbd q samp tt var';
/** Each with its attributes, besides those that all may have. */
const ELEMENTS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...PLAIN_ELEMENTS.split(' ').map((name) => [name, []] as const),
  ['a', ['href']],
  ['img', ['src', 'alt', 'width', 'height']],
  ['blockquote', ['type']],
  ['ol', ['start', 'type']],
  ['li', ['value']],
  ['font', ['color']],
  ['table', ['border', 'cellpadding', 'cellspacing', 'width']],
  ['td', ['colspan', 'rowspan', 'width']],
  ['th', ['colspan', 'rowspan', 'width']],
]);
const EVERYWHERE = ['dir', 'align', 'valign', 'style'];
const VOID = new Set(['br', 'hr', 'img', 'wbr']);

/** Attributes whose value is one of a few, or a number. */
const VALUES: Readonly<Record<string, RegExp>> = {
  dir: /^(ltr|rtl|auto)$/i,
  align: /^(left|right|center|justify)$/i,
  valign: /^(top|middle|bottom|baseline)$/i,
  // Thunderbird marks quotes so, and folds them away.
  type: /^(cite|1|a|i|disc|circle|square)$/i,
  color: /^(#[0-9a-f]{3,8}|[a-z]{3,25})$/i,
  width: /^\d{1,4}%?$/,
};
const NUMBER = /^-?\d{1,4}$/;
/** What leads elsewhere when somebody clicks on it; nothing follows a link by itself. Of a mailto only the subject: "attach" names local files. */
const LINK = /^(?:(?:https?:\/\/|bitmessage:)[^\s\p{Cc}]+|mailto:[^\s\p{Cc}?]+(?:\?subject=[^\s\p{Cc}&]*)?)$/iu;
/** Words, colours and sizes; no functions but rgb, no quotes, no escapes: nothing that can name an address. */
const STYLE_VALUE = /^(?:[a-z-]{2,25}|#[0-9a-f]{3,8}|rgb\([\d\s,%.]{5,25}\)|\d{1,4}(?:\.\d{1,3})?(?:px|pt|em|rem|%)?)$/i;
const STYLES = new Set(['color', 'background-color', 'font-weight', 'font-style', 'text-align', 'text-decoration', 'white-space']);

/** Ten times what a person sets; the rest of a longer one is left out. */
const MAX_STYLE_CHARACTERS = 1_000;

/** A start tag that ends an element of these when it is the innermost one: people leave out the end tags. */
const ENDS: Readonly<Record<string, readonly string[]>> = {
  li: ['li'],
  dt: ['dt', 'dd'],
  dd: ['dt', 'dd'],
  tr: ['td', 'th', 'tr'],
  td: ['td', 'th'],
  th: ['td', 'th'],
  a: ['a'],
};
const ENDS_PARAGRAPH = new Set(
  'p div pre ul ol dl table blockquote h1 h2 h3 h4 h5 h6 hr section article header footer address center figure'.split(' '),
);
/** Deeper elements are left out, their text stays: mail programs lay out a nest by recursion. */
const MAX_OPEN = 64;

export function sanitiseHtml(html: string, imageSource: ImageSource): string {
  const writer = new SafeWriter(imageSource);
  for (const token of htmlTokens(html)) {
    if (token.kind === 'text') writer.text(token.text);
    else if (token.kind === 'start') writer.start(token);
    else writer.end(token.name);
  }
  return writer.finish();
}

/** Whether such an element can stand in the result. */
export function isAllowed(name: string): boolean {
  return ELEMENTS.has(name);
}

class SafeWriter {
  readonly #pieces: string[] = [];
  readonly #open: string[] = [];

  constructor(private readonly imageSource: ImageSource) {}

  text(text: string): void {
    this.#pieces.push(escapeText(text));
  }

  start({ name, attributes }: HtmlTag & { kind: 'start' }): void {
    if (!isAllowed(name)) return;
    const written = name === 'img' ? this.#image(attributes) : attributes;
    if (written === null) return;
    this.#endImplied(name);
    if (!VOID.has(name)) {
      if (this.#open.length >= MAX_OPEN) return;
      this.#open.push(name);
    }
    this.#pieces.push(`<${name}${writeAttributes(name, written)}>`);
  }

  end(name: string): void {
    const index = this.#open.lastIndexOf(name);
    // An end tag without its start means nothing.
    while (index >= 0 && this.#open.length > index) this.#pieces.push(`</${this.#open.pop()}>`);
  }

  finish(): string {
    while (this.#open.length > 0) this.end(this.#open[this.#open.length - 1]);
    return this.#pieces.join('');
  }

  #endImplied(name: string): void {
    const ended = ENDS_PARAGRAPH.has(name) ? ['p'] : (ENDS[name] ?? []);
    for (let last = this.#open.at(-1); last !== undefined && ended.includes(last); last = this.#open.at(-1)) this.end(last);
  }

  /** Null when there is nothing to show but its alternative text, which is written then. */
  #image(attributes: ReadonlyMap<string, string>): Map<string, string> | null {
    const alt = decodeEntities(attributes.get('alt') ?? '');
    const source = this.imageSource(decodeEntities(attributes.get('src') ?? ''), alt);
    if (source !== null) return new Map([...attributes, ['src', source]]);
    this.#pieces.push(escapeAttribute(alt));
    return null;
  }
}

function writeAttributes(name: string, attributes: ReadonlyMap<string, string>): string {
  if (attributes.size === 0) return '';
  return [...(ELEMENTS.get(name) ?? []), ...EVERYWHERE]
    .map((attribute) => {
      const value = attributes.get(attribute);
      const safe = value === undefined ? '' : safeValue(attribute, decodeEntities(value).trim());
      return safe === '' ? '' : ` ${attribute}="${escapeAttribute(safe)}"`;
    })
    .join('');
}

/** '' when it is not allowed. `src` is ours already. */
function safeValue(attribute: string, value: string): string {
  switch (attribute) {
    case 'src':
      return value;
    case 'alt':
      // Some programs write there where the image lay on the disk.
      return /^(?:[a-z]:\\|\/|\\\\|file:)/i.test(value) ? (value.split(/[\\/]/).at(-1) ?? '') : value;
    case 'href':
      return LINK.test(value) ? value : '';
    case 'style':
      return safeStyle(value);
    default:
      return (VALUES[attribute] ?? NUMBER).test(value) ? value : '';
  }
}

function safeStyle(style: string): string {
  return style
    .slice(0, MAX_STYLE_CHARACTERS)
    .split(';')
    .flatMap((declaration) => {
      const [, property, value] = /^\s*([a-z-]{1,30})\s*:([^:]{1,60})$/i.exec(declaration) ?? [];
      if (property === undefined || !STYLES.has(property.toLowerCase()) || !STYLE_VALUE.test(value.trim())) return [];
      return [`${property.toLowerCase()}: ${value.trim()}`];
    })
    .join('; ');
}
