/** Addresses of peers: reading "host:port", and what a host's address says about it. Pure. */
import { isOnionService } from '../crypto/onion-name.js';
import { canonicalIp, encodeHost } from '../wire/host.js';

export interface PeerAddress {
  /** An IP address in its one spelling, an onion name, or (named by the operator) a host name. */
  readonly host: string;
  readonly port: number;
}

/** Reads "host:port", "[ipv6]:port" or, given a default port, a host alone. Undefined when it is none of these, or a misspelt onion name. */
export function parsePeerAddress(text: string, defaultPort?: number): PeerAddress | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text.trim());
  const name = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  if (name === undefined || port === undefined || port > 65_535) return undefined;
  const host = canonicalIp(name) ?? (match?.[1] === undefined && /^[a-z0-9._-]+$/i.test(name) ? name.toLowerCase() : undefined);
  return host === undefined || (isOnion(host) && !isOnionService(host)) ? undefined : { host, port };
}

export function formatPeerAddress({ host, port }: PeerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export function isIp(host: string): boolean {
  return canonicalIp(host) !== undefined;
}

/** Any name below "onion", misspelt ones too: the name servers of the Internet must never hear of them (RFC 7686). */
export function isOnion(host: string): boolean {
  return /\.onion\.?$/i.test(host);
}

/** 127/8, ::1, and the name that always means them. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIp(host) && host.startsWith('127.'));
}

/** IPv4 ranges that no peer on the Internet can have: PyBitmessage's list and what it forgot (PROTOCOL 1.4). */
const RESERVED_IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
/** IPv6: only 2000::/3 is public, less Teredo, documentation and 6to4 (which can carry a private IPv4 address). */
const PUBLIC_IPV6: readonly [string, number] = ['2000::', 3];
const RESERVED_IPV6: readonly (readonly [string, number])[] = [
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
];

/** Whether the whole Internet could reach this IP address. */
export function isPublicIp(host: string): boolean {
  if (!isIp(host)) return false;
  if (!host.includes(':')) return !RESERVED_IPV4.some(([network, bits]) => isWithin(host, network, bits));
  return isWithin(host, ...PUBLIC_IPV6) && !RESERVED_IPV6.some(([network, bits]) => isWithin(host, network, bits));
}

/**
 * One outbound connection per group, so that one operator cannot be all our peers: IPv4 /16, IPv6 /32 (PyBitmessage
 * takes /96, which an attacker has billions of), an onion by its name, everything local together.
 */
export function networkGroup(host: string): string {
  if (!isIp(host)) return host;
  if (!isPublicIp(host)) return host.includes(':') ? 'local6' : 'local4';
  return prefix(host, host.includes(':') ? 32 : 16);
}

/** What counts as one peer when connections are limited or refused: an IPv4 address, an IPv6 /64 (a customer's share). */
export function accountableUnit(host: string): string {
  return host.includes(':') ? prefix(host, 64) : host;
}

function prefix(host: string, bits: number): string {
  const bytes = encodeHost(host);
  const start = host.includes(':') ? 0 : 12;
  return Buffer.from(bytes.subarray(start, start + bits / 8)).toString('hex');
}

function isWithin(host: string, network: string, bits: number): boolean {
  const [a, b] = [encodeHost(host), encodeHost(network)];
  const offset = network.includes(':') ? 0 : 96;
  for (let bit = 0; bit < bits; bit++) {
    const index = (offset + bit) >> 3;
    const mask = 0x80 >> ((offset + bit) & 7);
    if (((a[index] ^ b[index]) & mask) !== 0) return false;
  }
  return true;
}
