/**
 * The proxy run: gateways behind real SOCKS servers, and an onion service of a real Tor, all on loopback.
 *
 *   npm run interop:proxy
 *
 * Needs microsocks, danted (dante-server) and tor; a step whose program is missing is skipped and says so. Tor runs with
 * DisableNetwork 1, the SOCKS servers lead to this machine alone, and the gateways run under network.loopback_only: nothing is
 * dialled elsewhere. Prints one line for each step; the exit code is the number of failures.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayProcess } from '../support/gateway-rig.js';
import { type RunningServer, startDante, startMicrosocks, startTor, versionOf } from './proxy-servers.js';

const STEP_TIMEOUT_MS = 60_000;
/** So long must nothing happen that must not happen: some rounds of dialling. */
const SILENCE_MS = 4_000;

const directory = mkdtempSync(join(tmpdir(), 'postern-proxy-'));
const open: { stop(): Promise<unknown> }[] = [];
let failures = 0;
let gateways = 0;

async function step(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    console.log(`pass  ${name}`);
  } catch (error) {
    failures++;
    console.log(`FAIL  ${name}\n      ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    for (const each of open.splice(0).reverse()) await each.stop();
  }
}

async function gateway(set: readonly string[], home = join(directory, `gateway-${++gateways}`)): Promise<GatewayProcess> {
  const started = await GatewayProcess.start(home, set);
  open.push({ stop: () => started.end('SIGTERM') });
  return started;
}

async function server<T extends RunningServer>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  open.push(started);
  return started;
}

interface Status {
  readonly peers: readonly { readonly address: string; readonly direction: string }[];
  readonly route: { readonly proxy: string | null; readonly onionAddress: string | null; readonly onionProblem: string | null };
}

async function status(of: GatewayProcess): Promise<Status> {
  return (await of.ask('status')) as unknown as Status;
}

async function until<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + STEP_TIMEOUT_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** A gateway behind the proxy connects to one that listens, by this address; answers both. */
async function connectThrough(url: string, host: string, set: readonly string[] = []): Promise<[GatewayProcess, GatewayProcess]> {
  const listener = await gateway([`network.listen=${host === '[::1]' ? host : '127.0.0.1'}:0`]);
  const peer = `${host}:${listener.ready.network?.port}`;
  const hidden = await gateway([`network.proxy=${url}`, 'network.proxy_strict=true', 'network.listen=', `network.peers=${peer}`, ...set]);
  await until(`the connection to ${peer}`, async () => (await status(hidden)).peers.some(({ address }) => address === peer));
  return [hidden, listener];
}

async function messages(from: GatewayProcess, to: GatewayProcess): Promise<void> {
  await from.smtp().sendMail({ from: `${from.address}@bitmessage`, to: `${to.address}@bitmessage`, subject: 'through', text: 'the proxy' });
  await from.untilOutbox(({ recipient, state }) => recipient === to.address && state === 'delivered');
}

async function microsocks(): Promise<void> {
  for (const host of ['localhost', '127.0.0.1', '[::1]']) {
    await step(`microsocks: SOCKS5 to ${host}, asked for as it stands`, async () => {
      const socks = await server(startMicrosocks());
      const [hidden, listener] = await connectThrough(`socks5://127.0.0.1:${socks.port}`, host);
      const wanted = `connected to ${host.replace(/[[\]]/g, '')}:${listener.ready.network?.port}`;
      expect(socks.log().includes(wanted), `the log does not say "${wanted}":\n${socks.log()}`);
      expect((await status(hidden)).peers.length === 1, 'another connection than that through the proxy');
      expect(hidden.ready.network === null, 'the gateway behind the proxy listens');
    });
  }
  await step('microsocks: a message and its acknowledgement, through the proxy both ways', async () => {
    const socks = await server(startMicrosocks());
    const [hidden, listener] = await connectThrough(`socks5://127.0.0.1:${socks.port}`, 'localhost');
    await messages(hidden, listener);
    await messages(listener, hidden);
  });
  await step('microsocks: user and password', async () => {
    const socks = await server(startMicrosocks({ user: 'me', password: 'se"cret' }));
    await connectThrough(`socks5://127.0.0.1:${socks.port}`, 'localhost', ['network.proxy_user=me', 'network.proxy_password=se"cret']);
  });
  await step('microsocks: with a wrong password nothing is reached, and nothing goes straight', async () => {
    const socks = await server(startMicrosocks({ user: 'me', password: 'secret' }));
    const listener = await gateway([]);
    const peer = `network.peers=127.0.0.1:${listener.ready.network?.port}`;
    await gateway([`network.proxy=socks5://127.0.0.1:${socks.port}`, 'network.proxy_user=me', 'network.proxy_password=x', peer]);
    await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
    expect((await status(listener)).peers.length === 0, 'it connected');
    expect(!socks.log().includes('connected to'), socks.log());
  });
  await step('microsocks: while the proxy is away nothing goes straight; when it is back, connections are', async () => {
    const socks = await server(startMicrosocks());
    const [hidden, listener] = await connectThrough(`socks5://127.0.0.1:${socks.port}`, 'localhost');
    await socks.stop();
    await until('the end of the connection', async () => (await status(hidden)).peers.length === 0);
    await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
    expect((await status(listener)).peers.length === 0, 'it connected straight');
    await server(startMicrosocks(undefined, socks.port));
    await until('another connection', async () => (await status(hidden)).peers.length === 1);
  });
}

