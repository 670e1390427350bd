/** How much a client may send at once, before and after its login. */
import type { ReaderLimits } from './wire/command-reader.js';

/** Dovecot's limit; clients cut their UID lists to less, and an ID of 30 long fields takes 32,000 bytes (RFC 2971). */
const MAX_LINE_BYTES = 65_536;
/** Before login the only literals are a user name and a password. */
export const LIMITS_BEFORE_LOGIN: ReaderLimits = {
  lineBytes: MAX_LINE_BYTES,
  literalBytes: 4096,
  messageBytes: 4096,
  commandBytes: 8192,
};
/** Search strings and names are the only literals that are no messages. */
const MAX_LITERAL_BYTES = 65_536;
/** MULTIAPPEND is all or nothing, so its messages are held together. */
const MAX_MESSAGES_AT_ONCE = 4;

export function limitsAfterLogin(maxMessageBytes: number): ReaderLimits {
  return {
    lineBytes: MAX_LINE_BYTES,
    literalBytes: MAX_LITERAL_BYTES,
    messageBytes: maxMessageBytes,
    commandBytes: MAX_MESSAGES_AT_ONCE * maxMessageBytes,
  };
}
