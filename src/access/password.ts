/** Passwords: made so that they can be read and typed, kept as scrypt verifiers, compared in constant time. */
import { randomBytes, randomInt, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** Without the letters and digits that are mistaken for one another (0 o, 1 i l). */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
/** 16 letters of 31 are 79 bits: beyond guessing, and still typed in ten seconds. */
const GROUPS = 4;
const GROUP_LETTERS = 4;

/** 2^15 with r 8 is 32 MB and about 80 ms: dear for a guesser, and not noticed once in a session. */
export const SCRYPT_COST: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** "k7mq-w3xa-9hrd-c2vn" */
export function makePassword(): string {
  const letter = (): string => LETTERS[randomInt(LETTERS.length)];
  const group = (): string => Array.from({ length: GROUP_LETTERS }, letter).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/** What to keep of a password: "scrypt:N:r:p:salt:key", the last two base64. */
export async function makeVerifier(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await deriveKey(password, salt, SCRYPT_COST);
  return ['scrypt', SCRYPT_COST.N, SCRYPT_COST.r, SCRYPT_COST.p, salt.toString('base64'), key.toString('base64')].join(':');
}

/** @throws Error when the verifier is not one */
export async function verifyPassword(password: string, verifier: string): Promise<boolean> {
  const match = /^scrypt:(\d+):(\d+):(\d+):([\w+/=]+):([\w+/=]+)$/.exec(verifier);
  if (match === null) throw new Error('the stored password verifier is damaged');
  const [N, r, p] = match.slice(1, 4).map(Number);
  const expected = Buffer.from(match[5], 'base64');
  const key = await deriveKey(password, Buffer.from(match[4], 'base64'), { N, r, p, maxmem: SCRYPT_COST.maxmem });
  return key.length === expected.length && timingSafeEqual(key, expected);
}

/** Runs on libuv's threads. The same letters typed on another keyboard can come as other code points: NFKC makes them one. */
export function deriveKey(password: string, salt: Uint8Array, cost: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, cost, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
