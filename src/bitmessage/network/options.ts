/** Everything about the network that can be set, with the numbers that hold when nothing is set. */
import { DEFAULT_STREAM, type NetworkParams, type StreamNumber } from '../wire/params.js';
import { type Routes, STRAIGHT } from './dial.js';
import type { OnionServiceOptions } from './onion-service.js';

export interface NetworkLimits {
  /** Outbound connections that we choose ourselves; 0: only `peers` are dialled (PyBitmessage maxoutboundconnections). */
  readonly outbound: number;
  /** All connections; beyond it a peer is told "Server full" (PyBitmessage maxtotalconnections). */
  readonly total: number;
  /** Connections between accept and the end of the version exchange. */
  readonly inboundHandshakes: number;
  /** Attempts under way at a time (PyBitmessage: 64, through a proxy 4). */
  readonly halfOpen: number;
  /** Inbound connections of one IPv4 address or IPv6 /64: some people share one (PyBitmessage: 1). Loopback is exempt. */
  readonly perAddress: number;
  /** Seconds for each half of the handshake: the version exchange, and TLS. */
  readonly handshakeSeconds: number;
  /** Bytes per second over all peers; 0: no limit. */
  readonly downloadBytesPerSecond: number;
  readonly uploadBytesPerSecond: number;
  /** Of one peer that we did not name ourselves, on average over a minute. */
  readonly peerDownloadBytesPerSecond: number;
  /** Objects waiting to be processed; beyond it nothing more is asked for (PyBitmessage ObjectProcessorQueue). */
  readonly unprocessedBytes: number;
}

const DEFAULT_LIMITS: NetworkLimits = {
  outbound: 8,
  total: 200,
  inboundHandshakes: 64,
  halfOpen: 64,
  perAddress: 3,
  handshakeSeconds: 20,
  downloadBytesPerSecond: 0,
  uploadBytesPerSecond: 0,
  peerDownloadBytesPerSecond: 1_000_000,
  unprocessedBytes: 32_000_000,
};

/** A circuit costs Tor more than a SYN costs the kernel (PyBitmessage). */
const PROXIED_HALF_OPEN = 4;

export interface NetworkOptions {
  readonly params: NetworkParams;
  /** "host:port", or "" to listen nowhere. */
  readonly listen: string;
  /** "host:port" of peers that are always kept connected; loopback is allowed here. */
  readonly peers: readonly string[];
  /** Ask the built-in nodes and the bootstrap hosts when nobody is known. */
  readonly bootstrap: boolean;
  /** No socket and no look-up but for 127/8, ::1 and localhost, whatever peers gossip. */
  readonly loopbackOnly: boolean;
  /** Which way outgoing connections go: straight, or through a proxy. */
  readonly routes: Routes;
  /** Choose onion peers only; those in `peers` are dialled all the same. */
  readonly onionOnly: boolean;
  /** "….onion:port" of an onion service that leads to our port and was set up elsewhere; "" for none. */
  readonly onionAddress: string;
  /** Have Tor make an onion service; null: do not. */
  readonly onionService: OnionServiceOptions | null;
  readonly tls: 'prefer' | 'require' | 'off';
  /** Ours, ascending. */
  readonly streams: readonly StreamNumber[];
  /** "/name:version/" */
  readonly userAgent: string;
  /** Hold announcements back for 0 to 10 seconds. */
  readonly announceDelay: boolean;
  /** Let own objects begin their way through a single peer. */
  readonly dandelion: boolean;
  /** Serve a peer only some seconds after it connected, and after it asked for what it cannot know of. */
  readonly antiIntersection: boolean;
  /** Broadcast our port in the local network, and dial who broadcasts there. */
  readonly lanDiscovery: boolean;
  readonly limits: NetworkLimits;
}

export type GivenNetworkOptions = Pick<NetworkOptions, 'params'> &
  Partial<Omit<NetworkOptions, 'limits'>> & { readonly limits?: Partial<NetworkLimits> };

/** What the main network needs against observers only slows a private one down. */
export function completeOptions(given: GivenNetworkOptions): NetworkOptions {
  const main = given.params.name === 'main';
  const proxied = (given.routes?.proxy ?? null) !== null;
  return {
    listen: '',
    peers: [],
    bootstrap: false,
    loopbackOnly: false,
    routes: STRAIGHT,
    onionOnly: false,
    onionAddress: '',
    onionService: null,
    tls: 'prefer',
    streams: [DEFAULT_STREAM],
    userAgent: '/Postern:0.1.0/',
    announceDelay: main,
    dandelion: main,
    antiIntersection: main,
    lanDiscovery: false,
    ...withoutUndefined(given),
    params: given.params,
    limits: { ...DEFAULT_LIMITS, ...(proxied ? { halfOpen: PROXIED_HALF_OPEN } : {}), ...withoutUndefined(given.limits ?? {}) },
  };
}

function withoutUndefined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