async function dante(): Promise<void> {
  for (const [url, host, seen] of [
    ['socks5', 'localhost', '127.0.0.1'],
    ['socks5', '127.0.0.1', '127.0.0.1'],
    ['socks5', '[::1]', '::1'],
    ['socks4a', '127.0.0.1', '127.0.0.1'],
  ] as const) {
    await step(`dante: ${url} to ${host}`, async () => {
      const socks = await server(startDante(directory));
      const [, listener] = await connectThrough(`${url}://127.0.0.1:${socks.port}`, host);
      const wanted = `${seen}.${listener.ready.network?.port}`;
      await until('the line in the log', async () => new RegExp(`pass\\(\\d\\): tcp/connect .* ${wanted}$`, 'm').test(socks.log()));
    });
  }
}

async function tor(): Promise<void> {
  const isUp = (of: GatewayProcess): Promise<string> =>
    until('the onion service', async () => (await status(of)).route.onionAddress ?? undefined);
  for (const [how, password, bySocket] of [
    ['the cookie', undefined, false],
    ['the cookie, at its Unix socket', undefined, true],
    ['a password', 'pass "word"', false],
  ] as const) {
    await step(`tor: an onion service, by ${how}`, async () => {
      const daemon = await server(startTor(directory, `tor-${gateways}`, password));
      const control = bySocket ? daemon.socketPath : `127.0.0.1:${daemon.port}`;
      const set = ['network.onion_service=true', `network.tor_control=${control}`];
      const hidden = await gateway([...set, ...(password === undefined ? [] : [`network.tor_control_password=${password}`])]);
      const address = await isUp(hidden);
      expect(/^[a-z2-7]{56}\.onion:8444$/.test(address), address);
    });
  }
  await step('tor: the service ends with the gateway, and has the same name after a restart of either', async () => {
    const daemon = await server(startTor(directory, 'tor-restart'));
    const home = join(directory, 'gateway-restart');
    const set = ['network.onion_service=true', `network.tor_control=127.0.0.1:${daemon.port}`];
    const first = await gateway(set, home);
    const address = await isUp(first);
    const { code, milliseconds } = await first.end('SIGTERM');
    expect(code === 0 && milliseconds < 5000, `ended with ${code} after ${milliseconds} ms`);
    // A service that still ran would collide with itself.
    const second = await gateway(set, home);
    expect((await isUp(second)) === address, 'another name');
    await daemon.stop();
    await until('notice of its end', async () => (await status(second)).route.onionProblem !== null);
    expect((await status(second)).route.onionAddress === null, 'it is shown as up');
  });
}

const programs = [
  ['microsocks', versionOf('microsocks', '-h') && 'microsocks', microsocks],
  ['danted', versionOf('danted', '-v'), dante],
  ['tor', versionOf('tor', '--version'), tor],
] as const;
for (const [program, version, steps] of programs) {
  if (version === undefined) console.log(`skip  ${program}: not installed`);
  else {
    console.log(`----  ${version}`);
    await steps();
  }
}
rmSync(directory, { recursive: true, force: true });
console.log(failures === 0 ? 'all passed' : `${failures} failed`);
process.exitCode = failures;
