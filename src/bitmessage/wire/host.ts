/** Hosts in 16 bytes: IPv4 mapped into IPv6, IPv6, and version 2 onion names. */
import { concat, DecodeError, equalBytes, fromHex, toHex } from './bytes.js';

export const HOST_BYTES = 16;
const IPV4_PREFIX = fromHex('00000000000000000000ffff');
/** The range that OnionCat gave to onion names; PyBitmessage encodeHost. */
export const ONION_PREFIX = fromHex('fd87d87eeb43');
const ONION_V2_BYTES = 10;
const ONION_V3_BYTES = 35;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * Encodes an IP address or onion name. A version 3 onion name (41 bytes) does not fit: cut, as PyBitmessage cuts it.
 *
 * Spec: PROTOCOL 1.4
 * @throws DecodeError when the text is none of these
 */
export function encodeHost(host: string): Uint8Array {
  return encodeOnion(host)?.slice(0, HOST_BYTES) ?? encodeIp(host);
}

/** The onion form of an onionpeer object: 16 or 41 bytes, or undefined for what is not an onion name. */
export function encodeOnion(host: string): Uint8Array | undefined {
  const name = /^([a-z2-7]{16}|[a-z2-7]{56})\.onion$/i.exec(host)?.[1];
  return name === undefined ? undefined : concat(ONION_PREFIX, fromBase32(name.toLowerCase()));
}

/** Reads 16 bytes (or the 41 of a version 3 onion name). Every IPv6 address has one spelling: RFC 5952. */
export function decodeHost(bytes: Uint8Array): string {
  if (equalBytes(bytes.subarray(0, ONION_PREFIX.length), ONION_PREFIX)) {
    const name = bytes.subarray(ONION_PREFIX.length);
    if (name.length === ONION_V2_BYTES || name.length === ONION_V3_BYTES) return `${toBase32(name)}.onion`;
  }
  if (bytes.length !== HOST_BYTES) throw new DecodeError(`a host of ${bytes.length} bytes`);
  if (equalBytes(bytes.subarray(0, IPV4_PREFIX.length), IPV4_PREFIX)) return bytes.subarray(IPV4_PREFIX.length).join('.');
  return formatIpv6(bytes);
}

/** An IP address in its one spelling, undefined for anything else (names, too). */
export function canonicalIp(text: string): string | undefined {
  try {
    return decodeHost(encodeIp(text));
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function encodeIp(host: string): Uint8Array {
  const ipv4 = parseIpv4(host);
  return ipv4 === undefined ? parseIpv6(host) : concat(IPV4_PREFIX, ipv4);
}

function parseIpv4(text: string): Uint8Array | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const numbers = text.split('.').map(Number);
  return numbers.every((number) => number < 256) ? Uint8Array.from(numbers) : undefined;
}

function parseIpv6(text: string): Uint8Array {
  const halves = withoutDottedTail(text).split('::');
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':').flatMap(parseGroup)));
  if (head === undefined || halves.length > 2) throw new DecodeError(`not a host: ${text.slice(0, 100)}`);
  const missing = HOST_BYTES - head.length - (tail?.length ?? 0);
  // "::" stands for at least one group of zeros; without it there are exactly eight groups.
  if (tail === undefined ? missing !== 0 : missing < 2) throw new DecodeError(`not a host: ${text.slice(0, 100)}`);
  return Uint8Array.from([...head, ...new Array<number>(missing).fill(0), ...(tail ?? [])]);
}

/** RFC 4291 §2.2, form 3: the last 32 bits may be written as IPv4. */
function withoutDottedTail(text: string): string {
  const dotted = text.slice(text.lastIndexOf(':') + 1);
  const ipv4 = parseIpv4(dotted);
  return ipv4 === undefined ? text : text.slice(0, -dotted.length) + toHex(ipv4).replace(/^(.{4})/, '$1:');
}

function parseGroup(group: string): number[] {
  if (!/^[0-9a-f]{1,4}$/i.test(group)) throw new DecodeError('not a host');
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}

function formatIpv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, index) => toHex(bytes.subarray(index * 2, index * 2 + 2)).replace(/^0{1,3}/, ''));
  // RFC 5952 §4.2: the longest run of zero groups, the first of equals, never a single one.
  const runs = groups.map((_, start) => {
    const end = groups.findIndex((group, index) => index >= start && group !== '0');
    return { start, length: (end === -1 ? groups.length : end) - start };
  });
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), { start: 0, length: 1 });
  if (longest.length < 2) return groups.join(':');
  return `${groups.slice(0, longest.start).join(':')}::${groups.slice(longest.start + longest.length).join(':')}`;
}

function toBase32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{5}/g) ?? []).map((five) => BASE32[Number.parseInt(five, 2)]).join('');
}

function fromBase32(text: string): Uint8Array {
  const bits = [...text].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (eight) => Number.parseInt(eight, 2));
}
