/** Dovecot 2.3 on loopback, with mail of any number of users who all have the one password: the server that ours is held against. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PASSWORD } from './imap-house.js';
import { LineClient } from './line-client.js';

export const DOVECOT = '/usr/sbin/dovecot';

const NOBODY = 65_534;
const START_TRIES = 100;
const START_PAUSE_MS = 100;

export interface Dovecot {
  readonly child: ChildProcess;
  readonly port: number;
}

/**
 * @param directory what it keeps, mail too, in `mail`
 * @param layout how it keeps the names of folders: as directories, or, so that there can be any name, in a list
 * @param plugins for COMPRESS, for instance
 */
export async function startDovecot(
  program: string,
  directory: string,
  layout: 'fs' | 'index' = 'fs',
  plugins: readonly string[] = [],
): Promise<Dovecot> {
  const port = await freePort();
  const mail = join(directory, 'mail');
  mkdirSync(mail, { recursive: true });
  const isRoot = process.getuid?.() === 0;
  chmodSync(directory, 0o755);
  if (isRoot) chownSync(mail, NOBODY, NOBODY);
  const config = join(directory, 'dovecot.conf');
  writeFileSync(config, configuration({ directory, mail, port, isRoot, layout, plugins: plugins.join(' ') }));
  const child = spawn(program, ['-F', '-c', config], { stdio: 'inherit' });
  await untilListening(port, child);
  return { child, port };
}

/** A Dovecot for the tests of a suite; answers how a user of it logs in. */
export function dovecotOfSuite(layout: 'fs' | 'index' = 'fs'): (user: string) => Promise<LineClient> {
  const directory = mkdtempSync(join(tmpdir(), 'postern-dovecot-'));
  let dovecot: Dovecot;
  before(async () => {
    dovecot = await startDovecot(DOVECOT, directory, layout);
  });
  after(async () => {
    dovecot.child.kill('SIGTERM');
    await once(dovecot.child, 'close');
    rmSync(directory, { recursive: true, force: true });
  });
  return async (user) => {
    const client = await LineClient.connect(dovecot.port);
    await client.line('greeting');
    await client.command(`login LOGIN ${user} ${PASSWORD}`);
    return client;
  };
}

function configuration(own: { directory: string; mail: string; port: number; isRoot: boolean; layout: string; plugins: string }): string {
  const uid = own.isRoot ? NOBODY : process.getuid!();
  const gid = own.isRoot ? NOBODY : process.getgid!();
  return `protocols = imap
base_dir = ${own.directory}/run
log_path = ${own.directory}/dovecot.log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = mdbox:${own.mail}/%u:LAYOUT=${own.layout}
first_valid_uid = 1
mail_max_userip_connections = 20
protocol imap {
  mail_plugins = ${own.plugins}
}
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${own.mail}/%u
}
service imap-login {
  inet_listener imap {
    port = ${own.port}
  }
  inet_listener imaps {
    port = 0
  }
}
namespace inbox {
  inbox = yes
  separator = /
}
`;
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < START_TRIES && child.exitCode === null; tries++) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'data');
      return;
    } catch {
      await sleep(START_PAUSE_MS);
    } finally {
      socket.destroy();
    }
  }
  throw new Error('Dovecot did not start');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
