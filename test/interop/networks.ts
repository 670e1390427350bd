/** The networks that are built and what is tried in each. */
import { encodeContent } from '../../src/bitmessage/wire/content.js';
import { untilMail } from '../support/mailbox-watch.js';
import {
  broadcasts,
  chan,
  expectEqual,
  inboxOf,
  mailWith,
  messageFromPyBitmessage,
  messagesBothWays,
  notePeers,
  SLOWEST_MS,
  send,
  textOf,
  untilAcknowledged,
} from './checks.js';
import type { BareNode, Gateway, Lab, PyBitmessage } from './lab.js';
import type { NotbitCommands } from './notbit-commands.js';
import { type Report, until } from './report.js';

/** PyBitmessage dials the gateway. */
export async function direct(report: Report, lab: Lab, tls: boolean): Promise<void> {
  const gateway = await lab.gateway('postern', { tls });
  const peer = await lab.pybitmessage('pybitmessage', [gateway.at], { tls });
  await messagesBothWays(report, tls ? 'TLS' : 'plain', gateway, peer);
  await notePeers(report, gateway);
  if (!tls) return;
  const theirs = await peer.api.createRandomAddress('broadcaster');
  await broadcasts(report, 5, gateway, peer, { ours: gateway.process.address, theirs });
  await chan(report, gateway, peer, theirs);
}

/**
 * What is rarer: old addresses, other encodings, demands. A node of ours stands behind PyBitmessage for what no mail can ask for.
 * PyBitmessage dials both: it tells nothing to a peer that it dialled once another of that host has dialled in.
 */
export async function variants(report: Report, lab: Lab): Promise<void> {
  const gateway = await lab.gateway('postern');
  const bare = await lab.bareNode();
  const peer = await lab.pybitmessage('pybitmessage', [gateway.at, bare.at]);
  const ours = String((await gateway.process.ask('identity new', { 'address-version': '3' })).address);
  const theirs = await peer.api.createDeterministicAddress(`interop ${Date.now()}`, 3);
  await messagesBothWays(report, 'version 3 addresses', gateway, peer, { ours, theirs });
  await broadcasts(report, 4, gateway, peer, { ours, theirs });
  await extendedEncoding(report, gateway, peer, theirs);
  await trivialEncoding(report, gateway, peer, bare, theirs);
  await demands(report, gateway, peer, bare, theirs);
}

/** Acks that look like something else: PyBitmessage publishes them as they are, and we know ours again. One gateway for each level. */
export async function stealth(report: Report, lab: Lab): Promise<void> {
  for (const level of [1, 2]) {
    const gateway = await lab.gateway(`postern-${level}`, { set: [`mail.ack_stealth_level=${level}`] });
    const peer = await lab.pybitmessage(`pybitmessage-${level}`, [gateway.at]);
    const theirs = await peer.api.createRandomAddress('reader');
    await report.step(`stealth level ${level}: PyBitmessage reads the message and acknowledges it ($Delivered)`, async () => {
      await send(gateway, { to: theirs, subject: `Level ${level}`, text: 'quietly\n' });
      await inboxOf(report, peer, (message) => message.subject === `Level ${level}`);
      await mailWith(gateway.imap, 'Sent', `Level ${level}`, '$Delivered');
    });
    if (level === 1) await chan(report, gateway, peer, theirs, 3);
  }
}

async function extendedEncoding(report: Report, gateway: Gateway, peer: PyBitmessage, theirs: string): Promise<void> {
  await report.step('encoding 3: a mail with an attachment reaches PyBitmessage', async () => {
    const attachments = [{ filename: 'note.txt', content: 'in the file' }];
    await send(gateway, { to: theirs, subject: 'Anhang', text: 'Siehe Datei: ü\n', attachments });
    const got = await inboxOf(report, peer, (message) => message.subject === 'Anhang');
    expectEqual('encoding', String(got.encodingType), '3');
    if (!got.message.startsWith('Siehe Datei: ü')) throw new Error(`body is ${JSON.stringify(got.message)}`);
  });
  await report.step('encoding 3: a message from PyBitmessage arrives', async () => {
    await peer.api.sendMessage(theirs, gateway.process.address, 'Extended ü', 'msgpack inside: ü', 3);
    const mail = await mailWith(gateway.imap, 'INBOX', 'Extended ü');
    expectEqual('body', await textOf(mail), 'msgpack inside: ü');
    if (!/^X-Bitmessage-Encoding: 3\r?$/m.test(mail.source)) throw new Error('came in another encoding');
  });
}

/** PyBitmessage's interface does not send encoding 1: the node behind it does, and it carries the objects. */
async function trivialEncoding(
  report: Report,
  gateway: Gateway,
  peer: PyBitmessage,
  { node, transaction }: BareNode,
  theirs: string,
): Promise<void> {
  const { address } = await node.createIdentity({ label: 'bare' });
  const content = encodeContent(1, { subject: '', body: 'trivial text', files: [], parents: [] });
  const enqueue = (to: string): number =>
    transaction(() => node.enqueue({ kind: 'message', from: address, to, encoding: 1, content, ttlSeconds: 86_400 }));
  await report.step('encoding 1: a message to PyBitmessage arrives', async () => {
    enqueue(theirs);
    const got = await inboxOf(report, peer, (message) => message.fromAddress === address);
    expectEqual('encoding', String(got.encodingType), '1');
    expectEqual('body', got.message, 'trivial text');
  });
  await report.step('encoding 1: a message carried by PyBitmessage arrives in INBOX', async () => {
    enqueue(gateway.process.address);
    const mail = await untilMail(gateway.imap, 'INBOX', ({ source }) => /^X-Bitmessage-Encoding: 1\r?$/m.test(source), SLOWEST_MS);
    expectEqual('body', await textOf(mail), 'trivial text');
  });
}

