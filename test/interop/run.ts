/**
 * The interoperability run: Postern against real Bitmessage programs on loopback, at lowered difficulty.
 *
 *   npm run interop -- --pybitmessage DIR --minode DIR [--stock]
 *
 * DIR: a checkout of that program. --stock leaves PyBitmessage's own delays and its own TLS as they are (takes minutes).
 * Prints one line for each step; the exit code is the number of failures.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ImapFlow } from 'imapflow';
import { simpleParser } from 'mailparser';
import { GatewayProcess } from '../support/gateway-rig.js';
import { type SeenMail, untilMail } from '../support/mailbox-watch.js';
import { freePort, type Peer, startPeer } from './peer-process.js';
import { PyBitmessageApi } from './pybitmessage-api.js';

/** What a stock PyBitmessage needs for a message and its acknowledgement, with room for its slowest timers. */
const STEP_TIMEOUT_MS = 300_000;

/** A lowered difficulty that all peers of the run share: PyBitmessage's "extralowdifficulty". */
const LOW_DIFFICULTY = ['network.min_nonce_trials_per_byte=10', 'network.min_extra_bytes=10'];

const { values: options } = parseArgs({
  options: {
    pybitmessage: { type: 'string' },
    minode: { type: 'string' },
    stock: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});

const directory = mkdtempSync(join(tmpdir(), 'postern-interop-'));
let failures = 0;

async function step(name: string, work: () => Promise<void>): Promise<void> {
  const started = Date.now();
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), STEP_TIMEOUT_MS);
  try {
    await Promise.race([
      work(),
      new Promise((_, reject) => deadline.signal.addEventListener('abort', () => reject(new Error('took too long')))),
    ]);
    console.log(`pass  ${name.padEnd(66)} ${((Date.now() - started) / 1000).toFixed(1)} s`);
  } catch (error) {
    failures++;
    console.log(`FAIL  ${name.padEnd(66)} ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again and again, for the programs that tell nothing by themselves. */
async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + STEP_TIMEOUT_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error('took too long');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function posternOn(name: string, peers: readonly string[], tls: boolean): Promise<GatewayProcess> {
  return GatewayProcess.start(join(directory, name), [
    'network.profile=main',
    `network.peers=${peers.join(',')}`,
    `network.tls=${tls}`,
    ...LOW_DIFFICULTY,
  ]);
}

/** The mail with this subject, as soon as it is in the folder and has the keyword. */
async function mailWith(imap: ImapFlow, folder: string, subject: string, keyword?: string): Promise<SeenMail> {
  return untilMail(imap, folder, (mail) => mail.subject === subject && (keyword === undefined || mail.flags.has(keyword)));
}

async function textOf(mail: SeenMail): Promise<string> {
  return ((await simpleParser(mail.source)).text ?? '').trim();
}

function expectEqual(what: string, got: string, wanted: string): void {
  if (got !== wanted) throw new Error(`${what} is ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
}

async function startPyBitmessage(
  source: string,
  name: string,
  connect: string,
  tls: boolean,
): Promise<{ peer: Peer; api: PyBitmessageApi }> {
  const [port, apiPort] = [await freePort(), await freePort()];
  const speed = options.stock ? ['--stock-stem', '--stock-tags', '--stock-tls'] : ['--fast'];
  const args = ['--src', source, '--datadir', join(directory, name), '--port', `${port}`, '--api-port', `${apiPort}`, '--low-pow'];
  const peer = await startPeer('peer-pybitmessage.py', [...args, ...speed, ...(tls ? [] : ['--no-tls']), '--connect', connect], {
    port,
    logDirectory: directory,
  });
  return { peer, api: new PyBitmessageApi(String(peer.ready.api)) };
}

const GREETING = 'Schöne Grüße, Übergröße €.\n\nZweiter Absatz.';

/** A message each way with its acknowledgement, between the gateway's first identity and a new address of PyBitmessage. */
async function messagesBothWays(label: string, gateway: GatewayProcess, imap: ImapFlow, api: PyBitmessageApi): Promise<void> {
  const theirs = await api.createRandomAddress(label);
  await step(`${label}: a message to PyBitmessage arrives`, async () => {
    await send(gateway, `${theirs}@bitmessage`, `Grüße ${label}`, `${GREETING}\n`);
    const got = await until(async () => (await api.inbox()).find((message) => message.subject === `Grüße ${label}`));
    expectEqual('body', got.message.trim(), GREETING);
    expectEqual('sender', got.fromAddress, gateway.address);
  });
  await step(`${label}: its acknowledgement is recognised ($Delivered)`, async () => {
    await mailWith(imap, 'Sent', `Grüße ${label}`, '$Delivered');
  });
  let ackdata = '';
  await step(`${label}: a message from PyBitmessage arrives in INBOX`, async () => {
    ackdata = await api.sendMessage(theirs, gateway.address, `Réponse ${label}`, 'Ça va? €\nLine two.');
    expectEqual('body', await textOf(await mailWith(imap, 'INBOX', `Réponse ${label}`)), 'Ça va? €\nLine two.');
  });
  await step(`${label}: PyBitmessage recognises our acknowledgement`, async () => {
    await until(async () => (await api.status(ackdata)) === 'ackreceived');
  });
}

async function broadcastsAndChans(gateway: GatewayProcess, imap: ImapFlow, api: PyBitmessageApi): Promise<void> {
  const theirs = await api.createRandomAddress('broadcaster');
  await step('broadcast: ours reaches PyBitmessage', async () => {
    await api.addSubscription(gateway.address, 'postern');
    await send(gateway, 'broadcast@bitmessage', 'Rundruf', 'An alle.\n');
    await until(async () => (await api.inbox()).find((message) => message.subject === 'Rundruf'));
  });
  await step('broadcast: theirs reaches our Subscriptions folder', async () => {
    await imap.mailboxCreate(`Subscriptions/${theirs}`);
    await api.sendBroadcast(theirs, 'Their broadcast', 'To all.');
    await mailWith(imap, `Subscriptions/${theirs}`, 'Their broadcast');
  });
  await step('chan: a post each way', async () => {
    const passphrase = `interop ${Date.now()}`;
    const { address } = (await gateway.ask('chan join', { passphrase })) as { address: string };
    expectEqual('joinChan', await api.joinChan(passphrase, address), 'success');
    await api.sendMessage(theirs, address, 'Post of theirs', 'hello chan');
    await mailWith(imap, `Chans/${passphrase}`, 'Post of theirs');
    await send(gateway, `${address}@bitmessage`, 'Post of ours', 'hello back\n');
    await until(async () => (await api.inbox()).find((message) => message.subject === 'Post of ours' && message.toAddress === address));
  });
}

async function send(gateway: GatewayProcess, to: string, subject: string, text: string): Promise<void> {
  const transport = gateway.smtp();
  await transport.sendMail({ from: `${gateway.address}@bitmessage`, to, subject, text });
  transport.close();
}

async function direct(source: string, tls: boolean): Promise<void> {
  const name = tls ? 'tls' : 'plain';
  const gateway = await posternOn(`postern-${name}`, [], tls);
  const { peer, api } = await startPyBitmessage(source, `pybitmessage-${name}`, `127.0.0.1:${gateway.ready.network?.port}`, tls);
  const imap = await gateway.imap();
  try {
    await messagesBothWays(`PyBitmessage dials, ${name}`, gateway, imap, api);
    if (tls) await broadcastsAndChans(gateway, imap, api);
  } finally {
    await imap.logout();
    await peer.stop();
    await gateway.end('SIGTERM');
  }
}

/** Postern -> MiNode <- PyBitmessage: nothing can pass but through MiNode. */
async function throughMiNode(pybitmessage: string, minode: string): Promise<void> {
  const port = await freePort();
  const args = ['--src', minode, '--datadir', join(directory, 'minode'), '--port', `${port}`, '--low-pow'];
  const relay = await startPeer('peer-minode.py', args, { port, logDirectory: directory });
  const gateway = await posternOn('postern-minode', [`127.0.0.1:${port}`], true);
  const { peer, api } = await startPyBitmessage(pybitmessage, 'pybitmessage-minode', `127.0.0.1:${port}`, true);
  const imap = await gateway.imap();
  try {
    await messagesBothWays('through MiNode', gateway, imap, api);
  } finally {
    await imap.logout();
    await peer.stop();
    await gateway.end('SIGTERM');
    await relay.stop();
  }
}

if (options.pybitmessage === undefined) {
  console.error('usage: npm run interop -- --pybitmessage DIR [--minode DIR] [--stock] [--keep]');
  process.exit(64);
}
await direct(options.pybitmessage, true);
await direct(options.pybitmessage, false);
if (options.minode !== undefined) await throughMiNode(options.pybitmessage, options.minode);
console.log(failures === 0 ? 'all passed' : `${failures} failed`);
if (options.keep || failures > 0) console.log(`logs: ${directory}`);
else rmSync(directory, { recursive: true });
process.exit(failures);
