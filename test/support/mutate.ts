/** Small damage to lines of a protocol, for fuzz tests. */
import type { Generator } from './random.js';

/** What grammars are made of, and what breaks them. */
const TOKENS = [
  '(',
  ')',
  '"',
  '{3}\r\n',
  '{3+}\r\n',
  '~{0+}\r\n',
  '{99999999999+}\r\n',
  '\\',
  '*',
  '%',
  '$',
  ':',
  ',',
  '<0.1>',
  '[',
  ']',
  'NIL',
];
const MORE_TOKENS = [
  'UID ',
  'NOT ',
  'OR ',
  'RETURN (',
  'PARTIAL 1:',
  '\0',
  '\r',
  '\n',
  '\r\n',
  '\xff',
  ' ',
  '  ',
  '&',
  '&AOQ-',
  '-1',
  '4294967296',
  '('.repeat(150),
];

/** One change: something put in, taken out, doubled, or exchanged for a piece of another line. Characters are bytes. */
export function mutate(text: string, lines: readonly string[], { below, pick }: Generator): string {
  const at = below(text.length + 1);
  const to = at + below(text.length - at + 1);
  switch (below(7)) {
    case 0:
      return text.slice(0, at) + pick(TOKENS) + text.slice(at);
    case 1:
      return text.slice(0, at) + pick(MORE_TOKENS) + text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(to);
    case 3:
      return text.slice(0, at) + String.fromCharCode(below(256)) + text.slice(at + 1);
    case 4:
      return text.slice(0, to) + text.slice(at, to).repeat(1 + below(3)) + text.slice(to);
    case 5: {
      const other = pick(lines);
      return text.slice(0, at) + other.slice(below(other.length + 1));
    }
    default:
      return `${text}\r\n${pick(lines)}`;
  }
}
