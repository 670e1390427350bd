/** All connections: who is dialled, who is let in, and when which of them ends. */
import type { Server, Socket } from 'node:net';
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { TaskGroup } from '../../base/task-group.js';
import { canonicalIp } from '../wire/host.js';
import { NODE_DANDELION, NODE_NETWORK, NODE_SSL, type VersionMessage } from '../wire/messages.js';
import { accountableUnit, formatPeerAddress, isLoopback, isOnion, networkGroup, type PeerAddress, parsePeerAddress } from './address.js';
import type { AddressBook } from './address-book.js';
import { type PeerDialer, ProxyUnreachableError } from './dial.js';
import { judgeVersion, type Objection } from './handshake.js';
import type { LanDiscovery } from './lan-discovery.js';
import type { BanList } from './misbehaviour.js';
import { type OnionRooms, OnionService } from './onion-service.js';
import type { NetworkOptions } from './options.js';
import { ownVersion } from './own-version.js';
import { Peer, type PeerListener } from './peer.js';
import { TlsMemory } from './tls.js';
import type { Turns } from './turns.js';

/** Why a connection was opened. Configured ones are always kept; a bootstrap one only exchanges addresses; "onion" came through our own service. */
export type Purpose = 'inbound' | 'onion' | 'chosen' | 'configured' | 'bootstrap';

export interface PeerPoolRooms {
  readonly dialer: PeerDialer;
  readonly addressBook: AddressBook;
  readonly bans: BanList;
  readonly turns: Turns;
  /** Peers of the local network, where they are looked for. */
  readonly neighbours?: Pick<LanDiscovery, 'choose'> | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onion?: OnionRooms;
  /** What happens on a connection, once it is established. */
  readonly listener: Pick<PeerListener, 'established' | 'packet' | 'flushed' | 'received' | 'closed'>;
}

interface Configured {
  readonly address: PeerAddress;
  nextAttemptAt: UnixSeconds;
  waitSeconds: number;
}

/** A configured peer is dialled again after a second, then after twice that, at most after a minute. */
const FIRST_WAIT_SECONDS = 1;
const LONGEST_WAIT_SECONDS = 60;
/** A connection that lived this long was a success: the next wait is the first again. */
const GOOD_CONNECTION_SECONDS = 30;
/** Tor circuits are slow (PROTOCOL 1.6). */
const PROXIED_HANDSHAKE_SECONDS = 30;
/** The proxy does not answer: a Tor that starts needs some seconds. */
const PROXY_RETRY_SECONDS = 10;
/** A stock PyBitmessage drops some TLS handshakes by bad luck: one failure of an outbound one may be that. */
const OUTBOUND_TLS_TRIES = 2;
/** More peers than this whose clocks disagree with ours, without one that agrees: our own may be wrong. */
const CLOCK_WARNING = 3;
/** Long-lived outbound peers to begin with after a restart. */
const ANCHORS = 2;

export class PeerPool {
  readonly onion: OnionService;
  readonly #peers = new Map<Peer, Purpose>();
  readonly #dialling = new Map<string, { readonly address: PeerAddress; readonly purpose: Purpose }>();
  readonly #configured: Configured[];
  readonly #ownAddresses = new Set<string>();
  readonly #tlsMemory: TlsMemory;
  readonly #tasks = new TaskGroup((error) => this.rooms.log.error('peer pool', error));
  #server: Server | undefined;
  #proxyProblem: string | null = null;
  #proxyRetryAt: UnixSeconds = 0;
  #nextId = 1;
  #clockObjections = 0;

