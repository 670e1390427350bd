/** Tells a disk without room from an error of our own: people can do something about it. */

/** SQLITE_FULL, in the database driver's errors. */
const SQLITE_FULL = 13;

export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return errcode === SQLITE_FULL || code === 'ENOSPC' || code === 'EDQUOT';
}
