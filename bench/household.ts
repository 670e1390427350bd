/**
 * A person with many identities, chans, subscriptions, mails and objects beside a newcomer with one address and no mail, both in
 * the same run, on a private network: how long the start takes and the first look of a mail program, what idleness costs, what objects
 * of the network cost, and how long a mail is on its way from another gateway. Prints times and processor time of both, and the ratio.
 *
 * node dist/bench/household.js [--identities 50] [--chans 30] [--subscriptions 20] [--mails 100000] [--objects 20000] [--data DIR]
 *
 * With --data the household's directory is kept for the next run. Objects are new ones in each run: what a node has it does not fetch.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/clock.js';
import type { HashKey } from '../src/bitmessage/wire/inv.js';
import { PRIVATE } from '../src/bitmessage/wire/params.js';
import { GatewayProcess } from '../test/support/gateway-rig.js';
import { furnish } from './household/furnish.js';
import { Client } from './imap/client.js';
import { RARE } from './imap/messages.js';
import { mainThreadMs } from './loop-meter.js';
import { serveObjects } from './object-server.js';
import { benchObjects } from './objects.js';
import { peakMemory, processorSeconds, untilAtRest } from './process-meter.js';

const OBJECT_BYTES = 600;
const IDLE_MS = 20_000;
const NOOP_PAUSE_MS = 10;
const LOOK_PAUSE_MS = 100;
const MAILS_SENT = 5;
const WIDTHS = { name: 44, value: 16 };

const { values } = parseArgs({
  options: {
    identities: { type: 'string', default: '50' },
    chans: { type: 'string', default: '30' },
    subscriptions: { type: 'string', default: '20' },
    mails: { type: 'string', default: '100000' },
    objects: { type: 'string', default: '20000' },
    data: { type: 'string' },
  },
});

type Row = [name: string, value: number, unit: string];

const scratch = mkdtempSync(join(tmpdir(), 'bench-household-'));
const household = values.data ?? join(scratch, 'household');
const objects = benchObjects({
  count: Number(values.objects),
  bytes: OBJECT_BYTES,
  difficulty: PRIVATE.minNonceTrialsPerByte,
  encrypted: true,
});
await furnish(household, scratch, {
  identities: Number(values.identities),
  chans: Number(values.chans),
  subscriptions: Number(values.subscriptions),
  mails: Number(values.mails),
});
const newcomer = await measure(join(scratch, 'newcomer'));
const person = await measure(household);
console.log(['', 'newcomer', 'household', 'ratio'].map((title, at) => title.padEnd(at === 0 ? WIDTHS.name : WIDTHS.value)).join(''));
for (const [at, [name, value, unit]] of person.entries()) {
  const [, base] = newcomer[at]!;
  const cells = [`${base.toFixed(1)} ${unit}`, `${value.toFixed(1)} ${unit}`, base > 0 ? (value / base).toFixed(2) : ''];
  console.log(name.padEnd(WIDTHS.name) + cells.map((cell) => cell.padEnd(WIDTHS.value)).join(''));
}
rmSync(scratch, { recursive: true });

/** All that is asked of one gateway. */
async function measure(directory: string): Promise<Row[]> {
  const rows: Row[] = [];
  const note = (...more: Row[]): void => {
    rows.push(...more);
    for (const [name, value, unit] of more) process.stderr.write(`${name}: ${value.toFixed(1)} ${unit}\n`);
  };
  // A first run brings the index up to date, so that its work is not in the rows.
  const before = await GatewayProcess.start(directory);
  await untilAtRest(before.child.pid);
  await before.end('SIGTERM');
  const { server, port } = await listen();
  const begin = performance.now();
  const gateway = await GatewayProcess.start(directory, [`network.peers=127.0.0.1:${port}`]);
  const pid = gateway.child.pid;
  note(['start, until the ports are open', performance.now() - begin, 'ms']);
  const peer = playPeer(server);
  await untilAtRest(pid);
  note(...(await firstLook(gateway)));
  note(await timed('status', () => gateway.ask('status')));
  note(...(await idleness(pid)));
  note(...(await objectsComing(gateway, peer)));
  note(...(await lookingBack(gateway)));
  note(...(await mailsComing(gateway)));
  note(['memory at most', peakMemory(pid) / 1e6, 'MB']);
  await gateway.end('SIGKILL');
  const again = performance.now();
  const restarted = await GatewayProcess.start(directory);
  note(['start after kill -9', performance.now() - again, 'ms']);
  note(['stop (SIGTERM)', (await restarted.end('SIGTERM')).milliseconds, 'ms']);
  server.close();
  return rows;
}

/** What mail programs ask when they open. */
async function firstLook(gateway: GatewayProcess): Promise<Row[]> {
  const rows: Row[] = [];
  let client!: Client;
  rows.push(await timed('login', async () => void (client = await login(gateway))));
  const ask = async (name: string, command: string): Promise<void> => void rows.push(await timed(name, () => client.command(command)));
  await ask('all folders with their counts', 'LIST "" * RETURN (SPECIAL-USE STATUS (MESSAGES UNSEEN UIDNEXT))');
  await ask('opening INBOX', 'SELECT INBOX');
  // Counted from the end, so that a newcomer's one mail is asked for the same way.
  await ask('the newest 100 mails as a list shows them', 'UID FETCH 1:* (FLAGS ENVELOPE BODYSTRUCTURE) (PARTIAL -1:-100)');
  await ask('the flags of all', 'FETCH 1:* (UID FLAGS)');
  await ask('search for what is unread', 'SEARCH UNSEEN');
  await ask('search for a word', `SEARCH TEXT ${RARE}`);
  await ask('search for a word in all folders', `ESEARCH IN (personal) RETURN (COUNT) TEXT ${RARE}`);
  await ask('INBOX by date', 'SORT (DATE) UTF-8 ALL');
  await ask('INBOX in threads', 'THREAD REFERENCES UTF-8 ALL');
  client.close();
  // The newest identity alone.
  const { user, password } = { ...gateway.ready.login, user: gateway.ready.identities.at(-1)!.address };
  rows.push(await timed('login as one identity', async () => void (client = await Client.open(gateway.ready.imap.port, user, password))));
  await ask('opening its INBOX', 'SELECT INBOX');
  await ask('the newest 100 of it', 'UID FETCH 1:* (FLAGS ENVELOPE BODYSTRUCTURE) (PARTIAL -1:-100)');
  client.close();
  return rows;
}

