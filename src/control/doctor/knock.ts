/** Knocks at our own mail ports as a mail program does. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { RouteStatus } from '../../bitmessage/node.js';
import { isLoopback, parseProxy } from '../../config.js';
import type { Saying } from '../../words/words.js';
import type { MailAccess } from '../operation.js';
import type { Finding } from './finding.js';
import { lookAtCertificate } from './look.js';

/** On this machine an answer takes milliseconds. */
const KNOCK_TIMEOUT_MS = 5000;
const DAY_MS = 86_400_000;
/** What Node.js says of a certificate that another authority has signed. */
const CERTIFICATE_FAULT = /CERT|UNABLE_TO_VERIFY|PEM/;

export async function knockAtPorts({ imap, smtp, caPath }: MailAccess): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, { host, port, tlsPort }] of [
    ['imap', imap],
    ['smtp', smtp],
  ] as const) {
    const detail: Saying = ({ commandLine }) => (tlsPort === null ? commandLine.port(host, port) : commandLine.ports(host, port, tlsPort));
    try {
      const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
      await greeting(reachable, port);
      const validTo = tlsPort === null ? undefined : await certificateEnd(reachable, tlsPort, caPath);
      findings.push({ about: name, verdict: 'ok', text: ({ doctor }) => doctor.portsAnswer(doctor.subjects[name]), detail });
      if (validTo !== undefined && name === 'imap') findings.push(lookAtCertificate((validTo - Date.now()) / DAY_MS));
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).name;
      const text: Saying = ({ doctor }) =>
        CERTIFICATE_FAULT.test(reason) ? doctor.foreignCertificate(doctor.subjects[name]) : doctor.portsFail(doctor.subjects[name], reason);
      findings.push({ about: name, verdict: 'fail', text, detail });
    }
  }
  return findings;
}

/** Why the proxy cannot be reached; null when it can. The node knows it only once it has had somebody to dial. */
export async function knockAtProxy({ proxy, onionProxy }: Pick<RouteStatus, 'proxy' | 'onionProxy'>): Promise<string | null> {
  for (const url of [proxy, onionProxy]) {
    const place = url === null ? undefined : parseProxy(url);
    if (place === undefined) continue;
    const socket = connect({ host: place.host, port: place.port });
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(KNOCK_TIMEOUT_MS) });
    } catch (error) {
      return `${url}: ${(error as NodeJS.ErrnoException).code ?? (error as Error).name}`;
    } finally {
      socket.destroy();
    }
  }
  return null;
}

async function greeting(host: string, port: number): Promise<void> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'data', { signal: AbortSignal.timeout(KNOCK_TIMEOUT_MS) });
  } finally {
    socket.destroy();
  }
}

/** Milliseconds since 1970. Fails when our own authority did not sign the certificate. */
async function certificateEnd(host: string, port: number, caPath: string): Promise<number> {
  const servername = isLoopback(host) ? 'localhost' : host;
  const socket = connectTls({ host, port, servername, ca: readFileSync(caPath) });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(KNOCK_TIMEOUT_MS) });
    return Date.parse(socket.getPeerCertificate().valid_to);
  } finally {
    socket.destroy();
  }
}
