/** One connection: bytes to packets and back, the version exchange, the change to TLS, and the clocks that end it. */
import type { Socket } from 'node:net';
import type { Clock, UnixSeconds } from '../../base/clock.js';
import { DecodeError } from '../wire/bytes.js';
import { encodePacket, type Packet, PacketReader } from '../wire/frame.js';
import { decodeVersion, encodeError, encodeVersion, FATAL, NODE_SSL, type VersionMessage } from '../wire/messages.js';
import type { PeerAddress } from './address.js';
import { beginHandshake, type HandshakeAction, type HandshakeEvent, type Objection, step } from './handshake.js';
import { upgrade } from './tls.js';
import type { Turns } from './turns.js';

export interface PeerOptions {
  readonly magic: number;
  readonly direction: 'inbound' | 'outbound';
  /** The other end: dialled, or seen at accept. */
  readonly address: PeerAddress;
  /** Offer NODE_SSL on this connection. */
  readonly offersTls: boolean;
  readonly handshakeSeconds: number;
  /** Our version, made when it is sent: the clock in it must be right. */
  readonly makeVersion: () => VersionMessage;
}

/** Who the peer reports to. */
export interface PeerListener {
  judgeVersion(peer: Peer, version: VersionMessage): Objection | undefined;
  established(peer: Peer): void;
  /** While a promise is open, nothing more is read from this peer. */
  packet(peer: Peer, packet: Packet): Promise<void> | undefined;
  /** Bytes came, of whatever kind. */
  received(peer: Peer, bytes: number): void;
  /** Everything written has left for the kernel. */
  flushed(peer: Peer): void;
  /** The peer broke the protocol beyond doubt; it is closed next. */
  misbehaved(peer: Peer, reason: string): void;
  closed(peer: Peer, reason: string): void;
}

export type PeerState = 'greeting' | 'securing' | 'established' | 'closing' | 'closed';

/** Silence after which we say something: bmd gives up after 360 s, the others after 600 s (PROTOCOL 1.12). */
const KEEP_ALIVE_SECONDS = 240;
/** Silence of the peer after which it is asked once, and after which it is left. */
const PROBE_SECONDS = 600;
const IDLE_SECONDS = 660;
/** Written bytes that do not leave: the peer has stopped reading. The largest packet at 15 kB/s. */
const STALLED_SECONDS = 120;
/** A refusal has this long to reach the peer; who does not read it is cut off. */
const LINGER_SECONDS = 3;

const NO_PAYLOAD = new Uint8Array(0);

export class Peer {
  version: VersionMessage | undefined;
  readonly connectedAt: UnixSeconds;
  tls = false;
  wasEstablished = false;
  /** What we announced: recognises a connection to ourselves. */
  nonce: Uint8Array | undefined;
  #socket: Socket;
  #state: PeerState = 'greeting';
  #handshake;
  readonly #reader: PacketReader;
  #busy = false;
  #pauses = new Set<string>();
  #unflushed = 0;
  #securingFailed = false;
  #probed = false;
  #deadline: UnixSeconds;
  #lastReceivedAt: UnixSeconds;
  #lastSentAt: UnixSeconds;
  #lastFlushedAt: UnixSeconds;

  constructor(
    readonly id: number,
    readonly options: PeerOptions,
    private readonly clock: Clock,
    private readonly turns: Turns,
    private readonly listener: PeerListener,
    socket: Socket,
  ) {
    const now = clock.now();
    this.connectedAt = now;
    this.#deadline = now + options.handshakeSeconds;
    this.#lastReceivedAt = now;
    this.#lastSentAt = now;
    this.#lastFlushedAt = now;
    this.#reader = new PacketReader(options.magic);
    this.#handshake = beginHandshake(options.direction === 'outbound' ? 'initiator' : 'acceptor');
    this.#socket = socket;
  }

  get state(): PeerState {
    return this.#state;
  }

  get address(): PeerAddress {
    return this.options.address;
  }

  get outbound(): boolean {
    return this.options.direction === 'outbound';
  }

  get established(): boolean {
    return this.#state === 'established';
  }

  /** Bytes written that the kernel has not taken yet. */
  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  /** The TLS handshake began and did not end. */
  get securingFailed(): boolean {
    return this.#securingFailed;
  }

  start(): void {
    this.#listenTo(this.#socket);
    this.#advance({ event: 'connected' });
  }

