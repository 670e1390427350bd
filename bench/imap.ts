/**
 * What mail programs do all day, on the same messages by this server and by Dovecot, each a process of its own on loopback:
 * milliseconds (the median of alternating runs), the ratio, and the longest time in which this server heard nobody.
 *
 * node dist/bench/imap.js [--messages 20000] [--repeats 3] [--dovecot /usr/sbin/dovecot]
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/clock.js';
import { describeMessage } from '../src/mime/describe.js';
import { foldedText } from '../src/mime/searchable-text.js';
import { Database } from '../src/store/database.js';
import { SqliteMailboxes } from '../src/store/mail/mailboxes.js';
import { TextIndex } from '../src/store/mail/text-index.js';
import { openImapHouse, PASSWORD, USER } from '../test/support/imap-house.js';

const FOLDERS = 200;
const APPENDS = 1000;
const STORED = 10_000;
const BODIES = 1000;
/** Of 1000 messages one holds it, or every third. */
const RARE = 'quagmire';
const COMMON = 'meeting';
const NOBODY = 65_534;
const ANSWER_TIMEOUT_MS = 300_000;

interface Peer {
  readonly name: string;
  readonly client: Client;
  stop(): Promise<void>;
}

/** Sends commands and waits for their tagged answers; looks at nothing else. */
class Client {
  #tail = '';
  #tag = 0;
  #waiting: { tag: string; resolve(line: string): void } | null = null;

  constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#tail += chunk.toString('latin1');
      const { tag } = this.#waiting ?? { tag: '\0' };
      const at = this.#tail.lastIndexOf(`\n${tag} `);
      if (at < 0 || !this.#tail.endsWith('\r\n')) {
        this.#tail = this.#tail.slice(-2000);
        return;
      }
      const line = this.#tail.slice(at + 1).trim();
      this.#tail = '\n';
      this.#waiting?.resolve(line);
    });
  }

  static async open(port: number): Promise<Client> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    await once(socket, 'data');
    const client = new Client(socket);
    await client.command(`LOGIN ${USER} ${PASSWORD}`);
    return client;
  }

  async command(text: string, ...literals: Buffer[]): Promise<void> {
    const tag = `t${++this.#tag}`;
    this.#tail = '\n';
    const answer = new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${text}`)), ANSWER_TIMEOUT_MS);
      const settle = (line: string): void => {
        clearTimeout(timer);
        resolve(line);
      };
      this.#waiting = { tag, resolve: settle };
    });
    this.socket.write(Buffer.concat([Buffer.from(`${tag} ${text}`), ...literals, Buffer.from('\r\n')]));
    const line = await answer;
    if (!line.startsWith(`${tag} OK`)) throw new Error(`${text}: ${line}`);
  }

  close(): void {
    this.socket.destroy();
  }
}

function message(index: number): Buffer {
  const words = Array.from({ length: 150 }, (_, word) => `word${(index * 31 + word * 17) % 5000}`);
  if (index % 1000 === 7) words.splice(75, 0, RARE);
  if (index % 3 === 0) words.splice(50, 0, COMMON);
  const lines = words.join(' ').replace(/(.{60,70}) /g, '$1\r\n');
  return Buffer.from(
    [
      `From: "Person ${index % 97}" <person${index % 97}@example.org>`,
      `To: me@example.org, "Somebody Else" <else${index % 13}@example.org>`,
      `Subject: Re: subject ${index % 700}`,
      `Date: Thu, 1 Jan 2026 10:${String(index % 60).padStart(2, '0')}:00 +0000`,
      `Message-ID: <${index}@example.org>`,
      `In-Reply-To: <${Math.max(index - 700, 0)}@example.org>`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      lines,
      '',
    ].join('\r\n'),
  );
}

/** In a process of its own: the server over a file, filled; tells its port, and on request how long it was deaf. */
async function serve(directory: string, count: number): Promise<void> {
  const path = join(directory, 'bench.sqlite');
  const house = await openImapHouse(describeMessage, {}, path);
  const database = new Database(path);
  const filled = new SqliteMailboxes(database, describeMessage, systemClock);
  const inbox = filled.find('INBOX')!.id;
  for (let from = 0; from < count; from += 500) {
    const size = Math.min(500, count - from);
    filled.append(
      inbox,
      Array.from({ length: size }, (_, at) => ({ raw: message(from + at), flags: [], internalDate: 1_767_261_600, identity: '' })),
    );
  }
  const index = new TextIndex(database, foldedText);
  while (index.indexNext(500) > 0);
  database.close();
  const deaf = monitorEventLoopDelay({ resolution: 2 });
  deaf.enable();
  process.on('message', () => {
    process.send?.({ longestMs: deaf.max / 1e6 });
    deaf.reset();
  });
  process.send?.({ port: house.port });
}

async function startOurs(directory: string, count: number): Promise<Peer & { longestMs(): Promise<number> }> {
  const child = fork(fileURLToPath(import.meta.url), ['--serve', directory, '--messages', String(count)]);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const client = await Client.open(port);
  return {
    name: 'Postern',
    client,
    stop: async () => stop(child, client),
    longestMs: async () => {
      child.send('how long');
      const [{ longestMs }] = (await once(child, 'message')) as [{ longestMs: number }];
      return longestMs;
    },
  };
}

async function startDovecot(program: string, directory: string, count: number): Promise<Peer> {
  const port = await freePort();
  const mail = join(directory, 'mail');
  mkdirSync(mail, { recursive: true });
  const isRoot = process.getuid?.() === 0;
  chmodSync(directory, 0o755);
  if (isRoot) chownSync(mail, NOBODY, NOBODY);
  const uid = isRoot ? NOBODY : process.getuid!();
  const config = join(directory, 'dovecot.conf');
  writeFileSync(
    config,
    `protocols = imap
base_dir = ${directory}/run
log_path = ${directory}/dovecot.log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = mdbox:${mail}/%u
first_valid_uid = 1
mail_max_userip_connections = 20
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=${uid} gid=${isRoot ? NOBODY : process.getgid!()} home=${mail}/%u
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
namespace inbox {
  inbox = yes
  separator = /
}
`,
  );
  const child = spawn(program, ['-F', '-c', config], { stdio: 'inherit' });
  const client = await whenListening(port, child);
  for (let from = 0; from < count; from += 100) {
    const size = Math.min(100, count - from);
    const parts = Array.from({ length: size }, (_, at) => {
      const raw = message(from + at);
      return Buffer.concat([Buffer.from(` {${raw.length}+}\r\n`), raw]);
    });
    await client.command('APPEND INBOX', ...parts);
  }
  return { name: 'Dovecot', client, stop: async () => stop(child, client) };
}

async function whenListening(port: number, child: ChildProcess): Promise<Client> {
  for (let tries = 0; tries < 100 && child.exitCode === null; tries++) {
    try {
      return await Client.open(port);
    } catch {
      await sleep(100);
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

async function stop(child: ChildProcess, client: Client): Promise<void> {
  client.close();
  child.kill('SIGTERM');
  if (child.exitCode === null) await once(child, 'exit');
}

/** Each begins and ends with INBOX selected. */
const TASKS: readonly [name: string, run: (client: Client, repeat: number) => Promise<void>][] = [
  ['LIST + STATUS of 200 folders', (client) => client.command('LIST "" "*" RETURN (STATUS (MESSAGES UNSEEN UIDNEXT))')],
  ['SELECT', (client) => client.command('SELECT INBOX')],
  ['FETCH FLAGS of all', (client) => client.command('FETCH 1:* (FLAGS)')],
  ['FETCH ENVELOPE of all', (client) => client.command('FETCH 1:* (ENVELOPE)')],
  [`FETCH of ${BODIES} bodies`, (client) => client.command(`FETCH 1:${BODIES} (BODY.PEEK[])`)],
  ['SEARCH TEXT, rare word', (client) => client.command(`SEARCH TEXT ${RARE}`)],
  ['SEARCH TEXT, common word', (client) => client.command(`SEARCH TEXT ${COMMON}`)],
  [
    `APPEND of ${APPENDS}`,
    async (client, repeat) => {
      for (let index = 0; index < APPENDS; index++) {
        const raw = message(1_000_000 * (repeat + 1) + index);
        await client.command(`APPEND folder1 {${raw.length}+}\r\n`, raw);
      }
    },
  ],
  [`STORE on ${STORED}`, (client, repeat) => client.command(`STORE 1:${STORED} ${repeat % 2 === 0 ? '+' : '-'}FLAGS (\\Flagged)`)],
];

async function compare(messages: number, repeats: number, program: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'postern-bench-imap-'));
  const ours = await startOurs(directory, messages);
  const peers: Peer[] = [ours, await startDovecot(program, directory, messages)];
  try {
    for (const { client } of peers) {
      for (let folder = 0; folder < FOLDERS; folder++) await client.command(`CREATE folder${folder}`);
      await client.command('SELECT INBOX');
    }
    console.log(`${messages} messages, median of ${repeats}; ratio below 1: Postern is faster`);
    for (const [name, run] of TASKS) {
      const times = peers.map((): number[] => []);
      await ours.longestMs();
      for (let repeat = 0; repeat < repeats; repeat++) {
        for (const [at, { client }] of peers.entries()) {
          const start = performance.now();
          await run(client, repeat);
          times[at].push(performance.now() - start);
        }
      }
      const [own, other] = times.map((each) => each.sort((a, b) => a - b)[Math.floor(each.length / 2)]);
      const deaf = (await ours.longestMs()).toFixed(0);
      console.log(
        `${name.padEnd(30)} ${own.toFixed(1).padStart(9)} ms  Dovecot ${other.toFixed(1).padStart(9)} ms  ratio ${(own / other).toFixed(2).padStart(6)}  deaf ${deaf} ms`,
      );
    }
  } finally {
    for (const peer of peers) await peer.stop();
    rmSync(directory, { recursive: true });
  }
}

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '20000' },
    repeats: { type: 'string', default: '3' },
    dovecot: { type: 'string', default: '/usr/sbin/dovecot' },
    serve: { type: 'string' },
  },
});
if (values.serve === undefined) await compare(Number(values.messages), Number(values.repeats), values.dovecot);
else await serve(values.serve, Number(values.messages));
