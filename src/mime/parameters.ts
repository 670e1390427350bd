/** Content-Type and Content-Disposition: a word and its parameters, RFC 2045 §5.1 and RFC 2231. Pure, takes any text. */
import { FieldReader } from './structured-field.js';

/** Name and value as written; what RFC 2231 cut into pieces is joined again under one name ("filename", "filename*"). */
export type Parameter = readonly [name: string, value: string];

export interface WordWithParameters {
  /** "text/plain" or "attachment" as written; '' when there is none. */
  readonly word: string;
  readonly parameters: readonly Parameter[];
}

/** No real part has more than a dozen, a long name cut into pieces perhaps fifty. */
const MAX_PARAMETERS = 200;

// RFC 2045 token, and the 8-bit characters that are found in the wild.
const TOKEN = /[^\s()<>@,;:\\"/[\]?=]+/y;
// Values of names without quotes often hold what a token must not: everything up to a blank or ";".
const BARE_VALUE = /[^\s;"(]+/y;

export function parseWordWithParameters(value: string): WordWithParameters {
  const reader = new FieldReader(value);
  reader.skipSpace();
  const word = reader.peek() === '"' ? reader.quotedString() : slashWord(reader);
  return { word, parameters: joinPieces(readParameters(reader)) };
}

/** The value of a parameter, or null. */
export function parameter(parameters: readonly Parameter[], lowerName: string): string | null {
  return parameters.find(([name]) => name.toLowerCase() === lowerName)?.[1] ?? null;
}

function slashWord(reader: FieldReader): string {
  const type = reader.match(TOKEN);
  reader.skipSpace();
  if (!reader.take('/')) return type;
  reader.skipSpace();
  return `${type}/${reader.match(TOKEN)}`;
}

/** Junk between parameters is passed over: a name counts when "=" follows it. */
function readParameters(reader: FieldReader): Parameter[] {
  const parameters: Parameter[] = [];
  while (parameters.length < MAX_PARAMETERS) {
    reader.skipSpace();
    if (reader.atEnd) break;
    const name = reader.match(TOKEN);
    if (name === '') {
      reader.position++;
      continue;
    }
    reader.skipSpace();
    if (!reader.take('=')) continue;
    reader.skipSpace();
    parameters.push([name, reader.peek() === '"' ? reader.quotedString() : reader.match(BARE_VALUE)]);
  }
  return parameters;
}

/** RFC 2231 §3: name*0, name*1*, … become one value; "name*" says that it holds a charset and percent signs. */
function joinPieces(parameters: readonly Parameter[]): Parameter[] {
  const whole: Parameter[] = [];
  const cut = new Map<string, { name: string; pieces: { index: number; encoded: boolean; value: string }[] }>();
  for (const [name, value] of parameters) {
    const match = /^([^*]+)\*(\d{1,9})(\*?)$/.exec(name);
    if (match === null) {
      whole.push([name, value]);
      continue;
    }
    const key = match[1].toLowerCase();
    if (!cut.has(key)) cut.set(key, { name: match[1], pieces: [] });
    cut.get(key)!.pieces.push({ index: Number(match[2]), encoded: match[3] === '*', value });
  }
  const joined = [...cut.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, { name, pieces }]) => join(name, pieces));
  return [...whole, ...joined];
}

/** Pieces after a gap in the numbering belong to nothing and keep their own name. */
function join(name: string, pieces: { index: number; encoded: boolean; value: string }[]): Parameter[] {
  pieces.sort((a, b) => a.index - b.index);
  let count = 0;
  while (count < pieces.length && pieces[count].index === count) count++;
  const parts = pieces.slice(0, count);
  const rest = pieces.slice(count).map(({ index, encoded, value }): Parameter => [`${name}*${index}${encoded ? '*' : ''}`, value]);
  if (count === 0) return rest;
  const encoded = parts.some((piece) => piece.encoded);
  const value = parts.map((piece) => (encoded && !piece.encoded ? percentEncode(piece.value) : piece.value)).join('');
  return [[encoded ? `${name}*` : name, value], ...rest];
}

function percentEncode(latin1: string): string {
  return latin1.replace(/[^\w.!#$&+^`{}|~-]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
