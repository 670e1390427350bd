/** The combined login as it is kept in the data directory: see docs/decisions/0004-login-record.md. */
import { randomBytes } from 'node:crypto';
import { makePassword, makeVerifier } from './password.js';
import { readIfThere, writePrivateFile } from './private-file.js';
import { deriveScramKeys, SCRAM_ITERATIONS, type ScramKeys } from './sasl.js';

export interface LoginRecord {
  readonly user: string;
  /** scrypt; this alone decides who enters. */
  readonly verifier: string;
  /** The generated password, to be shown to its owner again; null once it was taken out of the file. */
  readonly password: string | null;
  /** "iterations:salt:storedKey:serverKey", the last three base64 (RFC 5802 §3); null: was never derived. */
  readonly scram: string | null;
}

/** RFC 5802 wants it random; 16 bytes are never the same twice. */
const SALT_BYTES = 16;

/** Reads the record, or makes one with a new password. @throws Error when the file is damaged */
export async function ensureLoginRecord(path: string, user: string): Promise<LoginRecord> {
  const text = readIfThere(path);
  if (text !== undefined) return withScram(path, parseRecord(path, text));
  const password = makePassword();
  const record: LoginRecord = { user, verifier: await makeVerifier(password), password, scram: makeScram(password) };
  write(path, record);
  return record;
}

/** The password does not stand readable in the file any more. Answers the record as it is now. */
export function forgetPassword(path: string, record: LoginRecord): LoginRecord {
  const without = { ...record, password: null };
  write(path, without);
  return without;
}

/** The keys of SCRAM as the record keeps them. @throws Error when they are damaged */
export function readScram(text: string): ScramKeys {
  const match = /^(\d+):([\w+/=]+):([\w+/=]+):([\w+/=]+)$/.exec(text);
  if (match === null) throw new Error('the stored SCRAM keys are damaged');
  const [salt, storedKey, serverKey] = match.slice(2).map((part) => Buffer.from(part, 'base64'));
  return { iterations: Number(match[1]), salt, storedKey, serverKey };
}

function makeScram(password: string): string {
  const { iterations, salt, storedKey, serverKey } = deriveScramKeys(password, randomBytes(SALT_BYTES), SCRAM_ITERATIONS);
  return [iterations, ...[salt, storedKey, serverKey].map((bytes) => Buffer.from(bytes).toString('base64'))].join(':');
}

/** A record of the time before SCRAM gets its keys while the password can still be read. */
function withScram(path: string, record: LoginRecord): LoginRecord {
  if (record.scram !== null || record.password === null) return record;
  const complete = { ...record, scram: makeScram(record.password) };
  write(path, complete);
  return complete;
}

function write(path: string, record: LoginRecord): void {
  writePrivateFile(path, `${JSON.stringify(record, null, 2)}\n`);
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
  const { user, verifier, password, scram } = value;
  return { user, verifier, password: password ?? null, scram: scram ?? null };
}
