/** Real SOCKS servers and a real Tor, as Debian has them: processes of our own on loopback, with what they write as the witness. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, stopProcess } from './peer-process.js';

export interface RunningServer {
  readonly port: number;
  /** All that it has written so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Servers are often not in the PATH of ordinary users. */
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/** The first words of what it says about its version, or undefined when it is not installed. */
export function versionOf(program: string, flag: string): string | undefined {
  const { error, stdout, stderr } = spawnSync(program, [flag], { env: { PATH }, encoding: 'utf8' });
  return error === undefined ? `${stdout}${stderr}`.trim().split('\n')[0] : undefined;
}

export async function startMicrosocks(login?: { user: string; password: string }, givenPort?: number): Promise<RunningServer> {
  const port = givenPort ?? (await freePort());
  const words = login === undefined ? [] : ['-u', login.user, '-P', login.password];
  return started('microsocks', ['-i', '127.0.0.1', '-p', `${port}`, ...words], port);
}

/** Passes connections to this machine alone, and writes down each. */
export async function startDante(directory: string): Promise<RunningServer> {
  const port = await freePort();
  const file = join(directory, 'danted.conf');
  const pass = (to: string): string[] => [
    'socks pass {',
    `  from: 127.0.0.0/8 to: ${to}`,
    '  command: connect',
    '  protocol: tcp',
    '  log: connect error',
    '}',
  ];
  const lines = [
    'logoutput: stderr',
    `internal: 127.0.0.1 port = ${port}`,
    'external: 127.0.0.1',
    'external: ::1',
    'external.rotation: route',
    'socksmethod: none',
    'clientmethod: none',
    ...(process.getuid?.() === 0 ? ['user.privileged: root', 'user.unprivileged: nobody'] : []),
    'client pass {',
    '  from: 127.0.0.0/8 to: 0.0.0.0/0',
    '}',
    ...pass('127.0.0.0/8'),
    ...pass('::1/128'),
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return started('danted', ['-f', file, '-p', join(directory, 'danted.pid')], port);
}

export interface RunningTor extends RunningServer {
  readonly socketPath: string;
}

/** Tor with its network off: the control port is all of it. @param password for HashedControlPassword; else a cookie is left */
export async function startTor(directory: string, name: string, password?: string): Promise<RunningTor> {
  const port = await freePort();
  const home = join(directory, name);
  mkdirSync(home, { mode: 0o700, recursive: true });
  const socketPath = join(home, 'control');
  const file = join(home, 'torrc');
  const lines = [
    'DisableNetwork 1',
    'SocksPort 0',
    `DataDirectory ${home}`,
    `ControlPort 127.0.0.1:${port}`,
    `ControlSocket ${socketPath}`,
    password === undefined ? 'CookieAuthentication 1' : `HashedControlPassword ${hashPassword(password)}`,
    'Log notice stdout',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const server = await started('tor', ['-f', file], port);
  while (!existsSync(socketPath)) await new Promise((resolve) => setTimeout(resolve, 50));
  return { ...server, socketPath };
}

/** Tor's "16:" form: RFC 2440 iterated and salted S2K of SHA-1, with a count byte of 0x60 (65,536 bytes). */
function hashPassword(password: string): string {
  const salt = Buffer.from('73616c7473616c74', 'hex');
  const unit = Buffer.concat([salt, Buffer.from(password)]);
  const text = Buffer.alloc(65_536, unit);
  return `16:${Buffer.concat([salt, Buffer.of(0x60), createHash('sha1').update(text).digest()])
    .toString('hex')
    .toUpperCase()}`;
}

async function started(program: string, words: readonly string[], port: number): Promise<RunningServer> {
  const child: ChildProcess = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH } });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const deadline = Date.now() + 10_000;
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${program} did not start:\n${text}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { port, log: () => text, stop: () => stopProcess(child) };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