  constructor(
    private readonly options: NetworkOptions,
    private readonly rooms: PeerPoolRooms,
  ) {
    this.#tlsMemory = new TlsMemory(rooms.clock);
    this.#configured = options.peers.map((text) => {
      const address = parsePeerAddress(text, options.params.defaultPort);
      if (address === undefined) throw new RangeError(`not a peer address: ${text}`);
      return { address, nextAttemptAt: 0, waitSeconds: FIRST_WAIT_SECONDS };
    });
    this.onion = new OnionService(options, { ...rooms, accepted: (socket) => this.#accept(socket, 'onion') });
  }

  /** Why connections through the proxy fail, when it is the proxy. */
  get proxyProblem(): string | null {
    return this.#proxyProblem;
  }

  get listening(): PeerAddress | null {
    const address = this.#server?.address();
    return address !== null && typeof address === 'object' ? { host: address.address, port: address.port } : null;
  }

  /** Resolves when the port is open. */
  async start(): Promise<void> {
    await this.onion.start();
    if (this.options.listen === '') return;
    const address = parsePeerAddress(this.options.listen, this.options.params.defaultPort);
    if (address === undefined) throw new RangeError(`not an address to listen on: ${this.options.listen}`);
    this.#server = await this.rooms.dialer.listen(address, (socket) => this.#accept(socket, 'inbound'));
  }

  async stop(): Promise<void> {
    this.rooms.addressBook.setAnchors(this.#longestLived());
    const onionStopped = this.onion.stop();
    const server = this.#server;
    this.#server = undefined;
    const closed = server && new Promise((resolve) => server.close(resolve));
    for (const peer of [...this.#peers.keys()]) peer.close('stopping');
    await this.#tasks.stop();
    await Promise.all([closed, onionStopped]);
  }

  *established(): IterableIterator<Peer> {
    for (const [peer, purpose] of this.#peers) if (peer.established && purpose !== 'bootstrap') yield peer;
  }

  get size(): number {
    return this.#peers.size;
  }

  purpose(peer: Peer): Purpose | undefined {
    return this.#peers.get(peer);
  }

  /** Called every second: clocks of the peers, then who is to be dialled. */
  tick(): void {
    for (const peer of [...this.#peers.keys()]) peer.tick();
    const now = this.rooms.clock.now();
    for (const configured of this.#configured) {
      if (now < configured.nextAttemptAt || this.#isConnected(configured.address)) continue;
      configured.nextAttemptAt = now + configured.waitSeconds;
      configured.waitSeconds = Math.min(configured.waitSeconds * 2, LONGEST_WAIT_SECONDS);
      this.dial(configured.address, 'configured');
    }
    while (this.#chosen() < this.options.limits.outbound && this.#dialling.size < this.options.limits.halfOpen) {
      const address = this.#chooseAddress();
      if (address === undefined) break;
      this.dial(address, 'chosen');
    }
  }

  #chooseAddress(): PeerAddress | undefined {
    const anchor = this.rooms.addressBook.anchors().find((address) => this.#isUsable(address));
    if (anchor !== undefined) return anchor;
    // Every second draw is for the local network (PyBitmessage connectionchooser).
    const neighbour = Math.random() < 0.5 ? this.rooms.neighbours?.choose((address) => this.#isFree(address)) : undefined;
    return neighbour ?? this.rooms.addressBook.choose((candidate) => this.#isUsable(candidate));
  }

  dial(address: PeerAddress, purpose: Purpose): void {
    const key = formatPeerAddress(address);
    if (this.#dialling.has(key)) return;
    this.#dialling.set(key, { address, purpose });
    this.#tasks.run(async (signal) => {
      try {
        const socket = await this.rooms.dialer.connect(address, signal);
        if (this.rooms.dialer.proxyFor(address.host) !== null) this.#proxyProblem = null;
        if (signal.aborted) socket.destroy();
        else this.#begin(socket, address, purpose);
      } catch (error) {
        if (error instanceof ProxyUnreachableError) this.#proxyFailed(error);
        else this.rooms.addressBook.failed(address);
        this.rooms.log.debug('could not dial', { address: key, error });
      } finally {
        this.#dialling.delete(key);
      }
    });
  }

  /** No fault of the peer's: its rating stays. */
  #proxyFailed({ message }: ProxyUnreachableError): void {
    if (this.#proxyProblem === null) this.rooms.log.warn(message);
    this.#proxyProblem = message;
    this.#proxyRetryAt = this.rooms.clock.now() + PROXY_RETRY_SECONDS;
  }

  #accept(socket: Socket, purpose: 'inbound' | 'onion'): void {
    const host = canonicalIp(socket.remoteAddress ?? '');
    const handshakes = [...this.#peers.keys()].filter((peer) => !peer.outbound && !peer.established).length;
    // Who is refused by address, or comes while too many are at the door, is closed without a word.
    if (host === undefined || this.rooms.bans.isBanned(host) || handshakes >= this.options.limits.inboundHandshakes) {
      socket.destroy();
      return;
    }
    this.#begin(socket, { host, port: socket.remotePort ?? 0 }, purpose);
  }

  #begin(socket: Socket, address: PeerAddress, purpose: Purpose): void {
    const direction = purpose === 'inbound' || purpose === 'onion' ? 'inbound' : 'outbound';
    const offersTls = this.#offersTls(purpose, direction, address);
    const isSlow = purpose === 'onion' || (direction === 'outbound' && this.rooms.dialer.proxyFor(address.host) !== null);
    const handshakeSeconds = Math.max(this.options.limits.handshakeSeconds, isSlow ? PROXIED_HANDSHAKE_SECONDS : 0);
    const makeVersion = (): VersionMessage => this.#makeVersion(address, purpose, offersTls);
    const peer = new Peer(
      this.#nextId++,
      { magic: this.options.params.magic, direction, address, offersTls, handshakeSeconds, makeVersion },
      this.rooms.clock,
      this.rooms.turns,
      {
        ...this.rooms.listener,
        judgeVersion: (who, version) => this.#judge(who, version),
        established: (who) => this.#established(who),
        misbehaved: (who, reason) => this.#misbehaved(who, reason),
        closed: (who, reason) => this.#closed(who, reason),
      },
      socket,
    );
    this.#peers.set(peer, purpose);
    peer.start();
  }

  #offersTls(purpose: Purpose, direction: 'inbound' | 'outbound', address: PeerAddress): boolean {
    if (this.options.tls !== 'prefer') return this.options.tls === 'require';
    // Tor encrypts already, and all who come that way would share one memory of failures.
    if (purpose === 'onion') return false;
    const failures = this.#tlsMemory.failures(tlsKey(direction, address));
    return direction === 'outbound' ? failures < OUTBOUND_TLS_TRIES : failures === 0;
  }

  #makeVersion(address: PeerAddress, purpose: Purpose, offersTls: boolean): VersionMessage {
    const dandelion = this.options.dandelion && this.#dialsOut();
    const { hidden } = this.rooms.dialer;
    return ownVersion(address, this.options, {
      now: this.rooms.clock.now(),
      services: NODE_NETWORK | (offersTls ? NODE_SSL : 0n) | (dandelion ? NODE_DANDELION : 0n),
      // Whoever comes through a proxy or an onion service stands behind loopback.
      showsAddress: purpose !== 'onion' && !(purpose === 'inbound' && hidden),
      // Our port on this machine would tell a peer behind Tor which clear node we are.
      port: (purpose === 'onion' || hidden ? this.onion.address : this.listening)?.port,
    });
  }

  /** Dandelion needs peers that we chose to dial. */
  #dialsOut(): boolean {
    return this.options.limits.outbound > 0 || this.#configured.length > 0;
  }

  #judge(peer: Peer, version: VersionMessage): Objection | undefined {
    const mirror = [...this.#peers.keys()].find(
      (other) => other !== peer && other.nonce !== undefined && Buffer.compare(other.nonce, version.nonce) === 0,
    );
    if (mirror?.outbound === true) this.#ownAddresses.add(formatPeerAddress(mirror.address));
    const objection = judgeVersion(version, {
      now: this.rooms.clock.now(),
      streams: this.options.streams,
      tooManyFromIp: !peer.outbound && this.#isCrowded(peer),
      full: !peer.outbound && (this.#peers.size > this.options.limits.total || this.#isDuplicate(peer, version)),
      self: mirror !== undefined,
      tlsRequired: this.options.tls === 'require',
    });
    if (objection !== undefined) this.rooms.log.debug('peer refused', { peer: peer.id, reason: objection.reason });
    this.#watchClock(objection);
    return objection;
  }

  #isCrowded(peer: Peer): boolean {
    // Behind loopback stand our own neighbours, or everybody who comes through a Tor service.
    if (isLoopback(peer.address.host)) return false;
    const unit = accountableUnit(peer.address.host);
    const others = [...this.#peers.keys()].filter((other) => !other.outbound && accountableUnit(other.address.host) === unit);
    return others.length > this.options.limits.perAddress;
  }

  #isDuplicate(peer: Peer, version: VersionMessage): boolean {
    if (isLoopback(peer.address.host)) return false;
    const key = formatPeerAddress({ host: peer.address.host, port: version.addrFrom.port });
    return [...this.#peers.keys()].some((other) => other.outbound && other.established && formatPeerAddress(other.address) === key);
  }

  #watchClock(objection: Objection | undefined): void {
    if (objection?.reason !== 'clock-ahead' && objection?.reason !== 'clock-behind') {
      if (objection === undefined) this.#clockObjections = 0;
      return;
    }
    if (++this.#clockObjections === CLOCK_WARNING + 1) {
      this.rooms.log.warn('the clocks of several peers differ from ours by more than an hour: is ours right?');
    }
  }

  #established(peer: Peer): void {
    const version = peer.version;
    if (peer.tls) this.#tlsMemory.succeeded(tlsKey(peer.options.direction, peer.address));
    if (version !== undefined) this.#note(peer, version);
    this.rooms.log.debug('peer connected', { peer: peer.id, address: formatPeerAddress(peer.address), tls: peer.tls });
    this.rooms.listener.established(peer);
  }

  /** Outbound peers are proved; where an inbound peer says that it listens is its word alone, so no rating comes of it. */
  #note(peer: Peer, version: VersionMessage): void {
    const { host } = peer.address;
    const port = peer.outbound ? peer.address.port : version.addrFrom.port;
    const isKnowable = this.rooms.addressBook.isReachable(host) && port !== 0 && (peer.outbound || !isLoopback(host));
    for (const stream of version.streams.filter((each) => isKnowable && this.options.streams.includes(each))) {
      this.rooms.addressBook.add({ host, port, stream, services: version.services, lastSeen: this.rooms.clock.now() });
    }
    if (peer.outbound) this.rooms.addressBook.connected(peer.address, version.services);
  }

  #misbehaved(peer: Peer, reason: string): void {
    this.rooms.log.debug('peer misbehaved', { peer: peer.id, reason });
    if (this.#peers.get(peer) !== 'configured') this.rooms.bans.ban(peer.address.host);
  }

  #closed(peer: Peer, reason: string): void {
    const purpose = this.#peers.get(peer);
    this.#peers.delete(peer);
    if (peer.securingFailed) this.#tlsMemory.failed(tlsKey(peer.options.direction, peer.address));
    if (peer.outbound && !peer.wasEstablished) this.rooms.addressBook.failed(peer.address);
    if (purpose === 'configured') this.#retry(peer);
    this.rooms.log.debug('peer left', { peer: peer.id, reason });
    this.rooms.listener.closed(peer, reason);
  }

  #retry(peer: Peer): void {
    const configured = this.#configured.find(({ address }) => address === peer.address);
    const now = this.rooms.clock.now();
    if (configured === undefined || !peer.wasEstablished || now - peer.connectedAt < GOOD_CONNECTION_SECONDS) return;
    configured.waitSeconds = FIRST_WAIT_SECONDS;
    configured.nextAttemptAt = now + FIRST_WAIT_SECONDS;
  }

  #chosen(): number {
    const connected = [...this.#peers.values()].filter((purpose) => purpose === 'chosen').length;
    return connected + [...this.#dialling.values()].filter(({ purpose }) => purpose === 'chosen').length;
  }

  #isFree(address: PeerAddress): boolean {
    const { host } = address;
    if (!this.rooms.dialer.permits(host) || this.rooms.bans.isBanned(host) || host === this.onion.address?.host) return false;
    if (this.rooms.dialer.proxyFor(host) !== null && this.rooms.clock.now() < this.#proxyRetryAt) return false;
    if (isOnion(host) ? this.#hasEnoughOnions() : this.options.onionOnly) return false;
    return !this.#ownAddresses.has(formatPeerAddress(address)) && !this.#isConnected(address);
  }

  #isUsable(address: PeerAddress): boolean {
    const { host } = address;
    if (!this.rooms.addressBook.isReachable(host) || !this.#isFree(address)) return false;
    // On a network of one's own everything local is one group, and that is no reason to have one peer only.
    if (networkGroup(host).startsWith('local')) return true;
    const group = networkGroup(host);
    const outbound = [...this.#peers.keys()].filter((peer) => peer.outbound).map((peer) => peer.address);
    return ![...outbound, ...[...this.#dialling.values()].map((attempt) => attempt.address)].some(
      (other) => networkGroup(other.host) === group,
    );
  }

  /** An onion name costs nothing, and each is a group of its own: while others can be dialled, onions are at most half of our choice. */
  #hasEnoughOnions(): boolean {
    if (this.options.onionOnly) return false;
    const connected = [...this.#peers].filter(([peer, purpose]) => purpose === 'chosen' && isOnion(peer.address.host)).length;
    const dialling = [...this.#dialling.values()].filter(({ address, purpose }) => purpose === 'chosen' && isOnion(address.host)).length;
    return connected + dialling >= Math.ceil(this.options.limits.outbound / 2);
  }

  /** Connected or being connected to: by us, or by the peer that says it listens there. */
  #isConnected(address: PeerAddress): boolean {
    const key = formatPeerAddress(address);
    if (this.#dialling.has(key)) return true;
    return [...this.#peers.keys()].some((peer) => {
      if (peer.outbound) return formatPeerAddress(peer.address) === key;
      return peer.established && peer.address.host === address.host && peer.version?.addrFrom.port === address.port;
    });
  }

  #longestLived(): PeerAddress[] {
    const outbound = [...this.established()].filter((peer) => this.#peers.get(peer) === 'chosen');
    return outbound
      .sort((a, b) => a.connectedAt - b.connectedAt)
      .slice(0, ANCHORS)
      .map((peer) => peer.address);
  }
}

function tlsKey(direction: 'inbound' | 'outbound', address: PeerAddress): string {
  return direction === 'outbound' ? formatPeerAddress(address) : address.host;
}
