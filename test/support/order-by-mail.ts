/** Tells a gateway what to do as a person does: a mail to the control address, and its answer in INBOX. */
import { type ParsedMail, simpleParser } from 'mailparser';
import type { GatewayProcess, Rig } from './gateway-rig.js';
import { untilMail } from './mailbox-watch.js';

export interface MailedAnswer {
  readonly text: string;
  readonly mail: ParsedMail;
  /** Of the order. */
  readonly messageId: string;
}

export async function orderByMail(rig: Rig, gateway: GatewayProcess, subject: string, text = ''): Promise<MailedAnswer> {
  const client = await rig.imap(gateway);
  const from = `${gateway.address}@bitmessage`;
  const { messageId } = await gateway.smtp().sendMail({ from, to: 'control@bitmessage', subject, text });
  const { source } = await untilMail(client, 'INBOX', (seen) => seen.source.includes(messageId));
  const mail = await simpleParser(source);
  return { text: mail.text ?? '', mail, messageId };
}
