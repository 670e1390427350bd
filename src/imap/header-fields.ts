/** HEADER.FIELDS and HEADER.FIELDS.NOT, RFC 9051 §6.4.5: the chosen fields of a header, on its bytes. Pure; takes any bytes. */
import type { Section } from './fetch-items.js';

/** The fields of a header that are (or are not) named, each with its lines as they stand, and an empty line. */
export function headerFields(header: Buffer, section: Section): Buffer {
  const names = namesOf(section);
  const isExcluding = section.text === 'HEADER.FIELDS.NOT';
  const end = header.length;
  // What is chosen is moved to the front of a copy: one call for neighbours.
  const chosen = Buffer.allocUnsafe(end + 2 * LINE_END_BYTES);
  header.copy(chosen);
  let length = 0;
  let runStart = 0;
  for (let start = 0; start < end; ) {
    const next = fieldEnd(chosen, start, end);
    if (isEmptyLine(chosen, start, next) || names.has(chosen, start, next) === isExcluding) {
      length = moveRun(chosen, length, runStart, start);
      runStart = next;
    }
    start = next;
  }
  length = moveRun(chosen, length, runStart, end);
  if (length > 0 && chosen[length - 1] !== LF) length = writeLineEnd(chosen, length);
  return chosen.subarray(0, writeLineEnd(chosen, length));
}

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const LINE_END_BYTES = 2;

/** Compiled once for all messages of a command. */
const compiled = new WeakMap<Section, FieldNames>();

function namesOf(section: Section): FieldNames {
  let names = compiled.get(section);
  if (names === undefined) compiled.set(section, (names = new FieldNames(section.fields)));
  return names;
}

/** Names of header fields, looked up without making a string of what is compared. */
class FieldNames {
  /** In lower case, by their length. */
  readonly #byLength: Buffer[][] = [];

  constructor(names: readonly string[]) {
    for (const name of names) (this.#byLength[name.length] ??= []).push(Buffer.from(name.toLowerCase(), 'latin1'));
  }

  /** Whether a field that lies there has one of the names; a line without a name has none. */
  has(bytes: Buffer, start: number, end: number): boolean {
    let colon = start;
    while (colon < end && bytes[colon] !== COLON) colon++;
    if (colon === end) return false;
    let [from, to] = [start, colon];
    while (to > from && isBlank(bytes[to - 1])) to--;
    while (from < to && isBlank(bytes[from])) from++;
    const names = this.#byLength[to - from];
    if (names === undefined) return false;
    for (const name of names) if (isName(bytes, from, name)) return true;
    return false;
  }
}

function isName(bytes: Buffer, from: number, lowerName: Buffer): boolean {
  for (let i = 0; i < lowerName.length; i++) {
    const byte = bytes[from + i];
    if ((byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte) !== lowerName[i]) return false;
  }
  return true;
}

/** After the last continuation line. */
function fieldEnd(bytes: Buffer, start: number, end: number): number {
  for (let position = start; position < end; position++) {
    if (bytes[position] !== LF) continue;
    const next = bytes[position + 1];
    if (position + 1 >= end || (next !== SPACE && next !== TAB)) return position + 1;
  }
  return end;
}

function isEmptyLine(bytes: Buffer, start: number, end: number): boolean {
  return bytes[start] === LF || (bytes[start] === CR && start + 1 < end && bytes[start + 1] === LF);
}

function isBlank(byte: number): boolean {
  return byte === SPACE || (byte >= TAB && byte <= CR);
}

function moveRun(bytes: Buffer, to: number, start: number, end: number): number {
  if (start === end) return to;
  if (start !== to) bytes.copyWithin(to, start, end);
  return to + end - start;
}

function writeLineEnd(bytes: Buffer, at: number): number {
  bytes[at] = CR;
  bytes[at + 1] = LF;
  return at + LINE_END_BYTES;
}
