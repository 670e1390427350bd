/** Tells faults of the disk from errors of our own: people can do something about them. */

/** A result of SQLite: the number that the database driver's errors carry, or, where it reads many rows, its text alone. */
interface SqliteResult {
  readonly errcode: number;
  /** As sqlite3_errstr has it, in every version. */
  readonly text: string;
}

const FULL: SqliteResult = { errcode: 13, text: 'database or disk is full' };
const CORRUPT: SqliteResult = { errcode: 11, text: 'database disk image is malformed' };
const NOT_A_DATABASE: SqliteResult = { errcode: 26, text: 'file is not a database' };
/** What an extended result says more exactly stands above these bits. */
const RESULT_BITS = 0xff;

export function isDiskFull(error: unknown): boolean {
  const { code } = (error instanceof Error ? error : {}) as { code?: unknown };
  return isResult(error, FULL) || code === 'ENOSPC' || code === 'EDQUOT';
}

/** A database file that something else than SQLite has written into, or that a disk did not keep. */
export function isDamage(error: unknown): boolean {
  return isResult(error, CORRUPT) || isResult(error, NOT_A_DATABASE);
}

function isResult(error: unknown, result: SqliteResult): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return typeof errcode === 'number'
    ? (errcode & RESULT_BITS) === result.errcode
    : code === 'ERR_SQLITE_ERROR' && error.message === result.text;
}
