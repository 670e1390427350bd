/** SASL messages: PLAIN and LOGIN taken apart, and the server's side of SCRAM-SHA-256 as a pure state machine. */
import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';

export interface PlainCredentials {
  /** Who to act as; '' when the client leaves it to us. */
  readonly authorizationId: string;
  readonly user: string;
  readonly password: string;
}

/** RFC 4616 §2: [authzid] NUL authcid NUL passwd, UTF-8. Null when it is not that. */
export function decodePlain(response: Uint8Array): PlainCredentials | null {
  const parts = decodeUtf8(response)?.split('\0');
  if (parts?.length !== 3 || parts[1] === '' || parts[2] === '') return null;
  return { authorizationId: parts[0], user: parts[1], password: parts[2] };
}

/** The two questions of the LOGIN mechanism (draft-murchison-sasl-login), which Outlook and old programs use. */
export const LOGIN_CHALLENGES = ['Username:', 'Password:'] as const;

/** One answer of the LOGIN mechanism. Null when it is not UTF-8 or contains a NUL. */
export function decodeLoginAnswer(response: Uint8Array): string | null {
  const answer = decodeUtf8(response);
  return answer === undefined || answer.includes('\0') ? null : answer;
}

/** What the server keeps for SCRAM: RFC 5802 §3. */
export interface ScramKeys {
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** RFC 7677 §4 asks for at least 4096; this takes about 10 ms. */
export const SCRAM_ITERATIONS = 15_000;

export function deriveScramKeys(password: string, salt: Uint8Array, iterations: number): ScramKeys {
  const salted = saltedPassword(password, salt, iterations);
  return { salt, iterations, storedKey: sha256(hmac(salted, 'Client Key')), serverKey: hmac(salted, 'Server Key') };
}

/** RFC 5802 §3 ClientKey: what a client that proves itself has, and the server has not until then. */
export function scramClientKey(password: string, { salt, iterations }: Pick<ScramKeys, 'salt' | 'iterations'>): Uint8Array {
  return hmac(saltedPassword(password, salt, iterations), 'Client Key');
}

export interface ScramFirst {
  readonly user: string;
  readonly authorizationId: string;
  /** 'n': the client knows no channel binding; 'y': it thinks that we know none; otherwise the type it chose. */
  readonly channelBinding: string;
  readonly gs2Header: string;
  readonly bare: string;
  readonly clientNonce: string;
}

/** RFC 5802 §7 client-first-message. Null when it is not one. */
export function readScramFirst(message: string): ScramFirst | null {
  const match = /^((n|y|p=([\w.-]+)),(?:a=([^,]*))?,)(n=([^,]*),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/s.exec(message);
  if (match === null) return null;
  const [, gs2Header, flag, bindingType, authorizationId = '', bare, name, clientNonce] = match;
  const user = unescapeName(name);
  const actAs = unescapeName(authorizationId);
  if (user === null || user === '' || actAs === null) return null;
  return { user, authorizationId: actAs, channelBinding: bindingType ?? flag, gs2Header, bare, clientNonce };
}

export interface ScramExchange {
  readonly first: ScramFirst;
  readonly keys: ScramKeys;
  /** server-first-message, to be sent. */
  readonly serverFirst: string;
}

export interface ScramProof {
  readonly serverFinal: string;
  /** See `scramClientKey`. */
  readonly clientKey: Uint8Array;
}

/** RFC 5802 §5: the second message; `serverNonce` is printable and unpredictable. */
export function continueScram(first: ScramFirst, keys: ScramKeys, serverNonce: string): ScramExchange {
  const salt = Buffer.from(keys.salt).toString('base64');
  return { first, keys, serverFirst: `r=${first.clientNonce}${serverNonce},s=${salt},i=${keys.iterations}` };
}

/**
 * RFC 5802 §5: checks the client's proof and answers server-final-message and what was proved with, or null when the proof is wrong.
 *
 * @param bindingData what the client must have bound to when it chose a channel binding, else empty
 */
export function finishScram(exchange: ScramExchange, clientFinal: string, bindingData: Uint8Array = new Uint8Array()): ScramProof | null {
  const match = /^(c=([\w+/=]+),r=([^,]+)(?:,[^p].*)?),p=([\w+/=]+)$/s.exec(clientFinal);
  if (match === null) return null;
  const [, withoutProof, binding, nonce, proofText] = match;
  const { first, keys, serverFirst } = exchange;
  const expectedBinding = Buffer.concat([Buffer.from(first.gs2Header), bindingData]);
  const isSame = binding === expectedBinding.toString('base64') && serverFirst.startsWith(`r=${nonce},`);
  const proof = Buffer.from(proofText, 'base64');
  if (!isSame || proof.length !== keys.storedKey.length) return null;
  const authMessage = `${first.bare},${serverFirst},${withoutProof}`;
  const signature = hmac(keys.storedKey, authMessage);
  const clientKey = new Uint8Array(proof.map((byte, i) => byte ^ signature[i]));
  if (!timingSafeEqual(sha256(clientKey), keys.storedKey)) return null;
  return { serverFinal: `v=${hmac(keys.serverKey, authMessage).toString('base64')}`, clientKey };
}

function saltedPassword(password: string, salt: Uint8Array, iterations: number): Buffer {
  return pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256');
}

/** RFC 5802 §5.1: "=2C" is a comma, "=3D" an equals sign, any other "=" an error. */
function unescapeName(name: string): string | null {
  return /=(?!2C|3D)/.test(name) ? null : name.replace(/=2C/g, ',').replace(/=3D/g, '=');
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function hmac(key: Uint8Array, message: string): Buffer {
  return createHmac('sha256', key).update(message).digest();
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
