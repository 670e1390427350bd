/** A peer without a socket: what was sent to it can be read, and its age and services are what a test says. */
import type { Peer } from '../../src/bitmessage/network/peer.js';
import { decodeInv, type HashKey } from '../../src/bitmessage/wire/inv.js';
import { versionMessage } from './nodes.js';

export interface FakePeer {
  /** What the code under test gets. */
  readonly peer: Peer;
  readonly sent: { command: string; payload: Uint8Array }[];
  bufferedBytes: number;
  established: boolean;
  closedFor: string | undefined;
  /** Takes out the hashes of all inv, dinv or getdata sent so far. */
  take(command: string): HashKey[];
}

export function fakePeer({ outbound = true, services = 9n, streams = [1n], connectedAt = 0, host = '127.0.0.1' } = {}): FakePeer {
  const sent: { command: string; payload: Uint8Array }[] = [];
  const fake = {
    id: 1,
    address: { host, port: 8444 },
    sent,
    outbound,
    connectedAt,
    established: true,
    bufferedBytes: 0,
    closedFor: undefined as string | undefined,
    close: (reason: string): void => {
      fake.closedFor = reason;
    },
    version: versionMessage({ services, streams }),
    send: (command: string, payload: Uint8Array = new Uint8Array(0)) => sent.push({ command, payload }),
    take: (command: string) => {
      const taken = sent.filter((packet) => packet.command === command);
      for (const packet of taken) sent.splice(sent.indexOf(packet), 1);
      return taken.flatMap(({ payload }) => decodeInv(payload));
    },
  };
  return Object.assign(fake, { peer: fake as unknown as Peer });
}

/** Hashes that can be told apart. */
export function keys(count: number, prefix = 'k'): HashKey[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`.padEnd(32, '.'));
}