async function demands(report: Report, gateway: Gateway, peer: PyBitmessage, { node, received }: BareNode, theirs: string): Promise<void> {
  await report.step('a message to an address of PyBitmessage with doubled difficulty arrives', async () => {
    const demanding = await peer.api.createRandomAddress('demanding', 2);
    await send(gateway, { to: demanding, subject: 'More work', text: 'for you\n' });
    await inboxOf(report, peer, (message) => message.subject === 'More work' && message.toAddress === demanding);
    await mailWith(gateway.imap, 'Sent', 'More work', '$Delivered');
  });
  await report.step('PyBitmessage does the work that an address of ours demands', async () => {
    const { address } = await node.createIdentity({ label: 'demanding' });
    // It publishes no pubkey unasked, so the first that PyBitmessage gets tells of the demand.
    node.updateIdentity(address, { nonceTrialsPerByte: 100, extraBytes: 100 });
    const ackdata = await peer.api.sendMessage(theirs, address, 'Much work', 'done');
    await until(async () => received.some((message) => message.to === address), report.timeoutMs);
    await untilAcknowledged(report, peer.api, ackdata);
  });
}

/** Gateway -> MiNode <- PyBitmessage, or Gateway <- MiNode <- PyBitmessage: nothing can pass but through MiNode. */
export async function throughMiNode(report: Report, lab: Lab, dials: 'the gateway dials' | 'MiNode dials'): Promise<void> {
  const first = dials === 'MiNode dials' ? await lab.gateway('postern') : undefined;
  const relay = await lab.minode('minode', first?.at);
  const gateway = first ?? (await lab.gateway('postern', { peers: [relay] }));
  // MiNode does not dial a host that has dialled in, and all are one host here.
  await untilConnected(report, gateway);
  const peer = await lab.pybitmessage('pybitmessage', [relay]);
  await messagesBothWays(report, 'through MiNode', gateway, peer);
  await notePeers(report, gateway);
}

/** Gateway -> MiNode <- PyBitmessage -> notbit -> gateway: nothing can pass but through all between. */
export async function chain(report: Report, lab: Lab): Promise<void> {
  const relay = await lab.minode('minode');
  const first = await lab.gateway('postern-first', { peers: [relay] });
  const last = await lab.gateway('postern-last');
  const notbit = await lab.notbit('notbit', [last.at]);
  const peer = await lab.pybitmessage('pybitmessage', [relay, notbit.at]);
  await report.step('a message crosses MiNode, PyBitmessage and notbit', async () => {
    await send(first, { to: last.process.address, subject: 'Across', text: 'through all\n' });
    expectEqual('body', await textOf(await mailWith(last.imap, 'INBOX', 'Across')), 'through all');
  });
  await report.step('its acknowledgement crosses them back ($Delivered)', async () => {
    await mailWith(first.imap, 'Sent', 'Across', '$Delivered');
  });
  await notePeers(report, first);
  await notePeers(report, last);
  await messagesBothWays(report, 'PyBitmessage at full difficulty', first, peer);
  await notbitBothWays(report, last, notbit);
  const theirs = await peer.api.createRandomAddress('end');
  await messageFromPyBitmessage(report, 'through notbit', last, peer, { ours: last.process.address, theirs });
}

async function untilConnected(report: Report, gateway: Gateway): Promise<void> {
  await until(async () => ((await gateway.process.ask('status')) as { peers: unknown[] }).peers.length > 0, report.timeoutMs);
}

async function notbitBothWays(report: Report, gateway: Gateway, notbit: NotbitCommands): Promise<void> {
  const theirs = await notbit.createAddress('interop');
  await report.step('notbit: a message to it arrives', async () => {
    await send(gateway, { to: theirs, subject: 'Grüße notbit', text: 'Schöne Grüße.\n' });
    const got = await until(async () => (await notbit.inbox()).find(({ subject }) => subject === 'Grüße notbit'), report.timeoutMs);
    expectEqual('body', got.body.trim(), 'Schöne Grüße.');
  });
  await report.step('notbit: its acknowledgement is recognised ($Delivered)', async () => {
    await mailWith(gateway.imap, 'Sent', 'Grüße notbit', '$Delivered');
  });
  await report.step('notbit: a message from it arrives in INBOX', async () => {
    await notbit.send(theirs, gateway.process.address, 'Réponse notbit', 'Ça va?');
    expectEqual('body', await textOf(await mailWith(gateway.imap, 'INBOX', 'Réponse notbit')), 'Ça va?');
  });
  await report.step('notbit: it recognises our acknowledgement', async () => {
    await until(async () => notbit.acknowledgements() > 0, report.timeoutMs);
  });
}
