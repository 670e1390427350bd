/** How a program on this machine finds the running daemon: a private file that says where it listens and what token it wants. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, writePrivateFile } from '../access/private-file.js';

export interface Contact {
  readonly host: string;
  readonly port: number;
  /** New at every start. */
  readonly token: string;
}

const FILE_NAME = 'control.json';
/** Whoever accepts it gets a line of JSON now and then, {"progress": …}, before the answer, which has no line end. */
export const LINES_TYPE = 'application/x-ndjson';

export function writeContact(dataDirectory: string, contact: Contact): void {
  writePrivateFile(join(dataDirectory, FILE_NAME), `${JSON.stringify(contact)}\n`);
}

export function removeContact(dataDirectory: string): void {
  rmSync(join(dataDirectory, FILE_NAME), { force: true });
}

/** Undefined when there is none. After a kill -9 it may name a daemon that is gone. */
export function readContact(dataDirectory: string): Contact | undefined {
  const text = readIfThere(join(dataDirectory, FILE_NAME));
  if (text === undefined) return undefined;
  try {
    const { host, port, token } = JSON.parse(text) as Partial<Contact>;
    return typeof host === 'string' && typeof port === 'number' && typeof token === 'string' ? { host, port, token } : undefined;
  } catch {
    return undefined; // not ours, or cut short: as good as none
  }
}

/** Where an operation is asked for over HTTP: "identity new" -> "/api/identity/new". */
export function operationPath(name: string): string {
  return `/api/${name.replaceAll(' ', '/')}`;
}