function login({ ready }: GatewayProcess): Promise<Client> {
  return Client.open(ready.imap.port, ready.login.user, ready.login.password);
}

async function idleness(pid: number | undefined): Promise<Row[]> {
  const before = processorSeconds(pid);
  await systemClock.sleep(IDLE_MS);
  return [['idle: processor', ((processorSeconds(pid) - before) * 1e5) / IDLE_MS, '%']];
}

/** Meanwhile a mail program asks for nothing, over and over. */
async function objectsComing(gateway: GatewayProcess, peer: Peer): Promise<Row[]> {
  const pid = gateway.child.pid;
  const client = await login(gateway);
  await client.command('SELECT INBOX');
  const used = processorSeconds(pid);
  const begin = performance.now();
  peer.begin();
  const { slowest, mostWork } = await askMeanwhile(client, pid, peer.done);
  const seconds = (performance.now() - begin) / 1000;
  await untilAtRest(pid);
  const perObject = ((processorSeconds(pid) - used) * 1000) / objects.size;
  client.close();
  return [
    [`${objects.size} objects from one peer`, seconds, 's'],
    ['processor time for each, all keys tried', perObject, 'ms'],
    ['slowest answer to a mail program meanwhile', slowest, 'ms'],
    ['work of the main thread in it', mostWork, 'ms'],
  ];
}

/** A chan is joined, and what came before is looked through for its posts. */
async function lookingBack(gateway: GatewayProcess): Promise<Row[]> {
  const client = await login(gateway);
  const begin = performance.now();
  await gateway.ask('chan join', { passphrase: `joined late ${begin}` });
  const looked = async (): Promise<void> => {
    while (((await gateway.ask('status')) as { lookedBack: number | null }).lookedBack !== null) await systemClock.sleep(LOOK_PAUSE_MS);
  };
  const { slowest, mostWork } = await askMeanwhile(client, gateway.child.pid, looked());
  client.close();
  return [
    ['looking back through them for a new chan', (performance.now() - begin) / 1000, 's'],
    ['slowest answer to a mail program then', slowest, 'ms'],
    ['work of the main thread in that', mostWork, 'ms'],
  ];
}

/** Asks for nothing, over and over. */
async function askMeanwhile(
  client: Client,
  pid: number | undefined,
  end: Promise<unknown>,
): Promise<{ slowest: number; mostWork: number }> {
  let isOver = false;
  void end.then(() => (isOver = true));
  let [slowest, mostWork] = [0, 0];
  while (!isOver) {
    const [asked, worked] = [performance.now(), mainThreadMs(pid)];
    await client.command('NOOP');
    slowest = Math.max(slowest, performance.now() - asked);
    mostWork = Math.max(mostWork, mainThreadMs(pid) - worked);
    await systemClock.sleep(NOOP_PAUSE_MS);
  }
  return { slowest, mostWork };
}

/** From the other gateway's 250 to EXISTS here, the proof of work of a test network and no delays for anonymity in it; to the newest identity. */
async function mailsComing(gateway: GatewayProcess): Promise<Row[]> {
  const other = await GatewayProcess.start(mkdtempSync(join(scratch, 'other-')), [gateway.asPeer]);
  const { identities } = (await gateway.ask('identity list')) as { identities: { address: string }[] };
  const client = await login(gateway);
  await client.command('SELECT INBOX');
  const times: number[] = [];
  for (let sent = 0; sent < MAILS_SENT; sent++) {
    await client.idle();
    const come = client.exists();
    const to = `${identities.at(-1)?.address}@bitmessage`;
    await other.smtp().sendMail({ from: `${other.address}@bitmessage`, to, subject: `bench ${sent}`, text: 'on its way' });
    const accepted = performance.timeOrigin + performance.now();
    times.push((await come) - accepted);
    await client.done();
  }
  client.close();
  await other.end('SIGTERM');
  // The first asks for the public key; the others are the rule.
  const [, ...rule] = times;
  return [['mail on its way from another gateway', rule.sort((a, b) => a - b)[rule.length >> 1]!, 'ms']];
}

interface Peer {
  /** Announces its objects. */
  begin(): void;
  /** All were asked for. */
  readonly done: Promise<unknown>;
}

function playPeer(server: Server): Peer {
  let begin!: () => void;
  let finish!: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const done = new Promise<void>((resolve) => (finish = resolve));
  const fetched = new Set<HashKey>();
  server.on('connection', (socket: Socket) => void serveObjects(socket, objects, fetched, begun, PRIVATE.magic).done.then(finish));
  return { begin, done };
}

async function timed(name: string, work: () => Promise<unknown>): Promise<Row> {
  const begin = performance.now();
  await work();
  return [name, performance.now() - begin, 'ms'];
}

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, port: address.port };
}
