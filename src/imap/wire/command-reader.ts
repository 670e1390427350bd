/** Cuts a client's byte stream into commands: lines joined by their literals (RFC 9051 §2.2.1, §4.3; RFC 7888). */
import { ByteQueue } from './byte-queue.js';

export interface ReaderLimits {
  /** All the text of one command without its literals, bytes. */
  readonly lineBytes: number;
  /** One literal of any command but those that carry a message, bytes. */
  readonly literalBytes: number;
  /** One message of APPEND or REPLACE, bytes: asked with the command up to its first ones, for folders differ; null: there is no such folder. */
  messageBytes(command: RawCommand): number | null;
  /** All literals of one command together, bytes (MULTIAPPEND). */
  readonly commandBytes: number;
}

/** A command as received; `text` holds its lines in latin1, each literal's "{n}" CRLF still in place. */
export interface RawCommand {
  readonly text: string;
  readonly literals: readonly Buffer[];
}

/** What a command is refused for before all of it was read: too long a line, literal or message, or a message for no folder. */
export type Refusal = 'line' | 'literal' | 'message' | 'folder';

export type Received =
  | ({ readonly kind: 'command' } & RawCommand)
  /**
   * A literal within the limits is next, with which those of the command come to so many bytes. The client waits for "+" before it sends
   * it, or does not: then only the one is announced that makes the command a large one, so that it can be made to wait for its turn.
   */
  | { readonly kind: 'literal'; readonly commandBytes: number; readonly synchronizing: boolean }
  /** The command was too large and is thrown away; `tag` is "*" where none could be read. */
  | { readonly kind: 'refused'; readonly tag: string; readonly because: Refusal }
  /** So much was thrown away that there may be no end to it: nothing more is read. */
  | { readonly kind: 'endless'; readonly tag: string };

type Step =
  | { at: 'line' }
  | { at: 'literal'; bytes: Buffer; filled: number }
  | { at: 'skipped-line'; because: Refusal; tail: Buffer }
  | { at: 'over' }
  | { at: 'skipped-literal'; because: Refusal; missing: number };

/** "{123}", "{123+}" or "~{123}" at the end of a line; the longest number is that of a 63-bit number64. */
const LITERAL_AT_END = /(~?)\{(\d{1,19})(\+?)\}\r?\n$/;
/** Of a line that is thrown away only this much is kept, to see whether a literal follows it. */
const TAIL_BYTES = 32;
/** More than all but few mails have: commands with less may come in at any time. */
export const LARGE_COMMAND_BYTES = 2 ** 20;
/** Sixteen times the longest line: a client that lists UIDs without end is answered BAD, what goes on for longer is no command. */
const MAX_SKIPPED_LINE_BYTES = 2 ** 20;
/** A mail with a film in it is answered TOOBIG and the connection lives; RFC 7888 §4 allows hanging up on more. */
const MAX_SKIPPED_LITERAL_BYTES = 2 ** 30;
const CARRIES_MESSAGE = /^[^ ]+ (?:APPEND|REPLACE|UID REPLACE) /i;

export class CommandReader {
  readonly #queue = new ByteQueue();
  #step: Step = { at: 'line' };
  #text = '';
  #literals: Buffer[] = [];
  #literalBytes = 0;
  /** Of the literals that follow; null: not known yet. */
  #literalLimit: { readonly bytes: number; readonly refusal: Refusal } | null = null;
  /** Of the present command: bytes of its lines that were thrown away. */
  #skippedBytes = 0;

  constructor(public limits: ReaderLimits) {}

  push(chunk: Buffer): void {
    this.#queue.push(chunk);
  }

  /** Bytes that wait to be read. */
  get buffered(): number {
    return this.#queue.length;
  }

  /** Drops what was received and not read, as STARTTLS must (RFC 9051 §6.2.1); answers how many bytes that were. */
  discard(): number {
    return this.#queue.clear();
  }

  /** Hands back what was received and not read, as COMPRESS needs it. */
  takeBuffered(): Buffer {
    return this.#queue.take(this.#queue.length);
  }

