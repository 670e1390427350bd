/** Reads the message that follows DATA, whole, within its limit and with proper line ends. */
import type { SMTPServerDataStream } from 'smtp-server';
import { SmtpRefusal } from './submission.js';

/** A mail with a film in it is read to its end and answered 552; what goes on for longer has no end. */
export const MAX_REFUSED_BYTES = 2 ** 30;

export interface DataLimits {
  readonly maxBytes: number;
  readonly maxRefusedBytes: number;
  /** Ends the connection of a message that has no end. */
  hangUp(): void;
}

/**
 * Resolves with the message once its last line is in. An oversized one is read to its end, but not kept.
 *
 * @throws SmtpRefusal when it is too large or its lines do not end with CRLF
 */
export async function readMessage(stream: SMTPServerDataStream, { maxBytes, maxRefusedBytes, hangUp }: DataLimits): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (stream.sizeExceeded) chunks.length = 0;
      else chunks.push(chunk);
      if (stream.byteLength > maxRefusedBytes) hangUp();
    }
  } catch {
    throw new SmtpRefusal(451, '4.4.2', ({ sending }) => sending.broken);
  }
  if (stream.sizeExceeded || stream.byteLength > maxBytes) {
    throw new SmtpRefusal(552, '5.3.4', ({ sending }) => sending.tooLarge(stream.byteLength, maxBytes));
  }
  const message = Buffer.concat(chunks);
  const fault = findLineFault(message);
  if (fault !== null) throw new SmtpRefusal(550, '5.6.0', fault);
  return message;
}

/**
 * What is wrong with the lines of a message, or null. RFC 5321 §2.3.8 allows CR and LF only together; a program that
 * sends them alone is what SMTP smuggling is made of. NUL cannot be given back in an IMAP literal.
 */
export function findLineFault(message: Buffer): string | null {
  for (let at = message.indexOf(10); at !== -1; at = message.indexOf(10, at + 1)) {
    if (message[at - 1] !== 13) return 'The message holds a bare line feed; lines must end with CRLF';
  }
  for (let at = message.indexOf(13); at !== -1; at = message.indexOf(13, at + 1)) {
    if (message[at + 1] !== 10) return 'The message holds a bare carriage return; lines must end with CRLF';
  }
  return message.includes(0) ? 'The message holds a NUL byte' : null;
}
