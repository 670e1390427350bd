/** What the settings of [network] mean to the node: where it listens, which way it goes, and what it demands. */
import { isOnionService } from '../bitmessage/crypto/onion-name.js';
import type { Routes } from '../bitmessage/network/dial.js';
import type { GivenNetworkOptions } from '../bitmessage/network/options.js';
import type { SocksProxy } from '../bitmessage/network/proxy.js';
import { MAINNET, PRIVATE } from '../bitmessage/wire/params.js';
import { type Config, ConfigError, isLoopback, parseHostPort, parseProxy } from '../config.js';

type NetworkSettings = Config['network'];

/** @throws ConfigError when an onion name is misspelt */
export function networkOptions(network: NetworkSettings): GivenNetworkOptions {
  checkOnionNames([...network.peers, network.onion_address]);
  const profile = network.profile === 'private' ? PRIVATE : MAINNET;
  return {
    params: {
      ...profile,
      minNonceTrialsPerByte: network.min_nonce_trials_per_byte || profile.minNonceTrialsPerByte,
      minExtraBytes: network.min_extra_bytes || profile.minExtraBytes,
    },
    listen: listenAddress(network),
    peers: network.peers,
    bootstrap: network.bootstrap,
    lanDiscovery: network.local_discovery,
    loopbackOnly: network.loopback_only,
    routes: routes(network),
    onionOnly: network.onion_only,
    onionAddress: network.onion_address,
    onionService: network.onion_service
      ? { control: parseHostPort(network.tor_control) ?? { path: network.tor_control }, password: network.tor_control_password }
      : null,
    tls: network.tls,
    limits: {
      outbound: network.max_outbound_connections,
      total: network.max_connections,
      downloadBytesPerSecond: network.max_download_bytes_per_second,
      uploadBytesPerSecond: network.max_upload_bytes_per_second,
    },
  };
}

function routes(network: NetworkSettings): Routes {
  const proxy = (url: string): SocksProxy | null => {
    const parsed = parseProxy(url);
    if (parsed === undefined) return null;
    return { ...parsed, user: network.proxy_user, password: network.proxy_password, isolate: network.proxy_isolate };
  };
  return {
    proxy: proxy(network.proxy),
    onionProxy: proxy(network.onion_proxy),
    strict: network.proxy_strict,
    listenBesideProxy: network.proxy_listen,
  };
}

/**
 * loopback_only is stronger than a listen address that others could reach. So is a proxy: behind it nobody listens, unless
 * for this machine, where an onion service may lead.
 */
function listenAddress(network: NetworkSettings): string {
  const address = parseHostPort(network.listen);
  if (address === undefined || isLoopback(address.host)) return network.listen;
  const hidden = network.proxy !== '' && !network.proxy_listen;
  if (hidden && network.onion_address === '') return '';
  return hidden || network.loopback_only ? `127.0.0.1:${address.port}` : network.listen;
}

/** The checksum is in the name: whoever copied it wrongly need not wait for a connection that never comes. */
function checkOnionNames(addresses: readonly string[]): void {
  for (const address of addresses) {
    const host = parseHostPort(address)?.host ?? '';
    if (/\.onion\.?$/i.test(host) && !isOnionService(host)) {
      throw new ConfigError(({ settings }) => settings.badOnion(address));
    }
  }
}
