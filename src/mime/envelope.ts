/** The envelope of a message as IMAP shows it: values as the sender wrote them, not decoded. RFC 9051 §7.5.2. Pure. */
import { type Address, parseAddressList } from './address-list.js';
import { type HeaderField, joinedValues, lastValue } from './header.js';

/** Text is latin1, a character for each byte; null: there is no such field. */
export interface Envelope {
  readonly date: string | null;
  readonly subject: string | null;
  readonly from: readonly Address[];
  readonly sender: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly inReplyTo: string | null;
  readonly messageId: string | null;
}

export function parseEnvelope(fields: readonly HeaderField[]): Envelope {
  const addresses = (name: string): Address[] => parseAddressList(joinedValues(fields, name) ?? '');
  const from = addresses('from');
  const sender = addresses('sender');
  const replyTo = addresses('reply-to');
  return {
    date: oneLine(lastValue(fields, 'date')),
    subject: oneLine(lastValue(fields, 'subject')),
    from,
    // RFC 9051 §7.5.2: the server fills these from From.
    sender: sender.length > 0 ? sender : from,
    replyTo: replyTo.length > 0 ? replyTo : from,
    to: addresses('to'),
    cc: addresses('cc'),
    bcc: addresses('bcc'),
    inReplyTo: lastValue(fields, 'in-reply-to'),
    messageId: lastValue(fields, 'message-id'),
  };
}

/** White space that folding left behind shows as one blank. */
function oneLine(value: string | null): string | null {
  return value === null ? null : value.replace(/[ \t]+/g, ' ');
}
