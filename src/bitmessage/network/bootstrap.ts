/** The first peers of a node that knows nobody: those that ship with the program, and those behind the bootstrap names. */
import type { Clock } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { NODE_NETWORK } from '../wire/messages.js';
import { parsePeerAddress } from './address.js';
import type { AddressBook } from './address-book.js';
import type { PeerDialer } from './dial.js';
import type { NetworkOptions } from './options.js';
import type { PeerPool } from './peer-pool.js';
import { shuffle } from './random-queue.js';

export interface BootstrapRooms {
  readonly dialer: PeerDialer;
  readonly addressBook: AddressBook;
  readonly pool: PeerPool;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Built-in nodes are entered as nearly forgotten: 28 days less 10 minutes ago (PyBitmessage knownnodes). */
const BUILT_IN_AGE_SECONDS = 28 * 86_400 - 600;

/**
 * Does nothing once anybody else is known that can be dialled. A connection to a bootstrap host only exchanges addresses and
 * is closed. Behind a proxy the name goes to the proxy as it stands.
 *
 * Spec: PROTOCOL 1.13
 */
export async function bootstrap(options: NetworkOptions, rooms: BootstrapRooms): Promise<void> {
  const { builtInNodes, bootstrapHosts } = options.params;
  if (rooms.addressBook.count(({ host }) => rooms.dialer.permits(host)) > builtInNodes.length || rooms.pool.size > 0) return;
  for (const text of builtInNodes) {
    const address = parsePeerAddress(text);
    if (address === undefined || !rooms.dialer.permits(address.host)) continue;
    const lastSeen = rooms.clock.now() - BUILT_IN_AGE_SECONDS;
    rooms.addressBook.add({ ...address, stream: options.streams[0], services: NODE_NETWORK, lastSeen });
  }
  const host = parsePeerAddress(shuffle([...bootstrapHosts])[0] ?? '');
  if (host === undefined || !rooms.dialer.permits(host.host)) return;
  if (rooms.dialer.proxyFor(host.host) !== null) {
    rooms.pool.dial(host, 'bootstrap');
    return;
  }
  try {
    for (const ip of shuffle(await rooms.dialer.resolve(host.host)).slice(0, 1))
      rooms.pool.dial({ host: ip, port: host.port }, 'bootstrap');
  } catch (error) {
    rooms.log.debug('bootstrap host unknown', { host: host.host, error });
  }
}
