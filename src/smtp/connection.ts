/** One SMTP connection: the library's, with our own enhanced status codes, domainless addresses and an end to patience. */
import type { Socket } from 'node:net';
import type { SMTPServer, SMTPServerSession } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { toAscii } from '../words/ascii.js';
import type { Words } from '../words/words.js';
import { SCRAM, ScramConnection, type ScramLogins } from './scram-connection.js';

/** A mail to 100 misspelt recipients is refused 100 times; who goes on after twice that is not a mail program. */
const MAX_REFUSALS = 200;
/** As on IMAP: after that a guesser needs another connection. */
const MAX_WRONG_PASSWORDS = 5;
/** RFC 5321 §4.5.3.1.5: a reply line holds 512 octets; the code, two blanks and CRLF leave this much. */
const MAX_REPLY_CHARACTERS = 500;
const OFFSET_OF_HOLD = /(\sHOLDUNTIL=[^\s+]*)\+(\d\d:\d\d)(?=\s|$)/i;
const OWN_ENHANCED_CODE = /^[245]\.\d{1,3}\.\d{1,3} /;

export interface SubmissionConnectionOptions {
  /** Of an address that came without one. */
  readonly defaultDomain: string;
  readonly maxHoldSeconds: number;
  /** For the person behind the mail program. */
  readonly words: Words;
  readonly scram: ScramLogins;
}

const recipientNotes = new WeakMap<SMTPServerSession, string>();

/** What the next 250 to RCPT says; '' for the usual word. The library has no place for it. */
export function noteRecipient(session: SMTPServerSession, note: string): void {
  recipientNotes.set(session, note);
}

export class SubmissionConnection extends ScramConnection {
  #refusals = 0;
  #wrongPasswords = 0;

  constructor(
    server: SMTPServer,
    socket: Socket,
    options: SMTPConnectionOptions | undefined,
    private readonly ours: SubmissionConnectionOptions,
  ) {
    super(server, socket, options, ours.scram);
  }

  /** A text that begins with an RFC 3463 code keeps it; the library knows only one code for each reply. */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    if (code >= 500 && ++this.#refusals > MAX_REFUSALS) {
      this.send(421, `4.7.0 ${this.ours.words.sending.tooManyErrors}`, false);
      return;
    }
    if (code === 535 && ++this.#wrongPasswords >= MAX_WRONG_PASSWORDS) {
      this.send(421, `4.7.0 ${this.ours.words.sending.tooManyPasswords}`, false);
      return;
    }
    if (typeof data !== 'string') {
      // Only EHLO is answered in several lines; the library does not know these extensions.
      super.send(code, Array.isArray(data) ? this.#extend(data) : data, context);
      return;
    }
    const said = (context === 'RCPT_TO_OK' && recipientNotes.get(this.session)) || data;
    // RFC 5321 §4.2: replies are ASCII.
    const text = toAscii(said)
      .replace(/[^\x20-\x7e]/g, '?')
      .slice(0, MAX_REPLY_CHARACTERS);
    super.send(code, text, OWN_ENHANCED_CODE.test(text) ? false : context);
  }

  #extend(lines: readonly string[]): string[] {
    const extended = lines.map((line) => (line.startsWith('AUTH ') && this.offersScram ? `${line} ${SCRAM}` : line));
    return [...extended, 'CHUNKING', futureRelease(this.ours.maxHoldSeconds)];
  }

  /** RFC 5321 §4.5.1 wants the command, and §7.3 lets a server keep to itself who is known. */
  override handler_VRFY(_command: Buffer, callback: () => void): void {
    this.send(252, '2.5.0 Send the mail: RCPT says whether it can go there');
    callback();
  }

  handler_EXPN(_command: Buffer, callback: () => void): void {
    this.send(502, '5.5.1 There are no mailing lists here');
    callback();
  }

  /**
   * "<BM-…>" without a domain is how a person writes it, and the library would call it bad syntax. It reads every value as xtext; the
   * time of HOLDUNTIL is none (RFC 4865 §5).
   */
  override _parseAddressCommand(name: string, command: string | Buffer): ReturnType<ScramConnection['_parseAddressCommand']> {
    const text = command
      .toString()
      .replace(/^([a-z]+ [a-z]+:\s*<[^<>@\s]+)>/i, `$1@${this.ours.defaultDomain}>`)
      .replace(OFFSET_OF_HOLD, '$1+2B$2');
    return super._parseAddressCommand(name, text);
  }
}

/** RFC 4865 §3: the longest time, in seconds and as a date. */
function futureRelease(maxHoldSeconds: number): string {
  const last = new Date(Date.now() + maxHoldSeconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return `FUTURERELEASE ${maxHoldSeconds} ${last}`;
}
