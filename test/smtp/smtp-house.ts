/** The real SMTP server, with the real login check and mapping behind it, on loopback. */
import { scryptSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCertificate, type ServerCertificate } from '../../src/access/certificate.js';
import { LoginCheck } from '../../src/access/logins.js';
import type { ScramKeys } from '../../src/access/sasl.js';
import { LoginThrottle } from '../../src/access/throttle.js';
import { silentLogger } from '../../src/base/log.js';
import type { OnDisk } from '../../src/base/on-disk.js';
import { SmtpServer, type SmtpServerOptions } from '../../src/smtp/server.js';
import type { Submission } from '../../src/smtp/submission.js';
import { House } from '../mapping/house.js';
import { LineClient } from '../support/line-client.js';

export const USER = 'me';
export const PASSWORD = 'secret';

export class SmtpHouse {
  private constructor(
    readonly house: House,
    readonly server: SmtpServer,
    readonly port: number,
    readonly tlsPort: number,
    readonly certificate: ServerCertificate,
  ) {}

  /** @param wrap what stands before the real submission, such as a delay */
  static async open(
    wrap: (submission: Submission) => Submission = (submission) => submission,
    { scramKeys = null, onDisk, ...options }: Partial<SmtpServerOptions> & { scramKeys?: ScramKeys | null; onDisk?: OnDisk } = {},
  ): Promise<SmtpHouse> {
    const house = await House.open();
    const certificate = await sharedCertificate();
    const logins = new LoginCheck(
      { user: USER, verifier: cheapVerifier(), scramKeys, domain: 'bitmessage' },
      {
        throttle: new LoginThrottle(house.clock),
        identities: () => house.node.identities().map(({ address }) => address),
        named: async () => null,
      },
    );
    const server = new SmtpServer(
      { host: '127.0.0.1', port: 0, tlsPort: 0, tls: { key: certificate.key, cert: certificate.cert }, ...options },
      {
        submission: wrap(house.mapping.submission),
        logins,
        onDisk: onDisk ?? house.database.onDisk,
        log: silentLogger,
        words: house.words,
      },
    );
    const { port, tlsPort } = await server.start();
    return new SmtpHouse(house, server, port, tlsPort!, certificate);
  }

  async close(): Promise<void> {
    await this.server.stop();
    await this.house.close();
  }

  /** A client past the greeting and EHLO. */
  async greeted(): Promise<LineClient> {
    const client = await LineClient.connect(this.port);
    await client.line('greeting');
    await ask(client, 'EHLO there');
    return client;
  }

  /** A client past the login. */
  async loggedIn(): Promise<LineClient> {
    const client = await this.greeted();
    const answer = await ask(client, `AUTH PLAIN ${Buffer.from(`\0${USER}\0${PASSWORD}`).toString('base64')}`);
    if (!answer.startsWith('235 ')) throw new Error(answer);
    return client;
  }
}

/** Sends a command; answers its whole reply, lines separated by LF. */
export async function ask(client: LineClient, command: string | Buffer): Promise<string> {
  client.write(Buffer.concat([Buffer.from(command), Buffer.from('\r\n')]));
  return reply(client);
}

/** The next reply, with all its lines. */
export async function reply(client: LineClient): Promise<string> {
  const lines: string[] = [];
  do lines.push(await client.line('SMTP reply'));
  while (/^\d{3}-/.test(lines.at(-1) ?? ''));
  return lines.join('\n');
}

let certificate: Promise<ServerCertificate> | undefined;

/** Two RSA keys take a second: made once for all tests of a run. */
export function sharedCertificate(): Promise<ServerCertificate> {
  certificate ??= makeCertificate();
  return certificate;
}

async function makeCertificate(): Promise<ServerCertificate> {
  const directory = mkdtempSync(join(tmpdir(), 'postern-smtp-'));
  try {
    return await ensureCertificate(directory, []);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Cheap on purpose: what a good one costs is for the tests of the login check. */
function cheapVerifier(): string {
  const salt = Buffer.from('salt');
  const key = scryptSync(PASSWORD, salt, 32, { N: 2, r: 1, p: 1 });
  return `scrypt:2:1:1:${salt.toString('base64')}:${key.toString('base64')}`;
}
