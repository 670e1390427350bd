/** A client that sends bytes and reads lines, over TCP or TLS, for dialogs and hostile input. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';

/** A server that does not answer within this has not understood the question. */
const ANSWER_TIMEOUT_MS = 5000;

export class LineClient {
  #buffer = Buffer.alloc(0);
  #ended = false;
  #wake: (() => void) | null = null;

  constructor(private socket: Socket) {
    socket.setNoDelay(true);
    this.#attach();
  }

  static async connect(port: number): Promise<LineClient> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new LineClient(socket);
  }

  /** Continues in TLS, or starts with it. */
  async secure(): Promise<void> {
    this.socket.removeAllListeners('data').removeAllListeners('close').removeAllListeners('error');
    const socket = connectTls({ socket: this.socket, rejectUnauthorized: false });
    await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    this.socket = socket;
    this.#attach();
  }

  /** tls-exporter, RFC 9266. */
  channelBinding(): Buffer {
    if (!(this.socket instanceof TLSSocket)) throw new Error('no TLS');
    return this.socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
  }

  /** Hands the socket over to something else. */
  detach(): Socket {
    this.socket.removeAllListeners('data');
    return this.socket;
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** Sends a command and collects the lines up to its tagged answer. */
  async command(text: string): Promise<string[]> {
    this.write(`${text}\r\n`);
    return this.until(text.split(' ')[0]);
  }

  /** Lines up to and with the one that begins with this word. */
  async until(word: string): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      lines.push(await this.line(word));
      if (lines[lines.length - 1].startsWith(`${word} `)) return lines;
    }
  }

  /** The next line, without its end; each byte that is no UTF-8 shows as a replacement character. */
  async line(where = ''): Promise<string> {
    for (;;) {
      const end = this.#buffer.indexOf('\r\n');
      if (end !== -1) {
        const line = this.#buffer.subarray(0, end).toString('utf8');
        this.#buffer = this.#buffer.subarray(end + 2);
        return line;
      }
      if (this.#ended) throw new Error(`${where}: the server closed the connection`);
      await this.#more(where);
    }
  }

  /** Resolves when the server has closed; answers what it said last. */
  async closed(): Promise<string> {
    while (!this.#ended) await this.#more('close');
    return this.#buffer.toString('utf8');
  }

  /** Lines that were received and not read. */
  rest(): string[] {
    return this.#buffer.toString('utf8').split('\r\n').slice(0, -1);
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  close(): void {
    this.socket.destroy();
  }

  #attach(): void {
    this.socket.on('data', (chunk) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      this.#wake?.();
    });
    this.socket.on('close', () => {
      this.#ended = true;
      this.#wake?.();
    });
    this.socket.on('error', () => {});
  }

  async #more(where: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${where}: no answer; received so far: ${this.#buffer.toString()}`)),
        ANSWER_TIMEOUT_MS,
      );
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}
