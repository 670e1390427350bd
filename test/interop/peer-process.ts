/** Runs another project's Bitmessage program on loopback, through the drivers in peers/, and waits until it says that it is ready. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The drivers stay beside the sources: Python is not compiled into dist. */
const DRIVERS = new URL('../../../test/interop/peers/', import.meta.url).pathname;

export interface Peer {
  /** The line that the driver printed when the peer was ready. */
  readonly ready: Record<string, unknown>;
  readonly port: number;
  stop(): Promise<void>;
}

export async function startPeer(driver: string, args: readonly string[], options: { port: number; logDirectory: string }): Promise<Peer> {
  const child = spawn('python3', [join(DRIVERS, driver), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.pipe(createWriteStream(join(options.logDirectory, `${driver}-${options.port}.log`)));
  const ready = await firstJsonLine(child, driver);
  return { ready, port: options.port, stop: () => stopProcess(child) };
}

/** A port that nobody uses now: the other programs cannot be told "any free one". */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  server.close();
  await once(server, 'close');
  return address.port;
}

export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await exited;
  clearTimeout(timer);
}

async function firstJsonLine(child: ChildProcess, driver: string): Promise<Record<string, unknown>> {
  if (child.stdout === null) throw new Error('no stdout');
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      if (!line.startsWith('{')) return;
      resolve(JSON.parse(line));
    });
    child.once('exit', (code) => reject(new Error(`${driver} ended with ${code} before it was ready`)));
  });
}