  send(command: string, payload: Uint8Array = NO_PAYLOAD): void {
    if (this.#state === 'closed' || this.#state === 'closing') return;
    this.#lastSentAt = this.clock.now();
    if (this.#unflushed++ === 0) this.#lastFlushedAt = this.#lastSentAt;
    this.#socket.write(encodePacket(this.options.magic, command, payload), () => this.#flushed());
  }

  /** Says why, and closes when that has left. */
  refuse(text: string): void {
    if (this.#state === 'closed' || this.#state === 'closing') return;
    this.send('error', encodeError({ fatal: FATAL, banSeconds: 0n, inventoryVector: NO_PAYLOAD, text }));
    this.#state = 'closing';
    this.#deadline = this.clock.now() + LINGER_SECONDS;
    // Half-closed, then read on into nothing: closing at once would reset the connection before the text is read.
    this.#socket.end();
    this.#socket.resume();
  }

  close(reason: string): void {
    if (this.#state === 'closed') return;
    this.#securingFailed = this.#state === 'securing';
    this.#state = 'closed';
    this.#socket.destroy();
    this.listener.closed(this, reason);
  }

  /** Stops reading until every reason to pause is gone: the kernel then slows the sender down. */
  pause(why: string): void {
    this.#pauses.add(why);
    this.#socket.pause();
  }

  resume(why: string): void {
    if (!this.#pauses.delete(why) || this.#pauses.size > 0 || this.#state === 'closed') return;
    this.#socket.resume();
    this.#readPackets();
  }

  /** Called every second or so: everything that happens because nothing happened. */
  tick(): void {
    const now = this.clock.now();
    if (this.#state === 'closed') return;
    if (this.#state !== 'established') {
      if (now >= this.#deadline) this.close(this.#state === 'closing' ? 'refusal not read' : 'handshake took too long');
      return;
    }
    if (this.#unflushed > 0 && now - this.#lastFlushedAt >= STALLED_SECONDS) this.close('the peer stopped reading');
    else if (this.#pauses.size === 0 && now - this.#lastReceivedAt >= IDLE_SECONDS) this.close('the peer fell silent');
    else if (now - this.#lastReceivedAt >= PROBE_SECONDS && !this.#probed) {
      this.#probed = true;
      this.send('ping');
    } else if (now - this.#lastSentAt >= KEEP_ALIVE_SECONDS) this.send('pong'); // the one command that all take unasked
  }

  #listenTo(socket: Socket): void {
    socket.on('error', (error: NodeJS.ErrnoException) => this.close(error.code ?? error.message));
    socket.on('data', this.#received);
    socket.on('end', this.#ended);
    socket.on('close', this.#ended);
  }

  readonly #ended = (): void => this.close(this.#state === 'securing' ? 'closed during the TLS handshake' : 'closed by the peer');

  readonly #received = (chunk: Uint8Array): void => {
    if (this.#state === 'closed' || this.#state === 'closing') return;
    this.listener.received(this, chunk.length);
    this.#reader.push(chunk);
    this.#readPackets();
  };

  #readPackets(): void {
    while (!this.#busy && this.#pauses.size === 0 && (this.#state === 'greeting' || this.#state === 'established')) {
      if (this.turns.isOver()) {
        this.pause('turn');
        this.turns.later(() => this.resume('turn'));
        return;
      }
      let wait: Promise<void> | undefined;
      try {
        const packet = this.#reader.next();
        if (packet === undefined) return;
        wait = this.#take(packet);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        this.#misbehaved(error.message);
        return;
      }
      if (wait !== undefined) this.#waitFor(wait);
    }
  }

  #waitFor(work: Promise<void>): void {
    this.#busy = true;
    this.pause('busy');
    const done = (): void => {
      this.#busy = false;
      this.resume('busy');
    };
    work.then(done, (error: unknown) => {
      this.#busy = false;
      if (error instanceof DecodeError) this.#misbehaved(error.message);
      else this.close(`failed: ${String(error)}`);
    });
  }

  #take(packet: Packet): Promise<void> | undefined {
    this.#lastReceivedAt = this.clock.now();
    this.#probed = false;
    if (this.#state === 'established') return this.listener.packet(this, packet);
    if (packet.command === 'version') {
      const version = decodeVersion(packet.payload);
      this.version = version;
      this.#advance({ event: 'version', version, objection: this.listener.judgeVersion(this, version) });
    } else if (packet.command === 'verack') this.#advance({ event: 'verack' });
    else {
      if (packet.command === 'error') void this.listener.packet(this, packet);
      this.#advance({ event: 'other', command: packet.command });
    }
    return undefined;
  }

  #advance(event: HandshakeEvent): void {
    const { state, actions } = step(this.#handshake, event);
    this.#handshake = state;
    for (const action of actions) this.#perform(action);
  }

  #perform(action: HandshakeAction): void {
    switch (action.action) {
      case 'send-version': {
        const version = this.options.makeVersion();
        this.nonce = version.nonce;
        this.send('version', encodeVersion(version));
        break;
      }
      case 'send-verack':
        this.send('verack');
        break;
      case 'refuse':
        this.refuse(action.text);
        break;
      case 'close':
        if (action.misbehaved) this.#misbehaved(action.reason);
        else this.close(action.reason);
        break;
      case 'established':
        if (this.options.offersTls && ((this.version?.services ?? 0n) & NODE_SSL) !== 0n) this.#secure();
        else this.#establish();
        break;
    }
  }

  /** From here on the bytes are TLS: those that came already must go back, those still to leave must leave first. */
  #secure(): void {
    this.#state = 'securing';
    this.#deadline = this.clock.now() + this.options.handshakeSeconds;
    this.#socket.pause();
    if (this.#unflushed === 0) this.#startTls();
  }

  #startTls(): void {
    const plain = this.#socket;
    plain.off('data', this.#received).off('end', this.#ended);
    this.#socket = upgrade(plain, this.outbound ? 'client' : 'server', this.#reader.takeRest(), () => {
      if (this.#state !== 'securing') return;
      this.tls = true;
      this.#establish();
    });
    this.#listenTo(this.#socket);
  }

  #establish(): void {
    this.#state = 'established';
    this.wasEstablished = true;
    this.listener.established(this);
  }

  #flushed(): void {
    this.#unflushed--;
    this.#lastFlushedAt = this.clock.now();
    if (this.#unflushed > 0) return;
    if (this.#state === 'securing' && !this.tls) this.#startTls();
    else if (this.#state === 'established') this.listener.flushed(this);
  }

  #misbehaved(reason: string): void {
    if (this.#state === 'closed') return;
    this.listener.misbehaved(this, reason);
    this.close(reason);
  }
}
