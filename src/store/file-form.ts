/** Which form a database file has: its first bytes say it. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';

/** The first bytes of every SQLite file whose pages are not encrypted: sqlite.org/fileformat.html. */
const PLAIN_HEADER = 'SQLite format 3\0';

/** 'none': it is not there, or nothing was ever written to it. */
export type FileForm = 'none' | 'plain' | 'sealed';

export function formOf(path: string): FileForm {
  if (!existsSync(path)) return 'none';
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(PLAIN_HEADER.length);
    if (readSync(file, header) === 0) return 'none';
    return header.toString('latin1') === PLAIN_HEADER ? 'plain' : 'sealed';
  } finally {
    closeSync(file);
  }
}
