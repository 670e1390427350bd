/** Who may speak to the local interface: whoever knows the token, and no web page that lured a browser here. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export type Verdict = { ok: true } | { ok: false; status: 401 | 403; reason: string };

/**
 * Pure. A browser that was tricked by DNS rebinding sends the attacker's name as Host; one that follows a foreign page's form
 * or script sends that page's Origin. Both are refused before the token is looked at.
 */
export function checkAccess(headers: IncomingHttpHeaders, port: number, token: string): Verdict {
  const verdict = checkOrigin(headers, port);
  return verdict.ok ? checkToken(headers, token) : verdict;
}

/** The half that needs no token. */
export function checkOrigin(headers: IncomingHttpHeaders, port: number): Verdict {
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((host) => `${host}:${port}`);
  if (headers.host === undefined || !hosts.includes(headers.host.toLowerCase())) return { ok: false, status: 403, reason: 'wrong Host' };
  if (headers.origin !== undefined && !hosts.includes(headers.origin.toLowerCase().replace(/^http:\/\//, ''))) {
    return { ok: false, status: 403, reason: 'wrong Origin' };
  }
  return { ok: true };
}

function checkToken(headers: IncomingHttpHeaders, token: string): Verdict {
  const given = Buffer.from(/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '');
  const expected = Buffer.from(token);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { ok: false, status: 401, reason: 'wrong token' };
  return { ok: true };
}
