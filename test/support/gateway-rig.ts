/** Gateways as people run them: processes of their own on loopback, in the private network, with every port a free one. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { ImapFlow } from 'imapflow';
import { createTransport, type Transporter } from 'nodemailer';
import { askDaemon } from '../../src/cli/daemon-client.js';
import { FREE_PORTS } from './free-ports.js';

/** The program, as package.json's bin names it. */
export const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
/** What every gateway of a test is told; a test adds its own --set after these. */
const SETTINGS = ['network.profile=private', 'network.listen=127.0.0.1:0', 'network.bootstrap=false', ...FREE_PORTS, 'pow.threads=1'];

interface Ports {
  readonly host: string;
  readonly port: number;
  readonly tlsPort: number;
}

/** The line of --ready-json, as the contract has it. */
export interface ReadyLine {
  readonly ready: true;
  readonly imap: Ports;
  readonly smtp: Ports;
  readonly network: { readonly host: string; readonly port: number } | null;
  readonly login: { readonly user: string; readonly password: string };
  readonly keys: 'open' | 'locked' | 'unlocked';
  readonly mailIsSealed: boolean;
  readonly identities: readonly { readonly address: string; readonly label: string }[];
}

export interface OutboxRow {
  readonly recipient: string;
  readonly state: string;
  readonly since: string;
  readonly text: string;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class GatewayProcess {
  readonly #log: string[] = [];

  private constructor(
    readonly dataDirectory: string,
    readonly child: ChildProcessByStdio<null, Readable, Readable>,
  ) {
    createInterface({ input: child.stderr }).on('line', (line) => this.#log.push(line));
  }

  ready!: ReadyLine;

  /** Resolves once the ready line is there. @throws Error with the log when the process ends before */
  static async start(dataDirectory: string, set: readonly string[] = []): Promise<GatewayProcess> {
    const words = ['start', '--ready-json', '--data', dataDirectory, ...[...SETTINGS, ...set].flatMap((setting) => ['--set', setting])];
    const child = spawn(process.execPath, [MAIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'], env: loopbackOnly() });
    const gateway = new GatewayProcess(dataDirectory, child);
    const lines = createInterface({ input: child.stdout });
    const ended = once(child, 'close').then(([code]) => {
      throw new Error(`the gateway ended with ${String(code)} before it was ready:\n${gateway.log}`);
    });
    const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
    ended.catch(() => {});
    gateway.ready = JSON.parse(line) as ReadyLine;
    return gateway;
  }

  get log(): string {
    return this.#log.join('\n');
  }

  /** The address of the first identity. */
  get address(): string {
    return this.ready.identities[0].address;
  }

  /** For another gateway's --set, so that it connects to this one. */
  get asPeer(): string {
    return `network.peers=127.0.0.1:${this.ready.network?.port}`;
  }

  /** Sends a signal and waits for the end; answers exit code and how long it took. */
  async end(signal: NodeJS.Signals): Promise<{ code: number | null; milliseconds: number }> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return { code: this.child.exitCode, milliseconds: 0 };
    const begin = performance.now();
    const closed = once(this.child, 'close');
    this.child.kill(signal);
    const [code] = (await closed) as [number | null];
    return { code, milliseconds: performance.now() - begin };
  }

  /** Runs `postern …` against this gateway, as a process. */
  cli(...words: string[]): Promise<Finished> {
    return runCli([...words, '--data', this.dataDirectory]);
  }

  /** Asks for an operation without the cost of a process; answers its JSON. */
  async ask(operation: string, values: Record<string, string> = {}): Promise<Record<string, unknown>> {
    return (await askDaemon(this.dataDirectory, operation, values)).value;
  }

  /** Asks for the outbox until it has a row like that. @throws Error when a message has failed instead */
  async untilOutbox(accept: (row: OutboxRow) => boolean): Promise<OutboxRow> {
    for (;;) {
      const { outbox } = (await this.ask('status')) as { outbox: OutboxRow[] };
      const row = outbox.find(accept);
      if (row !== undefined) return row;
      const failed = outbox.find(({ state }) => state === 'failed');
      if (failed !== undefined) throw new Error(`the message to ${failed.recipient} failed: ${failed.text}`);
    }
  }

  async imap(user = this.ready.login.user, password = this.ready.login.password): Promise<ImapFlow> {
    const { host, port } = this.ready.imap;
    const client = new ImapFlow({
      host,
      port,
      secure: false,
      auth: { user, pass: password },
      tls: { rejectUnauthorized: false },
      logger: false,
    });
    // A gateway that is killed takes its connections along; who waits for something hears of it by 'close'.
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  smtp(password = this.ready.login.password): Transporter {
    const { host, port } = this.ready.smtp;
    const { user } = this.ready.login;
    return createTransport({ host, port, secure: false, auth: { user, pass: password }, tls: { rejectUnauthorized: false } });
  }
}

/** The gateways and data directories of one test, ended and removed together. */
export class Rig {
  readonly #gateways: GatewayProcess[] = [];
  readonly #directories: string[] = [];
  readonly #clients: ImapFlow[] = [];

  directory(): string {
    const directory = mkdtempSync(join(tmpdir(), 'postern-rig-'));
    this.#directories.push(directory);
    return directory;
  }

  async start(set: readonly string[] = [], dataDirectory = this.directory()): Promise<GatewayProcess> {
    const gateway = await GatewayProcess.start(dataDirectory, set);
    this.#gateways.push(gateway);
    return gateway;
  }

  /** An IMAP connection that is closed with the rig. */
  async imap(gateway: GatewayProcess, user?: string): Promise<ImapFlow> {
    const client = await gateway.imap(user);
    this.#clients.push(client);
    return client;
  }

  async end(): Promise<void> {
    for (const client of this.#clients) client.close();
    await Promise.all(this.#gateways.map((gateway) => gateway.end('SIGKILL')));
    for (const directory of this.#directories) rmSync(directory, { recursive: true, force: true });
  }

  /** What the gateways said, for a test that failed. */
  get log(): string {
    return this.#gateways.map((gateway) => `--- ${gateway.dataDirectory}\n${gateway.log}`).join('\n');
  }
}

/** For a describe(): ended after it, and it prints what its gateways said when a test fails. */
export function rigOfSuite(): Rig {
  const rig = new Rig();
  afterEach(function () {
    explainFailure(rig, this.currentTest);
  });
  after(() => rig.end());
  return rig;
}

/** Prints what the gateways said when the test that runs has failed. */
export function explainFailure(rig: Rig, test: Mocha.Runnable | undefined): void {
  if (test?.isFailed() === true) process.stderr.write(`${rig.log}\n`);
}

/** Runs `postern …` to its end. */
export async function runCli(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
  const child = spawn(process.execPath, [MAIN, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...loopbackOnly(), ...environment },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** As if no npm ran the tests, which would have commands named as in a clone, and no PyBitmessage lived here. */
function loopbackOnly(): NodeJS.ProcessEnv {
  return { ...process.env, POSTERN_NETWORK_LOOPBACK_ONLY: 'true', npm_command: '', npm_lifecycle_event: '', BITMESSAGE_HOME: '/nowhere' };
}
