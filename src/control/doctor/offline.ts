/** What the doctor sees where no gateway runs: why none may start. */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DATABASE_NAME } from '../../backup/archive.js';
import { DatabaseCheck } from '../../backup/database-check.js';
import { type Config, ConfigError } from '../../config.js';
import { isMailSealed } from '../../sealing/mail-file.js';
import type { Saying } from '../../words/words.js';
import type { Finding, Subject } from './finding.js';
import { lookAtCertificate } from './look.js';
import { lookAtDatabase, lookAtOwner, lookAtRoom } from './premises.js';

const DAY_MS = 86_400_000;

/** @param readSettings as a start would read them */
export async function lookWithoutGateway(dataDirectory: string, readSettings: () => Config): Promise<Finding[]> {
  const settings = attempt(readSettings);
  return [
    { about: 'gateway', verdict: 'fail', text: ({ doctor }) => doctor.noGateway, detail: dataDirectory },
    settings instanceof ConfigError
      ? { about: 'settings', verdict: 'fail', text: ({ doctor }) => doctor.settingsFail, detail: settings.say }
      : { about: 'settings', verdict: 'ok', text: ({ doctor }) => doctor.settingsWork },
    ...(settings instanceof ConfigError ? [] : await Promise.all(portsOf(settings).map(lookAtPort))),
    ...(await lookAtDirectory(dataDirectory)),
  ];
}

async function lookAtDirectory(dataDirectory: string): Promise<Finding[]> {
  const about = 'data directory';
  if (!existsSync(dataDirectory)) return [{ about, verdict: 'ok', text: ({ doctor }) => doctor.noDirectory, detail: dataDirectory }];
  return [
    await lookAtRoom(dataDirectory),
    lookAtOwner(dataDirectory),
    ...inThere(join(dataDirectory, 'certificates', 'server.pem'), (path) => {
      const validTo = Date.parse(new X509Certificate(readFileSync(path)).validTo);
      return lookAtCertificate((validTo - Date.now()) / DAY_MS);
    }),
    ...(await Promise.all(inThere(join(dataDirectory, DATABASE_NAME), (path) => lookAtFile(dataDirectory, path)))),
  ];
}

async function lookAtFile(dataDirectory: string, path: string): Promise<Finding> {
  if (isMailSealed(dataDirectory)) return { about: 'database', verdict: 'ok', text: ({ doctor }) => doctor.databaseSealed };
  return lookAtDatabase(await findFault(path));
}

async function findFault(path: string): Promise<string | null> {
  const check = new DatabaseCheck(path);
  try {
    return await check.run();
  } finally {
    await check.stop();
  }
}

function inThere<T>(path: string, look: (path: string) => T): T[] {
  return existsSync(path) ? [look(path)] : [];
}

interface Port {
  readonly name: Subject;
  readonly host: string;
  readonly port: number;
}

/** Those that a start has to have; it takes any free one where a port is 0, and for the local page. */
function portsOf({ imap, smtp, network }: Config): Port[] {
  const [, host = '', port = '0'] = /^\[?([^\]]*)\]?:(\d+)$/.exec(network.listen) ?? [];
  const ports: Port[] = [
    { name: 'imap', host: imap.host, port: imap.port },
    { name: 'imap (TLS)', host: imap.host, port: imap.tls_port },
    { name: 'smtp', host: smtp.host, port: smtp.port },
    { name: 'smtp (TLS)', host: smtp.host, port: smtp.tls_port },
    { name: 'network', host: network.loopback_only ? '127.0.0.1' : host, port: Number(port) },
  ];
  return ports.filter((each) => each.port !== 0);
}

/** Opens it for a moment: nothing else tells whether it can be had. */
function lookAtPort({ name, host, port }: Port): Promise<Finding> {
  const detail: Saying = ({ commandLine }) => commandLine.port(host, port);
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code = 'error' }: NodeJS.ErrnoException) => {
      const text: Saying = ({ doctor }) =>
        code !== 'EADDRINUSE'
          ? doctor.portFails(doctor.subjects[name], code)
          : name === 'network'
            ? doctor.peerPortIsTaken
            : doctor.portIsTaken(doctor.subjects[name]);
      resolve({ about: name, verdict: 'fail', text, detail });
    });
    server.listen(port, host, () =>
      server.close(() => resolve({ about: name, verdict: 'ok', text: ({ doctor }) => doctor.portIsFree(doctor.subjects[name]), detail })),
    );
  });
}

function attempt<T>(read: () => T): T | ConfigError {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}