  /** The next thing the client said, or null when more bytes are needed. */
  next(): Received | null {
    for (;;) {
      const step = this.#step;
      switch (step.at) {
        case 'line': {
          const line = this.#queue.takeLine();
          if (line === null) {
            if (this.#text.length + this.#queue.length <= this.limits.lineBytes) return null;
            this.#step = { at: 'skipped-line', because: 'line', tail: this.#cutLongLine() };
            break;
          }
          const received = this.#readLine(line);
          if (received !== null) return received;
          break;
        }
        case 'literal': {
          step.filled += this.#queue.takeInto(step.bytes, step.filled);
          if (step.filled < step.bytes.length) return null;
          this.#literals.push(step.bytes);
          this.#step = { at: 'line' };
          break;
        }
        case 'skipped-literal': {
          step.missing -= this.#queue.take(step.missing).length;
          if (step.missing > 0) return null;
          this.#step = { at: 'skipped-line', because: step.because, tail: Buffer.alloc(0) };
          break;
        }
        case 'skipped-line': {
          const line = this.#queue.takeLine();
          const bytes = line ?? this.#queue.take(this.#queue.length);
          this.#skippedBytes += bytes.length;
          if (this.#skippedBytes > MAX_SKIPPED_LINE_BYTES) return this.#giveUp();
          step.tail = Buffer.from(Buffer.concat([step.tail, bytes]).subarray(-TAIL_BYTES));
          if (line === null) return null;
          const follows = LITERAL_AT_END.exec(step.tail.toString('latin1'));
          if (follows === null || follows[3] === '') return this.#refuse(step.because);
          const given = this.#skipLiteral(step.because, Number(follows[2]));
          if (given !== null) return given;
          break;
        }
        case 'over':
          this.#queue.clear();
          return null;
      }
    }
  }

  /** One bare line (an answer to "+", or DONE) without its line end; null when more bytes are needed, or `too-long`. */
  nextLine(): string | 'too-long' | null {
    const line = this.#queue.takeLine();
    if (line === null) return this.#queue.length > this.limits.lineBytes ? 'too-long' : null;
    if (line.length > this.limits.lineBytes) return 'too-long';
    return line.toString('latin1').replace(/\r?\n$/, '');
  }

  #readLine(line: Buffer): Received | null {
    // The line alone is looked at: joining the text of a thousand literals at each of them would take long.
    const announced = LITERAL_AT_END.exec(line.toString('latin1', Math.max(line.length - TAIL_BYTES, 0)));
    this.#text += line.toString('latin1');
    if (this.#text.length > this.limits.lineBytes) {
      if (announced === null || announced[3] === '') return this.#refuse('line');
      return this.#skipLiteral('line', Number(announced[2]));
    }
    if (announced === null) {
      const text = this.#text.replace(/\r?\n$/, '');
      const literals = this.#literals;
      this.#reset();
      return { kind: 'command', text, literals };
    }
    const size = Number(announced[2]);
    const nonSynchronizing = announced[3] === '+';
    const refusal = this.#whyNot(size);
    if (refusal !== null) {
      // A client that waits is told at once and never sends it; one that does not wait has sent it already.
      if (!nonSynchronizing) return this.#refuse(refusal);
      return this.#skipLiteral(refusal, size);
    }
    const wasLarge = this.#literalBytes >= LARGE_COMMAND_BYTES;
    this.#literalBytes += size;
    const becomesLarge = !wasLarge && this.#literalBytes >= LARGE_COMMAND_BYTES;
    // Room for all of it at once: a large one would else be there twice when it is put together. What is not filled takes no memory.
    this.#step = { at: 'literal', bytes: Buffer.allocUnsafeSlow(size), filled: 0 };
    if (nonSynchronizing && !becomesLarge) return null;
    return { kind: 'literal', commandBytes: this.#literalBytes, synchronizing: !nonSynchronizing };
  }

  #whyNot(size: number): Refusal | null {
    const limit = (this.#literalLimit ??= this.#limitOfLiteral());
    const { bytes, refusal } = limit;
    // The name of the folder may be the first.
    if (this.#literals.length === 0) this.#literalLimit = null;
    return size > Math.min(bytes, this.limits.commandBytes - this.#literalBytes) ? refusal : null;
  }

  #limitOfLiteral(): { bytes: number; refusal: Refusal } {
    if (!CARRIES_MESSAGE.test(this.#text)) return { bytes: this.limits.literalBytes, refusal: 'literal' };
    const bytes = this.limits.messageBytes({ text: this.#text, literals: this.#literals });
    return bytes === null ? { bytes: -1, refusal: 'folder' } : { bytes, refusal: 'message' };
  }

  /** What was sent without asking is thrown away, within reason. */
  #skipLiteral(because: Refusal, missing: number): Received | null {
    if (missing > MAX_SKIPPED_LITERAL_BYTES) return this.#giveUp();
    this.#step = { at: 'skipped-literal', because, missing };
    return null;
  }

  #giveUp(): Received {
    const tag = this.#tag();
    this.#reset();
    this.#step = { at: 'over' };
    this.#queue.clear();
    return { kind: 'endless', tag };
  }

  /** Only a whole word is a tag: the text may end in the middle of one. */
  #tag(): string {
    return this.#text.includes(' ') ? readTag(this.#text) : '*';
  }

  /** Keeps the beginning for the tag, and the end for a literal that may be announced there. */
  #cutLongLine(): Buffer {
    const bytes = this.#queue.take(this.#queue.length);
    this.#text += bytes.subarray(0, this.limits.lineBytes).toString('latin1');
    return Buffer.from(bytes.subarray(-TAIL_BYTES));
  }

  #refuse(because: Refusal): Received {
    const tag = this.#tag();
    this.#reset();
    return { kind: 'refused', tag, because };
  }

  #reset(): void {
    this.#step = { at: 'line' };
    this.#text = '';
    this.#literals = [];
    this.#literalBytes = 0;
    this.#literalLimit = null;
    this.#skippedBytes = 0;
  }
}

/** The tag that a command begins with, or "*" when it begins with none. */
export function readTag(text: string): string {
  return /^([!#$&',\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]{1,255})(?: |\r?\n|$)/.exec(text)?.[1] ?? '*';
}
