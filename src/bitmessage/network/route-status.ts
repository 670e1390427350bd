/** Which way connections go and how that is, for who watches the node. */
import { formatPeerAddress } from './address.js';
import type { Routes } from './dial.js';
import type { PeerPool } from './peer-pool.js';
import { formatProxy } from './proxy.js';

export interface RouteStatus {
  /** "socks5://127.0.0.1:9050": what everything goes through; null: connections are straight. */
  readonly proxy: string | null;
  /** What onion names go through, if that is another one. */
  readonly onionProxy: string | null;
  /** A user name of its own for each connection. */
  readonly isolated: boolean;
  readonly strict: boolean;
  /** Why the proxy cannot be used at the moment. */
  readonly proxyProblem: string | null;
  /** "….onion:8444": our own service, while it is up. */
  readonly onionAddress: string | null;
  /** Why it is not up. */
  readonly onionProblem: string | null;
}

export function describeRoute(
  { proxy, onionProxy, strict }: Routes,
  { proxyProblem, onion }: Pick<PeerPool, 'proxyProblem' | 'onion'>,
): RouteStatus {
  return {
    proxy: proxy && formatProxy(proxy),
    onionProxy: onionProxy && formatProxy(onionProxy),
    isolated: proxy?.isolate === true && proxy.user === '',
    strict,
    proxyProblem,
    onionAddress: onion.address && formatPeerAddress(onion.address),
    onionProblem: onion.problem,
  };
}
