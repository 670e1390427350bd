/** What SEARCH looks into: the header fields and the text parts of a message, decoded, and folded so that case does not matter. Pure. */
import { type Address, MISSING_DOMAIN, MISSING_MAILBOX, parseAddressList } from './address-list.js';
import { decodeExtendedValue, decodeWords } from './decode-words.js';
import { readStructure } from './describe.js';
import { type HeaderField, parseHeader, unfoldAsRead } from './header.js';
import { partText } from './message-text.js';
import { isMessage, isText, type Part } from './part-tree.js';

/**
 * Case and compatibility forms taken away, both from what is looked for and from where it is looked for: "STRASSE" finds
 * "Straße", "fi" finds "ﬁ", "resume" finds "résumé". RFC 5051 (i;unicode-casemap) with full instead of simple case mapping.
 */
export function fold(text: string): string {
  return ASCII.test(text) ? text.toUpperCase() : text.normalize('NFKD').toUpperCase();
}

/** The same for sorting, RFC 5051 to the letter: what one character stands for is one character, so that "Straße" does not come among "Stras…". */
export function collate(text: string): string {
  if (ASCII.test(text)) return text.toUpperCase();
  const letters = Array.from(text, (letter) => {
    const upper = letter.toUpperCase();
    return upper.length > letter.length ? letter : upper;
  });
  return letters.join('').normalize('NFKD');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ASCII = /^[\x00-\x7f]*$/;

/** A field as a person reads it. */
export function fieldText(field: HeaderField): string {
  return decodeWords(field.value).replace(EXTENDED_VALUE, (_, value: string) => `="${decodeExtendedValue(value)}"`);
}

/** What stands in the halves of addresses that nobody wrote. */
const UNWRITTEN: ReadonlySet<string | null> = new Set([null, MISSING_MAILBOX, MISSING_DOMAIN]);

const ADDRESS_FIELDS: ReadonlySet<string> = new Set(['from', 'to', 'cc', 'bcc', 'sender', 'reply-to']);

/** The addresses of a field without the comments and blanks that may stand in them; of other fields nothing. */
export function addressTexts(field: HeaderField): string[] {
  if (!ADDRESS_FIELDS.has(field.name.toLowerCase())) return [];
  const isWhole = ({ mailbox, host }: Address): boolean => !UNWRITTEN.has(mailbox) && !UNWRITTEN.has(host);
  const addresses = parseAddressList(field.value).filter(isWhole);
  return addresses.map(({ mailbox, host }) => decodeWords(`${mailbox}@${host}`));
}

// filename*=utf-8''%e2%82%ac, also in the pieces of RFC 2231 §3.
const EXTENDED_VALUE = /\*=([\w.-]{0,40}'[\w-]{0,40}'[^\s;"]{0,2000})/g;

/** All of it, folded: what the full-text index is made of. Whatever a search can find in a message is a part of this, and `text` is what TEXT looks into. */
export function foldedText(raw: Buffer, structure: string): { text: string; addresses: string } {
  const tree = readStructure(structure);
  const addresses = parseHeader(raw, tree.headerStart, tree.headerEnd).flatMap(addressTexts);
  return { text: fold(`${headerText(raw, tree)}\n${bodyText(raw, tree)}`), addresses: fold(addresses.join('\n')) };
}

/** RFC 9051 TEXT: the header and the MIME headers of all parts, one field a line. */
export function headerText(raw: Buffer, tree: Part): string {
  const lines: string[] = [];
  const visit = (part: Part): void => {
    for (const field of parseHeader(raw, part.headerStart, part.headerEnd, unfoldAsRead)) lines.push(`${field.name}: ${fieldText(field)}`);
    part.children.forEach(visit);
  };
  visit(tree);
  return lines.join('\n');
}

/** RFC 9051 BODY: the text parts, and the headers of messages inside; not what is for machines (images, archives). */
export function bodyText(raw: Buffer, tree: Part): string {
  return [...bodyTexts(raw, tree)].join('\n');
}

/** A function that says whether that holds a text: nothing is decoded behind the first part that does. @param text folded */
export function bodyFinder(text: string): (raw: Buffer, tree: Part) => boolean {
  // What is nothing, or goes beyond a line, may be in none of the parts and in all together.
  if (text === '' || text.includes('\n')) return (raw, tree) => fold(bodyText(raw, tree)).includes(text);
  const letters = literally(text);
  return (raw, tree) => {
    for (const each of bodyTexts(raw, tree)) if (letters?.test(each) || fold(each).includes(text)) return true;
    return false;
  };
}

/** What is ASCII stays where it is when a text is folded, so where it stands already nothing has to be folded. Null: the text is something else. */
function literally(text: string): RegExp | null {
  return ASCII.test(text) ? new RegExp(text.replace(/[^A-Z0-9 ]/g, '\\$&'), 'i') : null;
}

function* bodyTexts(raw: Buffer, part: Part, isInside = false): Generator<string> {
  if (isInside && part.envelope !== null) {
    for (const field of parseHeader(raw, part.headerStart, part.headerEnd, unfoldAsRead)) yield `${field.name}: ${fieldText(field)}`;
  }
  if (part.children.length === 0 && isReadable(part)) yield partText(raw, part);
  for (const child of part.children) yield* bodyTexts(raw, child, true);
}

/** Reports of mail servers (message/delivery-status) are text, too. */
function isReadable(part: Part): boolean {
  return isText(part) || (part.type.toLowerCase() === 'message' && !isMessage(part));
}
