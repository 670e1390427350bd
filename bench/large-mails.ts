/**
 * What mails of the largest size that a folder takes cost those who share the server with them: milliseconds of each command, the
 * longest time in which the server heard nobody (and how much of that it worked), and its memory.
 *
 * node dist/bench/large-mails.js [--dovecot /usr/sbin/dovecot] [--only WORD]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from './imap/client.js';
import { startDovecot } from './imap/dovecot.js';
import { LARGE_MAILS } from './imap/large-messages.js';
import type { Peer } from './imap/peer.js';
import { fillPostern, type Postern, servePostern, startPostern } from './imap/postern.js';

/** Several programs move such mails in, and fetch them. */
const WRITERS = 4;
const READERS = 20;
/** A client on a bad line takes this much of it, with pauses. */
const SLOW_BYTES = 3_000_000;
const SLOW_PAUSE_MS = 20;

type Step = readonly [name: string, run: (client: Client, raw: Buffer, port: number) => Promise<unknown>];

/** Dovecot 2.3 hangs up on it. */
const OURS_ALONE = 'REPLACE';

/** In this order, the mail alone in INBOX from the first on. */
const STEPS: readonly Step[] = [
  ['APPEND', (client, raw) => client.command(`APPEND INBOX {${raw.length}+}\r\n`, raw)],
  ['FETCH BODY[]', (client) => client.command('FETCH * BODY.PEEK[]')],
  ['FETCH BODY[]<0.1000000>', (client) => client.command('FETCH * BODY.PEEK[]<0.1000000>')],
  ['FETCH BODY[1]', (client) => client.command('FETCH * BODY.PEEK[1]')],
  ['FETCH BODY[2]', (client) => client.command('FETCH * BODY.PEEK[2]')],
  ['FETCH BINARY[2]', (client) => client.command('FETCH * BINARY.PEEK[2]')],
  ['FETCH BINARY.SIZE[2]', (client) => client.command('FETCH * BINARY.SIZE[2]')],
  ['FETCH BODY[HEADER]', (client) => client.command('FETCH * BODY.PEEK[HEADER]')],
  ['FETCH HEADER.FIELDS', (client) => client.command('FETCH * BODY.PEEK[HEADER.FIELDS (Subject From)]')],
  ['FETCH BODYSTRUCTURE', (client) => client.command('FETCH * BODYSTRUCTURE')],
  ['FETCH ENVELOPE', (client) => client.command('FETCH * ENVELOPE')],
  ['FETCH PREVIEW', (client) => client.command('FETCH * PREVIEW')],
  ['SEARCH HEADER', (client) => client.command('SEARCH SUBJECT nowhere')],
  ['SEARCH BODY', (client) => client.command('SEARCH BODY nowhere')],
  ['SEARCH TEXT', (client) => client.command('SEARCH TEXT nowhere')],
  ['CATENATE', (client) => client.command('APPEND INBOX CATENATE (URL "/INBOX/;UID=1" TEXT {3+}\r\nabc)')],
  ['REPLACE', (client, raw) => client.command(`REPLACE * INBOX {${raw.length}+}\r\n`, raw)],
  ['COPY', (client) => client.command('COPY * INBOX')],
  [
    `APPEND by ${WRITERS} at once`,
    (_, raw, port) => atOnce(port, WRITERS, (client) => client.command(`APPEND INBOX {${raw.length}+}\r\n`, raw)),
  ],
  [`FETCH BODY[] by ${READERS} at once`, (_, __, port) => atOnce(port, READERS, (client) => client.command('FETCH 1 BODY.PEEK[]'))],
  [
    `slow reading by ${READERS}`,
    (_, __, port) => atOnce(port, READERS, (client) => client.readSlowly('FETCH 1 BODY.PEEK[]', SLOW_BYTES, SLOW_PAUSE_MS)),
  ],
  [
    'EXPUNGE of all',
    async (client) => {
      await client.command('STORE 1:* +FLAGS.SILENT (\\Deleted)');
      await client.command('EXPUNGE');
    },
  ],
];

const { values } = parseArgs({
  options: { dovecot: { type: 'string' }, only: { type: 'string', default: '' }, serve: { type: 'string' } },
});
if (values.serve === undefined) await measureAll();
else await servePostern(values.serve);

async function measureAll(): Promise<void> {
  for (const [name, make] of LARGE_MAILS) if (name.includes(values.only)) await measure(name, make());
}

async function measure(name: string, raw: Buffer): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'postern-bench-large-'));
  fillPostern(directory, 0);
  const ours = await startPostern(fileURLToPath(import.meta.url), directory);
  const peers: Peer[] = [ours];
  try {
    if (values.dovecot !== undefined) peers.push(await startDovecot(values.dovecot, directory, 0));
    console.log(`${name}: ${(raw.length / 2 ** 20).toFixed(1)} MiB`);
    for (const step of STEPS) await measureStep(step, raw, ours, peers);
  } finally {
    for (const peer of peers) await peer.stop();
    rmSync(directory, { recursive: true });
  }
}

async function measureStep([name, run]: Step, raw: Buffer, ours: Postern, peers: readonly Peer[]): Promise<void> {
  const times: string[] = [];
  for (const peer of name === OURS_ALONE ? [ours] : peers) {
    await peer.client.command('SELECT INBOX');
    if (peer === ours) await ours.strain();
    const start = performance.now();
    const refusal = await run(peer.client, raw, peer.port).then(
      () => '',
      (error: Error) => error.message,
    );
    times.push(`${(performance.now() - start).toFixed(0).padStart(6)} ms${/ (NO|BAD) /.test(refusal) ? ' refused' : refusal}`);
  }
  const { deafMs, workMs, rssBytes } = await ours.strain();
  console.log(
    `  ${name.padEnd(28)} ${times.join('  Dovecot ')}  deaf ${deafMs.toFixed(0)} ms (working ${workMs.toFixed(0)})  ${(rssBytes / 1e6).toFixed(0)} MB`,
  );
}

async function atOnce(port: number, count: number, run: (client: Client) => Promise<void>): Promise<void> {
  const clients = await Promise.all(Array.from({ length: count }, () => Client.open(port)));
  try {
    for (const client of clients) await client.command('SELECT INBOX');
    await Promise.all(clients.map(run));
  } finally {
    for (const client of clients) client.close();
  }
}
