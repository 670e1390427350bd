/** The combined login as it is kept in the data directory: see docs/decisions/0004-login-record.md. */
import { makePassword, makeVerifier } from './password.js';
import { readIfThere, writePrivateFile } from './private-file.js';

export interface LoginRecord {
  readonly user: string;
  /** scrypt; this alone decides who enters. */
  readonly verifier: string;
  /** The generated password, to be shown to its owner again; null once it was taken out of the file. */
  readonly password: string | null;
}

/** Reads the record, or makes one with a new password. @throws Error when the file is damaged */
export async function ensureLoginRecord(path: string, user: string): Promise<LoginRecord> {
  const text = readIfThere(path);
  if (text !== undefined) return parseRecord(path, text);
  const password = makePassword();
  const record: LoginRecord = { user, verifier: await makeVerifier(password), password };
  writePrivateFile(path, `${JSON.stringify(record, null, 2)}\n`);
  return record;
}

function parseRecord(path: string, text: string): LoginRecord {
  let value: Partial<LoginRecord>;
  try {
    value = JSON.parse(text) as Partial<LoginRecord>;
  } catch (error) {
    throw new Error(`${path} is damaged; move it away to get a new password`, { cause: error });
  }
  if (typeof value.user !== 'string' || typeof value.verifier !== 'string')
    throw new Error(`${path} is damaged; move it away to get a new password`);
  return { user: value.user, verifier: value.verifier, password: typeof value.password === 'string' ? value.password : null };
}
