/** One client's line: bytes in and out with limits, time-outs and back-pressure; TLS and compression on the way. */
import type { Socket } from 'node:net';
import type { Duplex, Readable, Writable } from 'node:stream';
import { type SecureContext, TLSSocket } from 'node:tls';
import { constants, createDeflateRaw, createInflateRaw, type DeflateRaw } from 'node:zlib';
import type { OnDisk } from '../base/on-disk.js';
import { HeldAnswers } from './held-answers.js';
import { CommandReader, type ReaderLimits, type Received } from './wire/command-reader.js';
import { OutputQueue } from './wire/output-queue.js';

/** What ends the work for a connection that is no more; the session ends quietly on it. */
export class ConnectionClosed extends Error {
  override readonly name = 'ConnectionClosed';
}

export type Input = Received | { readonly kind: 'closed' } | { readonly kind: 'timed-out' };
export type LineInput =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'timed-out' };

/** A client that pipelines more than this waits until it was answered: memory per connection stays small. */
const MAX_READ_AHEAD_BYTES = 65_536;
/** Answers are handed to the socket in pieces of about this size: half of it costs a tenth more time, twice of it too. */
export const WRITE_PIECE_BYTES = 131_072;
/** A client that takes no byte of an answer for so long is gone. */
const WRITE_TIMEOUT_MS = 5 * 60_000;
/** Loopback and LAN shake hands in milliseconds; a phone on a bad line may take seconds. */
const HANDSHAKE_TIMEOUT_MS = 30_000;
/** After our last words the client gets this long to close its side. */
const LINGER_MS = 300;
/** Fast: the text of mails loses two thirds at any level (Dovecot's default is 6; measured gain under 5 %). */
const DEFLATE_LEVEL = 3;

export class Connection {
  readonly remoteAddress: string;
  #socket: Socket;
  #input: Readable;
  #output: Writable;
  #deflate: DeflateRaw | null = null;
  readonly #reader: CommandReader;
  #closed = false;
  #wake: (() => void) | null = null;
  #writesSoon = false;
  #patience: NodeJS.Timeout | undefined;
  #patienceMs = 0;
  /** Whether the present wait has lasted for too long. */
  #isLate = false;
  readonly #pending = new OutputQueue();
  readonly #answers: HeldAnswers;

