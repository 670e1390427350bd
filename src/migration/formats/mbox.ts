/** Pure: splits an mbox into its mails as the bytes come, and writes one; the variant is mboxrd, which loses nothing. */
import { parseDate } from '../../mime/date.js';

export interface MboxMail {
  /** Its bytes, one behind the other: of a large mail several, each with memory of its own. */
  readonly pieces: readonly Buffer[];
  /** From the "From " line, null when there is no date that can be read. */
  readonly receivedAt: number | null;
}

/** A mail that is longer is cut out and told: no program sends it, and it would have to fit into memory. */
export const MAX_MAIL_BYTES = 67_108_864;

/** Lines are joined to pieces of this size: to join a million of them at once takes long. */
const PIECE_BYTES = 2 ** 19;

const LF = 0x0a;

/**
 * The mails of an mbox. A mail begins at a line "From " at the start or after an empty line; "Content-Length" is not looked at,
 * for programs that edit files do not keep it right.
 *
 * @param onTooLong told for each mail beyond {@link MAX_MAIL_BYTES}
 */
export async function* readMbox(chunks: AsyncIterable<Uint8Array>, onTooLong: () => void): AsyncGenerator<MboxMail> {
  let receivedAt: number | null = null;
  let inMail = false;
  let pieces: Buffer[] = [];
  let lines: Buffer[] = [];
  let lineBytes = 0;
  let length = 0;
  let wasEmpty = true;
  const finish = (): MboxMail | undefined => {
    if (!inMail) return undefined;
    if (length > MAX_MAIL_BYTES) {
      onTooLong();
      return undefined;
    }
    // The empty line before the next "From " belongs to the mbox, not to the mail.
    if (pieces.length + lines.length > 1 && isEmpty(lines[lines.length - 1])) lines.pop();
    return { pieces: [...pieces, joined(lines)], receivedAt };
  };
  for await (const line of linesOf(chunks)) {
    if (wasEmpty && isFromLine(line)) {
      const mail = finish();
      if (mail !== undefined) yield mail;
      inMail = true;
      receivedAt = dateOf(line);
      pieces = [];
      lines = [];
      lineBytes = 0;
      length = 0;
      wasEmpty = false;
      continue;
    }
    wasEmpty = isEmpty(line);
    length += line.length;
    if (!inMail || length > MAX_MAIL_BYTES) continue;
    if (lineBytes >= PIECE_BYTES) {
      pieces.push(joined(lines));
      lines = [];
      lineBytes = 0;
    }
    lines.push(unquote(line));
    lineBytes += line.length;
  }
  const last = finish();
  if (last !== undefined) yield last;
}

/** One mail as it stands in an mbox, with LF at the ends of lines, as the programs that read them expect. */
export function toMbox(raw: Buffer, sender: string, receivedAt: number): Buffer {
  const text = raw
    .toString('latin1')
    .replace(/\r\n/g, '\n')
    .replace(/^(>*From )/gm, '>$1');
  const from = `From ${sender.replace(/\s/g, '') || 'MAILER-DAEMON'} ${asctime(receivedAt)}\n`;
  return Buffer.from(`${from}${text}${text.endsWith('\n') ? '' : '\n'}\n`, 'latin1');
}

/** Lines with their ends; the last one may have none. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  for await (const bytes of chunks) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      const line = chunk.subarray(start, end + 1);
      // A copy: a line of a large chunk would keep all of it alive.
      yield pieces.length === 0 ? Buffer.from(line) : Buffer.concat([...pieces, line]);
      pieces = [];
      start = end + 1;
    }
    if (start < chunk.length) pieces.push(Buffer.from(chunk.subarray(start)));
  }
  if (pieces.length > 0) yield Buffer.concat(pieces);
}

/** In memory that can be handed to a thread. */
function joined(lines: readonly Buffer[]): Buffer {
  const bytes = Buffer.allocUnsafeSlow(lines.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const line of lines) end += line.copy(bytes, end);
  return bytes;
}

function isFromLine(line: Buffer): boolean {
  return line.subarray(0, 5).toString('latin1') === 'From ';
}

function isEmpty(line: Buffer): boolean {
  return line.length <= 2 && /^\r?\n?$/.test(line.toString('latin1'));
}

/** ">From ", ">>From " … lose one ">". */
function unquote(line: Buffer): Buffer {
  if (line[0] !== 0x3e) return line;
  let end = 0;
  while (line[end] === 0x3e) end++;
  return isFromLine(line.subarray(end)) ? line.subarray(1) : line;
}

/** "From sender Sat Nov 21 23:00:00 2026", with a zone behind it in some files. */
function dateOf(line: Buffer): number | null {
  const text = line.toString('latin1').trim();
  const date = /\b(?:mon|tue|wed|thu|fri|sat|sun),?\s+.*$/i.exec(text);
  return date === null ? null : (parseDate(date[0])?.at ?? null);
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function asctime(seconds: number): string {
  const date = new Date(seconds * 1000);
  const day = String(date.getUTCDate()).padStart(2, ' ');
  return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${day} ${date.toISOString().slice(11, 19)} ${date.getUTCFullYear()}`;
}
