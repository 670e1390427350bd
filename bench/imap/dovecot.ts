/** Dovecot 2.3 with the same messages in mdbox, on loopback. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PASSWORD } from '../../test/support/imap-house.js';
import { Client } from './client.js';
import { message } from './messages.js';
import { type Peer, stopProcess } from './peer.js';

const NOBODY = 65_534;
const AT_ONCE = 100;
const START_TRIES = 100;
const START_PAUSE_MS = 100;

/** Starts it, and fills it unless the directory holds its mail already. */
export async function startDovecot(program: string, directory: string, count: number): Promise<Peer> {
  const port = await freePort();
  const mail = join(directory, 'mail');
  const isFilled = existsSync(mail);
  mkdirSync(mail, { recursive: true });
  const isRoot = process.getuid?.() === 0;
  chmodSync(directory, 0o755);
  if (isRoot) chownSync(mail, NOBODY, NOBODY);
  const config = join(directory, 'dovecot.conf');
  writeFileSync(config, configuration({ directory, mail, port, isRoot }));
  const child = spawn(program, ['-F', '-c', config], { stdio: 'inherit' });
  const client = await whenListening(port, child);
  for (let from = 0; from < count && !isFilled; from += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - from);
    const parts = Array.from({ length: size }, (_, at) => {
      const raw = message(from + at);
      return Buffer.concat([Buffer.from(` {${raw.length}+}\r\n`), raw]);
    });
    await client.command('APPEND INBOX', ...parts);
  }
  return { name: 'Dovecot', pid: child.pid!, port, client, stop: () => stopProcess(child, client) };
}

function configuration(own: { directory: string; mail: string; port: number; isRoot: boolean }): string {
  const uid = own.isRoot ? NOBODY : process.getuid!();
  const gid = own.isRoot ? NOBODY : process.getgid!();
  return `protocols = imap
base_dir = ${own.directory}/run
log_path = ${own.directory}/dovecot.log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = mdbox:${own.mail}/%u
first_valid_uid = 1
mail_max_userip_connections = 20
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

async function whenListening(port: number, child: ChildProcess): Promise<Client> {
  for (let tries = 0; tries < START_TRIES && child.exitCode === null; tries++) {
    try {
      return await Client.open(port);
    } catch {
      await sleep(START_PAUSE_MS);
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