  constructor(socket: Socket, limits: ReaderLimits, onDisk: OnDisk) {
    this.remoteAddress = socket.remoteAddress ?? '';
    this.#socket = socket;
    this.#input = socket;
    this.#output = socket;
    this.#reader = new CommandReader(limits);
    this.#answers = new HeldAnswers(
      onDisk,
      (pieces) => this.#put(pieces),
      () => this.#failed(),
    );
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 120_000);
    this.#attach(socket);
  }

  get secure(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  /**
   * What SCRAM binds to: tls-exporter (RFC 9266 §4), or null without TLS 1.3. With TLS 1.2 it is only safe with an extended
   * master secret, and Node does not say whether there is one.
   */
  get channelBinding(): Buffer | null {
    if (!(this.#socket instanceof TLSSocket) || this.#socket.getProtocol() !== 'TLSv1.3') return null;
    return this.#socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
  }

  get compressed(): boolean {
    return this.#deflate !== null;
  }

  get closed(): boolean {
    return this.#closed;
  }

  set limits(limits: ReaderLimits) {
    this.#reader.limits = limits;
  }

  /** The next command, if it has come already: many were sent at once. */
  received(): Received | null {
    return this.#closed ? null : this.#reader.next();
  }

  /** The next command of the client. */
  receive(timeoutMs: number): Promise<Input> {
    return this.#await(() => this.#reader.next(), timeoutMs);
  }

  /** The next bare line: an answer to "+", or DONE. */
  receiveLine(timeoutMs: number): Promise<LineInput> {
    return this.#await((): LineInput | null => {
      const line = this.#reader.nextLine();
      if (line === null) return null;
      return line === 'too-long' ? { kind: 'too-long' } : { kind: 'line', text: line };
    }, timeoutMs);
  }

  /** Puts text (as UTF-8) or bytes into the next `flush`. */
  send(piece: string | Buffer): void {
    this.#pending.add(piece);
  }

  /** Whether so much waits that `flush` should come now. */
  get full(): boolean {
    return this.#pending.length >= WRITE_PIECE_BYTES;
  }

  /** As `flush`, when all is done that can be done now: the answers to what was sent at once go out together. */
  flushSoon(): void {
    if (this.#writesSoon) return;
    this.#writesSoon = true;
    setImmediate(() => {
      this.#writesSoon = false;
      this.#write();
      this.#pending.rest();
    });
  }

  /** Writes all that was sent; waits while the client is slow to take it. @throws ConnectionClosed */
  async flush(): Promise<void> {
    this.#write();
    if (this.#answers.held !== null) await this.#answers.held;
    if (this.#closed) throw new ConnectionClosed();
    if (this.#output.writableNeedDrain) await this.#drained();
    if (this.#closed) throw new ConnectionClosed();
    // What is held meanwhile is read again.
    if (this.#answers.held === null && this.#output.writableLength === 0) this.#pending.reuse();
  }

  /** Continues in TLS. What the client sent before the handshake is thrown away: nobody vouches for it (CVE-2011-0411). */
  async startTls(context: SecureContext): Promise<void> {
    this.#reader.discard();
    this.#detach(this.#socket);
    const secure = new TLSSocket(this.#socket, { isServer: true, secureContext: context });
    this.#socket = secure;
    this.#input = secure;
    this.#output = secure;
    this.#attach(secure);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => secure.destroy(), HANDSHAKE_TIMEOUT_MS);
      const settle = (): void => {
        clearTimeout(timer);
        secure.off('secure', settle).off('close', settle);
        if (this.#closed) reject(new ConnectionClosed());
        else resolve();
      };
      secure.once('secure', settle).once('close', settle);
    });
  }

  /** Continues with DEFLATE both ways (RFC 4978). */
  compress(): void {
    const inflate = createInflateRaw({ flush: constants.Z_SYNC_FLUSH });
    const deflate = createDeflateRaw({ level: DEFLATE_LEVEL });
    inflate.write(this.#reader.takeBuffered());
    this.#detach(this.#socket);
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.on('close', () => this.#markClosed());
    this.#socket.pipe(inflate);
    deflate.pipe(this.#socket);
    deflate.on('error', () => this.#socket.destroy());
    inflate.on('close', () => this.#socket.destroySoon());
    this.#deflate = deflate;
    this.#input = inflate;
    this.#output = deflate;
    this.#attach(inflate);
  }

  /** Sends what is left and closes; a client that does not close its side is cut off after a moment. */
  close(): void {
    if (this.#socket.destroyed) return;
    this.#write();
    if (this.#answers.held === null) this.#end();
    else void this.#answers.held.then(() => this.#end());
  }

  #end(): void {
    this.#output.end();
    this.#input.resume(); // what still arrives is read into nothing, so that our last words are not lost in a reset
    const timer = setTimeout(() => this.#socket.destroy(), LINGER_MS);
    this.#socket.once('close', () => clearTimeout(timer));
  }

  /** Resolves when the socket is gone. */
  async ended(): Promise<void> {
    if (this.#socket.closed) return;
    await new Promise<void>((resolve) => this.#socket.once('close', () => resolve()));
  }

  async #await<T>(read: () => T | null, timeoutMs: number): Promise<T | { kind: 'closed' } | { kind: 'timed-out' }> {
    for (let isWaiting = false; ; isWaiting = true) {
      const value = read();
      if (value !== null) return value;
      if (this.#closed) return { kind: 'closed' };
      if (!isWaiting) this.#startPatience(timeoutMs);
      else if (this.#isLate) return { kind: 'timed-out' };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#input.isPaused()) this.#input.resume();
      });
      this.#wake = null;
    }
  }

  /** One timer for all waits: nearly all are as long as the last one, and over at once. */
  #startPatience(timeoutMs: number): void {
    this.#isLate = false;
    if (timeoutMs === this.#patienceMs) {
      this.#patience?.refresh();
      return;
    }
    clearTimeout(this.#patience);
    this.#patienceMs = timeoutMs;
    this.#patience = setTimeout(() => {
      this.#isLate = true;
      this.#wake?.();
    }, timeoutMs);
  }

  #attach(stream: Duplex): void {
    stream.on('data', this.#received);
    stream.on('end', this.#markClosed);
    stream.on('close', this.#markClosed);
    stream.on('error', this.#failed);
  }

  #detach(stream: Duplex): void {
    stream.off('data', this.#received).off('end', this.#markClosed).off('close', this.#markClosed).off('error', this.#failed);
  }

  readonly #received = (chunk: Buffer): void => {
    if (this.#closed) return;
    this.#reader.push(chunk);
    if (this.#reader.buffered > MAX_READ_AHEAD_BYTES) this.#input.pause();
    this.#wake?.();
  };

  readonly #markClosed = (): void => {
    this.#closed = true;
    clearTimeout(this.#patience);
    this.#wake?.();
  };

  readonly #failed = (): void => {
    this.#markClosed();
    this.#socket.destroy();
  };

  #write(): void {
    if (this.#pending.length === 0) return;
    this.#answers.send(this.#pending.take());
  }

  #put(pieces: readonly Buffer[]): void {
    if (this.#closed || !this.#output.writable) return;
    // All in one call to the system.
    if (pieces.length > 1) this.#output.cork();
    for (const piece of pieces) this.#output.write(piece);
    this.#output.uncork();
    this.#deflate?.flush(constants.Z_SYNC_FLUSH);
  }

  async #drained(): Promise<void> {
    const output = this.#output;
    const socket = this.#socket;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => socket.destroy(), WRITE_TIMEOUT_MS);
      const settle = (): void => {
        clearTimeout(timer);
        output.off('drain', settle);
        socket.off('close', settle);
        resolve();
      };
      output.on('drain', settle);
      socket.on('close', settle);
    });
  }
}
