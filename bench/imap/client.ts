/** A mail program reduced to its line: sends commands, waits for their tagged answers, and looks at nothing else. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Duplex, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib';
import { PASSWORD, USER } from '../../test/support/imap-house.js';

/** A command of a folder of a million messages may take minutes. */
const ANSWER_TIMEOUT_MS = 600_000;
/** Holds any tagged answer: what went before is not kept. */
const KEPT_CHARACTERS = 2000;

export class Client {
  #tail = '';
  #commands = 0;
  #tag = '';
  #receivedBytes = 0;
  #output: Writable;
  #waiting: { until(tail: string): string | null; resolve(line: string): void } | null = null;

  constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    this.#output = socket;
    this.#listen(socket);
  }

  /** A client past its login, on a connection without TLS. */
  static async open(port: number, user = USER, password = PASSWORD): Promise<Client> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    await once(socket, 'data');
    const client = new Client(socket);
    await client.command(`LOGIN ${user} ${password}`);
    return client;
  }

  /** Continues with DEFLATE both ways. */
  async compress(): Promise<void> {
    await this.command('COMPRESS DEFLATE');
    this.socket.removeAllListeners('data');
    this.#listen(this.socket.pipe(createInflateRaw()));
    // Commands are short: each goes at once.
    const deflate = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH });
    deflate.pipe(this.socket);
    this.#output = deflate;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** @throws Error when the answer is not OK */
  async command(text: string, ...literals: Buffer[]): Promise<void> {
    const tag = this.#nextTag();
    await this.#send(text, Buffer.concat([Buffer.from(`${tag} ${text}`), ...literals, Buffer.from('\r\n')]));
  }

  /** All of them at once. @throws Error when the last answer is not OK */
  async commands(texts: readonly string[]): Promise<void> {
    const lines = texts.map((text) => `${this.#nextTag()} ${text}\r\n`);
    await this.#send(`${texts.length} commands`, Buffer.from(lines.join('')));
  }

  /** Begins IDLE; `done` ends it. */
  async idle(): Promise<void> {
    const answer = this.#wait('IDLE', (tail) => (tail.includes('\n+ ') ? '+' : null));
    this.socket.write(`${this.#nextTag()} IDLE\r\n`);
    await answer;
  }

  async done(): Promise<void> {
    const tag = this.#tag;
    const answer = this.#wait('DONE', (tail) => (tail.includes(`\n${tag} OK`) && tail.endsWith('\r\n') ? tag : null));
    this.socket.write('DONE\r\n');
    await answer;
  }

  /** In IDLE: when an EXISTS comes, by the machine's clock (ms). */
  async exists(): Promise<number> {
    await this.#wait('EXISTS', (tail) => (/ EXISTS\r\n/.test(tail) ? 'EXISTS' : null));
    return performance.timeOrigin + performance.now();
  }

  /** Reads a little now and then, as over a bad line, until so many bytes have come. */
  async readSlowly(text: string, bytes: number, pauseMs: number): Promise<void> {
    const from = this.#receivedBytes;
    this.socket.write(`${this.#nextTag()} ${text}\r\n`);
    while (this.#receivedBytes - from < bytes) {
      this.socket.pause();
      await sleep(pauseMs);
      this.socket.resume();
      await once(this.socket, 'data');
    }
  }

  close(): void {
    this.socket.destroy();
  }

  /** What ends with the command of the present tag. */
  async #send(text: string, bytes: Buffer): Promise<void> {
    const tag = this.#tag;
    const answer = this.#wait(text, (tail) => {
      const at = tail.lastIndexOf(`\n${tag} `);
      return at < 0 || !tail.endsWith('\r\n') ? null : tail.slice(at + 1).trim();
    });
    this.#output.write(bytes);
    const line = await answer;
    if (!line.startsWith(`${tag} OK`)) throw new Error(`${text}: ${line}`);
  }

  /** No line of a mail begins like this. */
  #nextTag(): string {
    this.#tag = `COMMAND${++this.#commands}`;
    return this.#tag;
  }

  #listen(input: Duplex): void {
    input.on('data', (chunk: Buffer) => {
      this.#receivedBytes += chunk.length;
      this.#tail += chunk.toString('latin1');
      const line = this.#waiting?.until(this.#tail) ?? null;
      if (line === null) {
        this.#tail = this.#tail.slice(-KEPT_CHARACTERS);
        return;
      }
      this.#tail = '\n';
      this.#waiting?.resolve(line);
    });
  }

  #wait(text: string, until: (tail: string) => string | null): Promise<string> {
    this.#tail = '\n';
    return new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${text}`)), ANSWER_TIMEOUT_MS);
      const settle = (line: string): void => {
        clearTimeout(timer);
        this.#waiting = null;
        resolve(line);
      };
      this.#waiting = { until, resolve: settle };
    });
  }
}
