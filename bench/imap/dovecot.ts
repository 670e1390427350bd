/** Dovecot 2.3 with the same messages in mdbox, on loopback. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startDovecot as start } from '../../test/support/dovecot.js';
import { Client } from './client.js';
import { message } from './messages.js';
import { type Peer, stopProcess } from './peer.js';

const AT_ONCE = 100;

/** Starts it, and fills it unless the directory holds its mail already. */
export async function startDovecot(program: string, directory: string, count: number, make = message): Promise<Peer> {
  const isFilled = existsSync(join(directory, 'mail'));
  const { child, port } = await start(program, directory, 'fs', ['zlib', 'imap_zlib']);
  const client = await Client.open(port);
  for (let from = 0; from < count && !isFilled; from += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - from);
    const parts = Array.from({ length: size }, (_, at) => {
      const raw = make(from + at);
      return Buffer.concat([Buffer.from(` {${raw.length}+}\r\n`), raw]);
    });
    await client.command('APPEND INBOX', ...parts);
  }
  return { name: 'Dovecot', pid: child.pid!, port, client, stop: () => stopProcess(child, client) };
}
