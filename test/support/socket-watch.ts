/**
 * Preloaded into a process with --import: notes in the file SOCKET_WATCH_FILE every socket that it opens and every name that it
 * asks for, and lets nothing of it leave this machine. What bypasses these functions is still counted, by the handle it needs.
 */
import { createHook } from 'node:async_hooks';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

export interface Noted {
  /** "handle": Node's own name of what was opened, such as TCPCONNECTWRAP. */
  readonly what: 'connect' | 'listen' | 'name' | 'datagram' | 'handle';
  readonly target: string;
}

const HANDLES = /^(TCPCONNECTWRAP|PIPECONNECTWRAP|UDPWRAP|UDPSENDWRAP|GETADDRINFOREQWRAP|GETNAMEINFOREQWRAP|QUERYWRAP|DNSCHANNEL)$/;
const file = process.env.SOCKET_WATCH_FILE;
if (file === undefined) throw new Error('SOCKET_WATCH_FILE is not set');

function note(what: Noted['what'], target: string): void {
  appendFileSync(file as string, `${JSON.stringify({ what, target } satisfies Noted)}\n`);
}

interface Target {
  readonly host?: string;
  readonly port?: number | string;
  readonly path?: string;
}

/** connect and listen take an object, a path, or a port and a host; Node calls itself with all of it in an array. */
function targetOf(parameters: readonly unknown[]): Target {
  const [first, second] = parameters.flat() as unknown[];
  if (typeof first === 'object' && first !== null) return first as Target;
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { path: first };
  return { port: first as number, ...(typeof second === 'string' ? { host: second } : {}) };
}

function textOf({ host, port, path }: Target): string {
  return path ?? `${host ?? '(any)'}:${port}`;
}

function isHere({ host, path }: Target): boolean {
  return path !== undefined || (host !== undefined && net.isIP(host) !== 0 && (host === '::1' || host.startsWith('127.')));
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (this: net.Socket, ...parameters: unknown[]) {
  const target = targetOf(parameters);
  note('connect', textOf(target));
  if (isHere(target)) return Reflect.apply(connect, this, parameters) as net.Socket;
  process.nextTick(() => this.destroy(new Error('kept on this machine')));
  return this;
} as typeof connect;

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (this: net.Server, ...parameters: unknown[]) {
  const target = targetOf(parameters);
  note('listen', textOf(target));
  if (!isHere(target)) throw new Error('kept on this machine');
  return Reflect.apply(listen, this, parameters) as net.Server;
} as typeof listen;

const { lookup } = dns;
dns.lookup = ((name: string, ...rest: unknown[]) => {
  if (net.isIP(name) !== 0) return Reflect.apply(lookup, dns, [name, ...rest]);
  note('name', name);
  const callback = rest.at(-1) as (error: Error) => void;
  process.nextTick(() => callback(new Error('kept on this machine')));
}) as typeof dns.lookup;
for (const resolver of [dns, dns.promises] as Record<string, unknown>[]) {
  for (const key of Object.keys(resolver).filter(
    (each) => /^(resolve|reverse)/.test(each) || (resolver === dns.promises && each === 'lookup'),
  )) {
    resolver[key] = (name: string) => {
      note('name', name);
      throw new Error('kept on this machine');
    };
  }
}
dgram.createSocket = () => {
  note('datagram', 'createSocket');
  throw new Error('kept on this machine');
};
syncBuiltinESMExports();

createHook({ init: (_id, type) => void (HANDLES.test(type) && note('handle', type)) }).enable();
