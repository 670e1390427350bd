/** What we say of ourselves and of the other side when a connection begins. */
import { randomBytes } from 'node:crypto';
import type { UnixSeconds } from '../../base/clock.js';
import { NODE_NETWORK, type VersionMessage } from '../wire/messages.js';
import { PROTOCOL_VERSION } from '../wire/params.js';
import { isIp, isOnion, type PeerAddress } from './address.js';
import type { NetworkOptions } from './options.js';

export interface OwnFacts {
  readonly now: UnixSeconds;
  readonly services: bigint;
  /** Whether the address at which we see the peer is one that it may hear. */
  readonly showsAddress: boolean;
  /** Where we can be reached; undefined: nowhere. */
  readonly port: number | undefined;
}

/** By how many seconds a clock is wrong could tie a node's connections together, those through Tor and others (PROTOCOL 8.1, W18); peers bear an hour. */
const TOLD_SECONDS = 60;

/** Nothing is revealed but the port at which we can be reached; where there is none, the usual one stands (as PyBitmessage). */
export function ownVersion(
  { host, port }: PeerAddress,
  { params, userAgent, streams }: Pick<NetworkOptions, 'params' | 'userAgent' | 'streams'>,
  facts: OwnFacts,
): VersionMessage {
  const { services } = facts;
  return {
    protocolVersion: PROTOCOL_VERSION,
    services,
    timestamp: BigInt(Math.round(facts.now / TOLD_SECONDS) * TOLD_SECONDS),
    addrRecv: {
      services: NODE_NETWORK,
      host: facts.showsAddress && (isIp(host) || isOnion(host)) ? host : '127.0.0.1',
      port: facts.showsAddress ? port : params.defaultPort,
    },
    addrFrom: { services, host: '127.0.0.1', port: facts.port ?? params.defaultPort },
    // Another one for each connection: the same would tie our connections together (PROTOCOL 1.13).
    nonce: randomBytes(8),
    userAgent,
    streams,
  };
}
