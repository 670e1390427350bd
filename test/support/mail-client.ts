/** Real mail programs, run in batch against a gateway: a home directory of their own, and what their configuration needs to know. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewayProcess } from './gateway-rig.js';

export type Encryption = 'none' | 'starttls' | 'implicit';
export const ENCRYPTIONS: readonly Encryption[] = ['none', 'starttls', 'implicit'];

/** All of them take a second or two; one that asks a question would wait for ever. */
const CLIENT_TIMEOUT_MS = 20_000;

/** What a person types into the program. */
export class Account {
  readonly home = mkdtempSync(join(tmpdir(), 'postern-client-'));
  readonly imapPort: number;
  readonly smtpPort: number;
  readonly password: string;
  readonly from: string;
  readonly certificateFile: string;

  constructor(
    gateway: GatewayProcess,
    readonly encryption: Encryption,
    readonly user: string,
  ) {
    const { imap, smtp, login } = gateway.ready;
    const port = encryption === 'implicit' ? 'tlsPort' : 'port';
    this.imapPort = imap[port];
    this.smtpPort = smtp[port];
    this.password = login.password;
    this.from = `${gateway.address}@bitmessage`;
    this.certificateFile = join(gateway.dataDirectory, 'certificates', 'ca.pem');
  }

  /** Writes a file into the home directory, for its owner alone; answers its path. */
  file(name: string, text: string): string {
    const path = join(this.home, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  /** Runs a program to its end; answers what it wrote. @throws Error with what it said when it fails or does not end */
  async run(program: string, words: readonly string[], input = ''): Promise<string> {
    const child = spawn(program, words, {
      env: { ...process.env, HOME: this.home, TERM: 'dumb', LC_ALL: 'C.UTF-8' },
      timeout: CLIENT_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${program} ended with ${code ?? 'a signal'}:\n${said}`);
    return said;
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Whether the program is there; `skip` of the test says which one is not. */
export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}
