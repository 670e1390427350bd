/** Finding peers in the local network: each broadcasts where it listens, and listens for who else does. Off unless asked for. */
import { randomInt } from 'node:crypto';
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { DecodeError } from '../wire/bytes.js';
import { encodePacket, PacketReader } from '../wire/frame.js';
import { decodeAddr, encodeAddr, NODE_NETWORK } from '../wire/messages.js';
import type { StreamNumber } from '../wire/params.js';
import { formatPeerAddress, isLoopback, isPublicIp, type PeerAddress } from './address.js';
import type { Datagrams, PeerDialer } from './dial.js';

export interface LanDiscoveryOptions {
  readonly magic: number;
  readonly streams: readonly StreamNumber[];
  /** Always 8444/udp, whatever the TCP port is (PyBitmessage udp.py). */
  readonly port: number;
  readonly broadcastAddress: string;
  /** Take announcements from loopback, too: a network of one's own. */
  readonly loopback: boolean;
}

export interface LanDiscoveryRooms {
  readonly dialer: Pick<PeerDialer, 'datagrams'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** PyBitmessage announcethread.py and udp.py. */
const ANNOUNCE_SECONDS = 60;
const DISCOVERED_SECONDS = 300;
const MAX_CLOCK_OFFSET_SECONDS = 3600;
/** An addr with one entry per stream has 63 bytes; PROTOCOL 1.16. */
const MAX_DATAGRAM_BYTES = 4096;
/** More neighbours than this are somebody's invention. */
const MAX_DISCOVERED = 100;

/** Where a datagram says that its sender listens, or undefined when it says nothing usable. Pure. */
export function readAnnouncement(
  datagram: Uint8Array,
  source: string,
  { magic, streams, loopback, now }: Pick<LanDiscoveryOptions, 'magic' | 'streams' | 'loopback'> & { readonly now: UnixSeconds },
): PeerAddress | undefined {
  // What comes from elsewhere than the local network is no neighbour; its address could be forged.
  if (datagram.length > MAX_DATAGRAM_BYTES || isPublicIp(source) || (isLoopback(source) && !loopback)) return undefined;
  try {
    const reader = new PacketReader(magic);
    reader.push(datagram);
    const packet = reader.next();
    if (packet?.command !== 'addr') return undefined;
    const entry = decodeAddr(packet.payload).find(({ time, stream, host, port }) => {
      const isRecent = Math.abs(Number(time) - now) <= MAX_CLOCK_OFFSET_SECONDS;
      return isRecent && streams.includes(BigInt(stream)) && !isPublicIp(host) && port > 0;
    });
    return entry && { host: source, port: entry.port };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

export class LanDiscovery {
  readonly #found = new Map<string, { readonly address: PeerAddress; readonly until: UnixSeconds }>();
  #datagrams: Datagrams | undefined;
  #nextAnnouncementAt: UnixSeconds = 0;

  constructor(
    private readonly options: LanDiscoveryOptions,
    private readonly rooms: LanDiscoveryRooms,
  ) {}

  /** Resolves when the UDP port is open. */
  async start(): Promise<void> {
    this.#datagrams = await this.rooms.dialer.datagrams(this.options.port, (datagram, source) => this.#received(datagram, source));
  }

  async stop(): Promise<void> {
    await this.#datagrams?.close();
    this.#datagrams = undefined;
  }

  /** Called every second. @param listeningPort nothing is announced without one */
  tick(listeningPort: number | undefined): void {
    const now = this.rooms.clock.now();
    for (const [key, { until }] of this.#found) if (now >= until) this.#found.delete(key);
    if (listeningPort === undefined || now < this.#nextAnnouncementAt) return;
    this.#nextAnnouncementAt = now + ANNOUNCE_SECONDS;
    const entry = { time: BigInt(now), services: NODE_NETWORK, host: '127.0.0.1', port: listeningPort };
    const payload = encodeAddr(this.options.streams.map((stream) => ({ ...entry, stream: Number(stream) })));
    this.#datagrams?.send(encodePacket(this.options.magic, 'addr', payload), this.options.broadcastAddress);
  }

  /** One of the neighbours that may be dialled, at random. */
  choose(usable: (address: PeerAddress) => boolean): PeerAddress | undefined {
    const candidates = [...this.#found.values()].map(({ address }) => address).filter(usable);
    return candidates.length === 0 ? undefined : candidates[randomInt(candidates.length)];
  }

  #received(datagram: Uint8Array, source: string): void {
    const now = this.rooms.clock.now();
    const address = readAnnouncement(datagram, source, { ...this.options, now });
    if (address === undefined) return;
    const key = formatPeerAddress(address);
    if (!this.#found.has(key) && this.#found.size >= MAX_DISCOVERED) return;
    this.#found.set(key, { address, until: now + DISCOVERED_SECONDS });
    this.rooms.log.debug('neighbour found', { address: key });
  }
}
