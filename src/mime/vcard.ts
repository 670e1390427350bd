/** Pure: reads and writes vCards, RFC 2426 (3.0) and RFC 6350 (4.0); what is not understood comes back as it came in. */

export type CardVersion = '3.0' | '4.0';

export interface CardContent {
  readonly uid: string;
  /** FN. */
  readonly label: string;
  readonly notes: string;
  /** The mail addresses that stand on it. */
  readonly emails: readonly string[];
  /** All other lines, unfolded, ended by LF. */
  readonly rest: string;
}

export interface CardProperty {
  /** In capitals, without a group. */
  readonly name: string;
  readonly value: string;
}

/** RFC 6350 §3.2: octets, without the line break. */
const MAX_LINE_OCTETS = 75;
/** A photo is one line; hundreds of lines are no person. */
const MAX_LINES = 2_000;

/** Null when it is not exactly one vCard of version 3.0 or 4.0. */
export function readCard(text: string): CardContent | null {
  const lines = unfold(text);
  if (lines.length > MAX_LINES) return null;
  const properties = lines.map(parseLine);
  if (properties.some((property) => property === null)) return null;
  const names = properties.map((property) => property!.name);
  if (names[0] !== 'BEGIN' || names.at(-1) !== 'END' || names.filter((name) => name === 'BEGIN').length !== 1) return null;
  const first = (wanted: string): string => unescapeText(properties.find((property) => property?.name === wanted)?.value ?? '');
  if (!['3.0', '4.0'].includes(first('VERSION'))) return null;
  const emails = properties.flatMap((property) =>
    property?.name === 'EMAIL' ? [unescapeText(property.value).replace(/^mailto:/i, '')] : [],
  );
  const rest = lines.filter((_, i) => !OURS.has(names[i])).map((line) => `${line}\n`);
  return { uid: first('UID'), label: first('FN'), notes: first('NOTE'), emails, rest: rest.join('') };
}

/** Every property with its value, text unescaped. */
export function cardProperties(text: string): CardProperty[] {
  return unfold(text).flatMap((line) => {
    const property = parseLine(line);
    return property === null ? [] : [{ name: property.name, value: unescapeText(property.value) }];
  });
}

/** @param version what the reader wants; otherwise as the card was written */
export function writeCard({ uid, label, notes, emails, rest }: CardContent, version?: CardVersion): string {
  const kept = rest.split('\n').filter((line) => line !== '');
  const written = kept.find((line) => line.startsWith('VERSION:'))?.slice('VERSION:'.length);
  const chosen = version ?? (written === '4.0' ? '4.0' : '3.0');
  const type = chosen === '3.0' ? ';TYPE=INTERNET' : '';
  const name = kept.find((line) => parseLine(line)?.name === 'N');
  const lines = [
    'BEGIN:VCARD',
    `VERSION:${chosen}`,
    `UID:${escapeText(uid)}`,
    `FN:${escapeText(label)}`,
    // 3.0 demands it; one that says another name than FN was overtaken by a renaming.
    name !== undefined && isNameOf(name, label) ? name : `N:;${escapeText(label)};;;`,
    ...emails.map((email) => `EMAIL${type}:${escapeText(email)}`),
    ...(notes === '' ? [] : [`NOTE:${escapeText(notes)}`]),
    ...kept.filter((line) => line !== name && !line.startsWith('VERSION:')),
    'END:VCARD',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

/** A mail address for `rest`: one that stands on the card, and means nothing to us. */
export function emailLine(email: string): string {
  return `EMAIL:${escapeText(email)}\n`;
}

const OURS = new Set(['BEGIN', 'END', 'UID', 'FN', 'EMAIL', 'NOTE']);

/** RFC 6350 §3.2: a line break and one blank after it are no part of the value. */
function unfold(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}

/** "group.NAME;PARAMETER="quo:ted":value" */
function parseLine(line: string): CardProperty | null {
  const match = /^(?:[\w-]+\.)?([\w-]+)((?:;(?:"[^"]*"|[^":])*)?):(.*)$/s.exec(line);
  return match === null || /\p{Cc}/u.test(line.replaceAll('\t', ' ')) ? null : { name: match[1].toUpperCase(), value: match[3] };
}

function escapeText(text: string): string {
  return text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r?\n/g, '\\n')
    .replace(/\p{Cc}/gu, ' ');
}

function unescapeText(value: string): string {
  return value.replace(/\\(.)/g, (_, character: string) => (character === 'n' || character === 'N' ? '\n' : character));
}

/** Whether all that N says stands in the full name too. */
function isNameOf(line: string, label: string): boolean {
  const [family = '', given = ''] = (parseLine(line)?.value ?? '').split(/(?<!\\);/).map(unescapeText);
  const words = `${family} ${given}`.split(/[\s,]+/).filter((word) => word !== '');
  return words.length > 0 && words.every((word) => label.includes(word));
}

/** Not inside a character of UTF-8. */
function fold(line: string): string {
  let folded = '';
  let octets = 0;
  for (const character of line) {
    const length = Buffer.byteLength(character);
    if (octets + length > MAX_LINE_OCTETS) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += character;
    octets += length;
  }
  return folded;
}
