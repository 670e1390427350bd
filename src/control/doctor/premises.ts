/** What the doctor sees of the data directory, whether a gateway runs on it or not. */
import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Finding } from './finding.js';
import { lookAtDisk } from './look.js';

export async function lookAtRoom(dataDirectory: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(dataDirectory);
  return lookAtDisk(bavail * bsize);
}

export function lookAtOwner(dataDirectory: string): Finding {
  const isOpen = process.platform !== 'win32' && (statSync(dataDirectory).mode & 0o077) !== 0;
  if (!isOpen) return { about: 'data directory', verdict: 'ok', text: ({ doctor }) => doctor.ownerAlone, detail: dataDirectory };
  return {
    about: 'data directory',
    verdict: 'warn',
    text: ({ doctor }) => doctor.othersLookIn,
    detail: dataDirectory,
  };
}

/** @param fault the first one that was found, or null */
export function lookAtDatabase(fault: string | null): Finding {
  if (fault === null) return { about: 'database', verdict: 'ok', text: ({ doctor }) => doctor.databaseSound };
  return { about: 'database', verdict: 'fail', text: ({ doctor }) => doctor.databaseDamaged, detail: fault };
}
