/** BDAT, RFC 3030: a message in chunks whose size is said before, beside DATA. What is refused is read to its end all the same. */
import { PassThrough } from 'node:stream';
import type { SMTPServerDataStream } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { ChunkStream } from './chunk-stream.js';

const BDAT = /^BDAT +(\d{1,10})( +LAST)? *$/i;
/** As with DATA: a mail with a film in it is read to its end and refused, more has no end. */
const MAX_CHUNK_BYTES = 2 ** 30;

interface Reply {
  readonly code: number;
  readonly text: string;
}

interface Incoming {
  readonly stream: SMTPServerDataStream;
  /** What the house says of the message, once all of it is there. */
  readonly verdict: Promise<{ readonly error?: (Error & { responseCode?: number }) | null | undefined; readonly text: unknown }>;
}

export class ChunkedConnection extends SMTPConnection {
  #message: Incoming | null = null;

  override _createParser(): ChunkStream {
    const parser = new ChunkStream({ maxCommandLength: this._server.options.maxCommandLength });
    parser.oncommand = (command, callback) => this._onCommand(command, callback);
    parser.on('error', (error) => this.send(421, `Error: ${error.message}`));
    return parser;
  }

  handler_BDAT(command: Buffer, callback: () => void): void {
    const match = BDAT.exec(command.toString());
    const size = Number(match?.[1] ?? 0);
    if (match === null || size > MAX_CHUNK_BYTES || !(this._parser instanceof ChunkStream)) {
      // How much follows is not known, or too much to wait for: nothing after it could be understood.
      this.send(421, match === null ? '4.5.4 BDAT takes a size' : '4.7.0 A message without end', false);
      callback();
      return;
    }
    const refusal = this.#whyNot();
    const stream = refusal === null ? this.#begin().stream : null;
    const whole = (next: () => void): void => this.#endChunk(size, match[2] !== undefined, refusal, () => this._whenWritable(next));
    if (size === 0) {
      whole(callback);
      return;
    }
    this._parser.startChunk(size, { take: (piece, next) => take(stream, piece, next, this._server.options.size), whole });
    callback();
  }

  /** RFC 3030 §2: DATA and BDAT do not go together. */
  override handler_DATA(command: Buffer, callback: () => void): void {
    if (this.#message === null) {
      super.handler_DATA(command, callback);
      return;
    }
    this.send(503, 'Error: the message comes by BDAT');
    callback();
  }

  override handler_RCPT(command: Buffer, callback: () => void): void {
    if (this.#message === null) {
      super.handler_RCPT(command, callback);
      return;
    }
    this.send(503, 'Error: the message has begun');
    callback();
  }

  /** RSET, EHLO, and the end of a message: what was sent of one is thrown away. */
  override _resetSession(): void {
    this.#message?.stream.destroy();
    this.#message = null;
    super._resetSession();
  }

  override _onClose(): void {
    // One that is whole is left to the house, which may be storing it.
    if (this.#message?.stream.writableEnded === false) this.#message.stream.destroy();
    super._onClose();
  }

  #whyNot(): Reply | null {
    if (!this.session.user) return { code: 530, text: '5.7.0 Log in first (AUTH)' };
    if (this.session.envelope.rcptTo.length === 0) return { code: 503, text: '5.5.1 Error: need RCPT command' };
    return null;
  }

  #begin(): Incoming {
    if (this.#message !== null) return this.#message;
    const stream: SMTPServerDataStream = Object.assign(new PassThrough(), { byteLength: 0, sizeExceeded: false });
    const verdict: Incoming['verdict'] = new Promise((resolve) => {
      this._server.onData(stream, this.session, (error, text) => resolve({ error, text }));
    });
    this.#message = { stream, verdict };
    return this.#message;
  }

  #endChunk(size: number, isLast: boolean, refusal: Reply | null, next: () => void): void {
    const message = this.#message;
    if (refusal !== null || message === null) {
      this.send(refusal?.code ?? 503, refusal?.text ?? 'Error: no message');
      next();
      return;
    }
    if (!isLast) {
      this.send(250, `2.0.0 ${size} octets received`);
      next();
      return;
    }
    message.stream.end();
    // Until it is answered the library knows by this that the client waits for us, and not we for the client.
    this._dataStream = message.stream;
    void message.verdict.then(({ error, text }) => {
      this._dataStream = false;
      if (error) this.send(error.responseCode ?? 450, error.message);
      else this.send(250, typeof text === 'string' ? text : 'OK: message queued', 'DATA_OK');
      this._transactionCounter++;
      this._unrecognizedCommands = 0;
      this.#message = null;
      this._resetSession();
      next();
    });
  }
}

/** Counts as the library does for DATA; waits while the reader is slow. */
function take(stream: SMTPServerDataStream | null, piece: Buffer, next: () => void, maxBytes: number | undefined): void {
  if (stream === null || stream.destroyed) {
    next();
    return;
  }
  stream.byteLength += piece.length;
  if (maxBytes !== undefined && stream.byteLength > maxBytes) stream.sizeExceeded = true;
  if (stream.write(piece)) next();
  else {
    const go = (): void => {
      stream.off('drain', go).off('close', go);
      next();
    };
    stream.once('drain', go).once('close', go);
  }
}
