/** Pure: how mail files say what was read, answered or marked, and the same as IMAP flags. */
import { readHeaderField } from '../../mime/read-mail.js';

/** Letters of a Maildir name behind ":2,", and of the Status and X-Status fields of an mbox, by what they mean. */
const MAILDIR: readonly (readonly [letter: string, flag: string])[] = [
  ['D', '\\Draft'],
  ['F', '\\Flagged'],
  ['P', '$Forwarded'],
  ['R', '\\Answered'],
  ['S', '\\Seen'],
  ['T', '\\Deleted'],
];
const STATUS: Readonly<Record<string, string>> = { R: '\\Seen' };
const X_STATUS: Readonly<Record<string, string>> = { A: '\\Answered', F: '\\Flagged', T: '\\Draft', D: '\\Deleted' };
/** Bits of X-Mozilla-Status, as Thunderbird writes it into its local folders. */
const MOZILLA: readonly (readonly [bit: number, flag: string])[] = [
  [0x0001, '\\Seen'],
  [0x0002, '\\Answered'],
  [0x0004, '\\Flagged'],
];
const MOZILLA_EXPUNGED = 0x0008;

/** Of a file in a Maildir: "1700000000.M1P2.host:2,RS"; some systems write ";" or "!" for the colon. */
export function flagsOfMaildirName(name: string): string[] {
  const letters = /[:;!]2,([A-Za-z]*)$/.exec(name)?.[1] ?? '';
  return MAILDIR.filter(([letter]) => letters.includes(letter)).map(([, flag]) => flag);
}

/** The end of a Maildir name: ":2,FS". */
export function maildirInfo(flags: readonly string[]): string {
  const lower = flags.map((flag) => flag.toLowerCase());
  return `:2,${MAILDIR.filter(([, flag]) => lower.includes(flag.toLowerCase()))
    .map(([letter]) => letter)
    .join('')}`;
}

/** Null for a mail that Thunderbird has deleted and only not yet taken out of the file. */
export function flagsOfMboxMail(raw: Buffer): string[] | null {
  const flags = new Set<string>();
  const take = (field: string, meanings: Readonly<Record<string, string>>): void => {
    for (const letter of readHeaderField(raw, field) ?? '') if (meanings[letter] !== undefined) flags.add(meanings[letter]);
  };
  take('status', STATUS);
  take('x-status', X_STATUS);
  const mozilla = Number.parseInt(readHeaderField(raw, 'x-mozilla-status') ?? '0', 16) || 0;
  if ((mozilla & MOZILLA_EXPUNGED) !== 0) return null;
  for (const [bit, flag] of MOZILLA) if ((mozilla & bit) !== 0) flags.add(flag);
  return [...flags];
}
