/** Why the gateway cannot start, for whoever starts it. */
import { isDamage, isDiskFull } from '../base/disk-fault.js';
import { Refusal } from '../words/refusal.js';
import type { Saying } from '../words/words.js';

/** The gateway cannot start as things are; the operator reads why. */
export class StartError extends Refusal {
  override readonly name = 'StartError';
}

/** @param error what opening the store in it ended with */
export function directoryRefusal(directory: string, error: Error): StartError {
  const why = whyNot(error);
  return new StartError((words) => words.commandLine.cannotUse(directory, why(words)), { cause: error });
}

function whyNot(error: Error): Saying {
  if (error instanceof Refusal) return error.say;
  if (isDiskFull(error)) return ({ orders }) => orders.diskFull;
  if (isDamage(error)) return ({ commandLine }) => commandLine.damaged(error.message);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return ({ commandLine }) => commandLine.notWritable;
  if (code === 'ENOTDIR' || code === 'EEXIST') return ({ commandLine }) => commandLine.isInFile;
  return () => error.message;
}

/** A port that cannot be had, with the key to change; undefined when something else is wrong. */
export function portRefusal(error: NodeJS.ErrnoException, section: string, settings: object): StartError | undefined {
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') return undefined;
  const key = `${section}.${keyOf(code, settings, port)}`;
  return new StartError(
    ({ commandLine }) => {
      const where = commandLine.port(String(address), Number(port));
      if (code === 'EADDRINUSE') {
        const next = Number(port) + 1;
        return key === 'network.listen'
          ? commandLine.peerPortIsTaken(where, `${key}=${hostPart(String(address))}:${next}`)
          : commandLine.portIsTaken(where, `${key}=${next}`);
      }
      return code === 'EACCES' ? commandLine.portIsForbidden(where, key) : commandLine.noSuchHost(where, key);
    },
    { cause: error },
  );
}

function hostPart(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function keyOf(code: string, settings: object, port: number | undefined): string {
  if ('listen' in settings) return 'listen';
  if (code === 'EADDRNOTAVAIL') return 'host';
  return 'tls_port' in settings && settings.tls_port === port ? 'tls_port' : 'port';
}
