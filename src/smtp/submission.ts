/** DOOR: what the SMTP server asks of the house before it answers 250. */
import type { Login } from '../access/login.js';
import type { UnixSeconds } from '../base/clock.js';
import { Refusal } from '../words/refusal.js';
import type { Saying } from '../words/words.js';

export interface EnvelopeRecipient {
  /** As typed in RCPT TO, without the angle brackets. */
  readonly address: string;
  /** RFC 3461 NOTIFY values, upper case; empty when the client did not say. */
  readonly notify: readonly ('NEVER' | 'SUCCESS' | 'FAILURE' | 'DELAY')[];
  /** RFC 3461 ORCPT, decoded, or undefined. */
  readonly originalRecipient?: string;
}

export interface Envelope {
  readonly login: Login;
  /** MAIL FROM, without the angle brackets. */
  readonly from: string;
  readonly recipients: readonly EnvelopeRecipient[];
  /** RFC 3461 ENVID and RET, when given. */
  readonly envelopeId?: string;
  readonly returnContent?: 'FULL' | 'HDRS';
  /** RFC 4865 HOLDFOR or HOLDUNTIL. */
  readonly hold?: { readonly forSeconds: number } | { readonly until: UnixSeconds };
}

export interface Submission {
  /** MAIL FROM: may this login send as this address? @throws SmtpRefusal */
  checkSender(login: Login, from: string): void;
  /** RCPT TO: can mail go there at all? Answers what is to be said besides yes, mostly ''. @throws SmtpRefusal in plain language */
  checkRecipient(login: Login, recipient: string): Promise<string>;
  /** DATA: resolves once the mail is on the disk, with the text that follows "250 2.0.0 ". @throws SmtpRefusal */
  accept(envelope: Envelope, message: Buffer): Promise<string>;
  /** Largest message that can be accepted, bytes; announced as SIZE. */
  readonly maxMessageBytes: number;
  /** How long a mail can be held back before it is sent; announced as FUTURERELEASE. */
  readonly maxHoldSeconds: number;
}

/** A refusal that the person reads in the mail program. */
export class SmtpRefusal extends Refusal {
  override readonly name = 'SmtpRefusal';

  /**
   * @param code three digits, e.g. 550
   * @param enhanced RFC 3463 status, e.g. "5.1.1"
   * @param text one plain sentence; a string where no person reads it, but whoever writes the mail program
   */
  constructor(
    readonly code: number,
    readonly enhanced: string,
    text: Saying | string,
  ) {
    super(typeof text === 'string' ? () => text : text);
  }
}
