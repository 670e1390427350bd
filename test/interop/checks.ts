/** What is tried between a gateway and another program: messages with acknowledgements, encodings, broadcasts, chans. */
import type { ImapFlow } from 'imapflow';
import { simpleParser } from 'mailparser';
import type { SendMailOptions } from 'nodemailer';
import { type SeenMail, untilMail } from '../support/mailbox-watch.js';
import type { Gateway, PyBitmessage } from './lab.js';
import type { InboxMessage } from './pybitmessage-api.js';
import { type Report, until } from './report.js';

/** The step's own limit ends a wait in vain, the greatest of which this is. */
export const SLOWEST_MS = 1_200_000;
const GREETING = 'Schöne Grüße, Übergröße €.\n\nZweiter Absatz.';

/** The ends of a conversation, where they are not the gateway's first identity and a new address. */
export interface Ends {
  readonly ours?: string;
  readonly theirs?: string;
}

/** A message each way with its acknowledgement. */
export async function messagesBothWays(
  report: Report,
  label: string,
  gateway: Gateway,
  peer: PyBitmessage,
  ends: Ends = {},
): Promise<void> {
  const ours = ends.ours ?? gateway.process.address;
  const theirs = ends.theirs ?? (await peer.api.createRandomAddress(label));
  await report.step(`${label}: a message to PyBitmessage arrives`, async () => {
    await send(gateway, { from: ours, to: theirs, subject: `Grüße ${label}`, text: `${GREETING}\n` });
    const got = await inboxOf(report, peer, (message) => message.subject === `Grüße ${label}`);
    expectEqual('body', got.message.trim(), GREETING);
    expectEqual('sender', got.fromAddress, ours);
    expectEqual('encoding', String(got.encodingType), '2');
  });
  await report.step(`${label}: its acknowledgement is recognised ($Delivered)`, async () => {
    await mailWith(gateway.imap, 'Sent', `Grüße ${label}`, '$Delivered');
  });
  await messageFromPyBitmessage(report, label, gateway, peer, { ours, theirs });
}

export async function messageFromPyBitmessage(
  report: Report,
  label: string,
  gateway: Gateway,
  { api }: PyBitmessage,
  { ours, theirs }: Required<Ends>,
): Promise<void> {
  let ackdata = '';
  await report.step(`${label}: a message from PyBitmessage arrives in INBOX`, async () => {
    ackdata = await api.sendMessage(theirs, ours, `Réponse ${label}`, 'Ça va? €\nLine two.');
    expectEqual('body', await textOf(await mailWith(gateway.imap, 'INBOX', `Réponse ${label}`)), 'Ça va? €\nLine two.');
  });
  await report.step(`${label}: PyBitmessage recognises our acknowledgement`, () => untilAcknowledged(report, api, ackdata));
}

/** Broadcasts each way; the version is that of the object, which follows from the version of the address. */
export async function broadcasts(
  report: Report,
  version: 4 | 5,
  gateway: Gateway,
  peer: PyBitmessage,
  { ours, theirs }: Required<Ends>,
): Promise<void> {
  const { api } = peer;
  await report.step(`broadcast v${version}: ours reaches PyBitmessage`, async () => {
    await api.addSubscription(ours, `postern v${version}`);
    await send(gateway, { from: ours, to: 'broadcast', subject: `Rundruf v${version}`, text: 'An alle.\n' });
    expectEqual('sender', (await inboxOf(report, peer, (message) => message.subject === `Rundruf v${version}`)).fromAddress, ours);
  });
  await report.step(`broadcast v${version}: theirs reaches our Subscriptions folder`, async () => {
    await gateway.imap.mailboxCreate(`Subscriptions/${theirs}`);
    await api.sendBroadcast(theirs, `Their broadcast v${version}`, 'To all.');
    await mailWith(gateway.imap, `Subscriptions/${theirs}`, `Their broadcast v${version}`);
  });
}

/** @param version of its address: old chans have 3 */
export async function chan(report: Report, gateway: Gateway, peer: PyBitmessage, theirs: string, version: 3 | 4 = 4): Promise<void> {
  await report.step(`chan of version ${version}: a post each way`, async () => {
    const passphrase = `interop ${Date.now()}`;
    const { address } = (await gateway.process.ask('chan join', { passphrase, 'address-version': `${version}` })) as { address: string };
    expectEqual('joinChan', await peer.api.joinChan(passphrase, address), 'success');
    await peer.api.sendMessage(theirs, address, 'Post of theirs', 'hello chan');
    await mailWith(gateway.imap, `Chans/${passphrase}`, 'Post of theirs');
    await send(gateway, { to: address, subject: 'Post of ours', text: 'hello back\n' });
    await inboxOf(report, peer, (message) => message.subject === 'Post of ours' && message.toAddress === address);
  });
}

/** Bitmessage addresses, or "broadcast", in place of mail addresses. */
export async function send(gateway: Gateway, mail: SendMailOptions & { from?: string; to: string }): Promise<void> {
  const transport = gateway.process.smtp();
  const { from = gateway.process.address, to } = mail;
  await transport.sendMail({ ...mail, from: `${from}@bitmessage`, to: `${to}@bitmessage` });
  transport.close();
}

/** The mail with this subject, as soon as it is in the folder and has the keyword. */
export function mailWith(imap: ImapFlow, folder: string, subject: string, keyword?: string): Promise<SeenMail> {
  return untilMail(imap, folder, (mail) => mail.subject === subject && (keyword === undefined || mail.flags.has(keyword)), SLOWEST_MS);
}

export function inboxOf(report: Report, { api }: PyBitmessage, wanted: (message: InboxMessage) => boolean): Promise<InboxMessage> {
  return until(async () => (await api.inbox()).find(wanted), report.timeoutMs);
}

export async function untilAcknowledged(report: Report, api: PyBitmessage['api'], ackdata: string): Promise<void> {
  await until(async () => (await api.status(ackdata)) === 'ackreceived', report.timeoutMs);
}

/** What SMTP says no with. */
export function isRefusal(error: unknown): error is Error & { readonly response: string } {
  return error instanceof Error && 'response' in error && typeof error.response === 'string';
}

export async function textOf(mail: SeenMail): Promise<string> {
  return ((await simpleParser(mail.source)).text ?? '').trim();
}

export function expectEqual(what: string, got: string, wanted: string): void {
  if (got !== wanted) throw new Error(`${what} is ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
}

/** Notes how the peers of a gateway call themselves. */
export async function notePeers(report: Report, gateway: Gateway): Promise<void> {
  const { peers } = (await gateway.process.ask('status')) as { peers: { userAgent: string }[] };
  for (const { userAgent } of peers) report.saw(userAgent);
}
