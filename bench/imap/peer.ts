/** A server that is measured: a process of its own, filled with messages, with one client. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Client } from './client.js';

export interface Peer {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  readonly client: Client;
  stop(): Promise<void>;
}

export async function stopProcess(child: ChildProcess, client: Client): Promise<void> {
  client.close();
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
