/** Strict mode as a person runs it: the whole program in a process that counts every socket it opens and every name it asks for. */
import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { concat } from '../../src/bitmessage/wire/bytes.js';
import { encodeOnion } from '../../src/bitmessage/wire/host.js';
import { decodeVersion, encodeAddr, encodeVersion, type VersionMessage } from '../../src/bitmessage/wire/messages.js';
import { MAINNET, OBJECT_ONIONPEER } from '../../src/bitmessage/wire/params.js';
import { varInt } from '../../src/bitmessage/wire/varint.js';
import { askDaemon } from '../../src/cli/daemon-client.js';
import { FREE_PORTS } from '../support/free-ports.js';
import { now, RawPeer, until, versionMessage } from '../support/nodes.js';
import { makeObject } from '../support/objects.js';
import { onionName } from '../support/onions.js';
import type { Noted } from '../support/socket-watch.js';
import { SocksServer } from '../support/socks-server.js';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const WATCH = new URL('../support/socket-watch.js', import.meta.url).href;
/** The one name behind which somebody answers. */
const FRIEND = 'friend.example.org:8444';
const SETTINGS = [
  'network.bootstrap=true',
  'network.tls=off',
  'network.min_nonce_trials_per_byte=1',
  'network.min_extra_bytes=1',
  // The guard of loopback would hide what is to be seen here; the watch takes its place.
  'network.loopback_only=false',
  ...FREE_PORTS,
  'pow.threads=1',
];

/** `postern start` under the watch. */
class WatchedGateway {
  readonly directory = mkdtempSync(join(tmpdir(), 'postern-watched-'));
  readonly #file = join(this.directory, 'watch');
  #child: ChildProcessByStdio<null, Readable, Readable> | undefined;

  async start(set: readonly string[]): Promise<Record<string, unknown>> {
    const words = ['--import', WATCH, MAIN, 'start', '--ready-json', '--data', join(this.directory, 'data')];
    const env = { ...process.env, SOCKET_WATCH_FILE: this.#file };
    const settings = [...SETTINGS, ...set].flatMap((setting) => ['--set', setting]);
    this.#child = spawn(process.execPath, [...words, ...settings], { stdio: ['ignore', 'pipe', 'pipe'], env });
    let log = '';
    this.#child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const ended = once(this.#child, 'close').then(() => {
      throw new Error(`the gateway ended before it was ready:\n${log}`);
    });
    ended.catch(() => {});
    const [line] = (await Promise.race([once(createInterface({ input: this.#child.stdout }), 'line'), ended])) as [string];
    return JSON.parse(line) as Record<string, unknown>;
  }

  noted(what: Noted['what']): string[] {
    const lines = readFileSync(this.#file, 'utf8').trim().split('\n');
    return lines
      .map((line) => JSON.parse(line) as Noted)
      .filter((each) => each.what === what)
      .map(({ target }) => target);
  }

  status(): Promise<Record<string, unknown>> {
    return askDaemon(join(this.directory, 'data'), 'status', {}).then(({ value }) => value);
  }

  async end(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await closed;
  }
}

/** A peer that gossips addresses all over the Internet, and onion services. */
function gossip(peer: RawPeer): void {
  const entry = { time: BigInt(now() - 10), stream: 1, services: 1n, port: 8444 };
  const hosts = Array.from({ length: 6 }, (_, index) => [`45.${index}.1.1`, `2a00:${(index + 1).toString(16)}::1`]).flat();
  peer.send('addr', encodeAddr(hosts.map((host) => ({ ...entry, host }))));
  for (let number = 0; number < 5; number++) {
    const name = encodeOnion(onionName(number));
    assert.ok(name !== undefined);
    const fields = { expiresAt: now() + 3600, type: OBJECT_ONIONPEER, version: 3n, payload: concat(varInt(8444), name) };
    peer.send('object', makeObject(fields, now()));
  }
}

describe('scenario: a strict proxy', function () {
  this.timeout(60_000);
  let friend: Server;
  let versions: VersionMessage[];
  let peers: RawPeer[];
  let socks: SocksServer;
  let gateway: WatchedGateway;

  beforeEach(async () => {
    versions = [];
    peers = [];
    friend = createServer((socket) => {
      const peer = new RawPeer(socket, MAINNET.magic);
      peers.push(peer);
      void (async () => {
        versions.push(decodeVersion(await peer.receive('version')));
        peer.send('verack');
        peer.send('version', encodeVersion(versionMessage()));
        await peer.receive('verack');
        gossip(peer);
      })().catch(() => peer.close());
    }).listen(0, '127.0.0.1');
    await once(friend, 'listening');
    socks = await SocksServer.start({
      route: ({ host, port }) => (`${host}:${port}` === FRIEND ? (friend.address() as AddressInfo).port : undefined),
    });
    gateway = new WatchedGateway();
  });
  afterEach(async () => {
    await gateway.end();
    rmSync(gateway.directory, { recursive: true, force: true });
    await socks.stop();
    for (const peer of peers) peer.close();
    friend.close();
  });

  it('opens nothing but connections to the proxy, asks for no name, and has no port for others', async () => {
    const configured = [FRIEND, '45.77.1.1:8444', '[2a00:1450::1]:8444', `${onionName(9)}:8444`, '127.0.0.1:9', 'localhost:9'];
    const ready = await gateway.start([
      `network.proxy=socks5://127.0.0.1:${socks.port}`,
      'network.proxy_strict=true',
      `network.peers=${configured.join(',')}`,
    ]);
    assert.equal(ready.network, null);
    const asked = (pattern: RegExp): boolean => socks.asked.some((address) => pattern.test(address));
    // What is configured, the bootstrap name, and what was gossiped of each kind: all of it at the proxy.
    await until(
      () => asked(/^45\.77\.1\.1:/) && asked(/^2a00:1450:/) && asked(/^127\.0\.0\.1:9$/) && asked(/^localhost:9$/),
      'configured peers',
    );
    await until(() => socks.asked.includes(`${onionName(9)}:8444`), 'the onion peer');
    await until(() => asked(/^bootstrap\d+\.bitmessage\.org:/), 'bootstrap');
    await until(() => asked(/^45\.\d+\.1\.1:8444$/) && asked(/^2a00:[0-9a-f]+:0:/), 'gossiped addresses');
    await until(() => [0, 1, 2, 3, 4].some((number) => socks.asked.includes(`${onionName(number)}:8444`)), 'gossiped onion peers');
    const { route } = (await gateway.status()) as { route: Record<string, unknown> };
    assert.deepEqual([route.proxy, route.strict, route.isolated], [`socks5://127.0.0.1:${socks.port}`, true, true]);
    await gateway.end();

    const connects = gateway.noted('connect');
    assert.ok(connects.length >= socks.requests.length);
    assert.deepEqual(new Set(connects), new Set([`127.0.0.1:${socks.port}`]));
    assert.deepEqual(gateway.noted('name'), []);
    assert.deepEqual(gateway.noted('datagram'), []);
    // Below those functions: as many connections as were noted, and nothing of another kind.
    assert.deepEqual(new Set(gateway.noted('handle')), new Set(['TCPCONNECTWRAP']));
    assert.equal(gateway.noted('handle').length, connects.length);
    // IMAP and SMTP, twice each, and the command line's port.
    assert.equal(gateway.noted('listen').length, 5);
    for (const target of gateway.noted('listen')) assert.match(target, /^127\.0\.0\.1:/);
  });

  it('shows each peer another user, and tells it nothing of us', async () => {
    const proxy = [`network.proxy=socks5://127.0.0.1:${socks.port}`, 'network.proxy_strict=true', 'network.listen=127.0.0.1:0'];
    await gateway.start([...proxy, `network.peers=${FRIEND}`]);
    await until(() => versions.length > 0 && socks.requests.length >= 5, 'a version');
    assert.equal(new Set(socks.requests.map(({ user }) => user)).size, socks.requests.length);
    const [{ addrRecv, addrFrom }] = versions;
    assert.deepEqual([addrRecv.host, addrRecv.port], ['127.0.0.1', 8444]);
    assert.deepEqual([addrFrom.host, addrFrom.port], ['127.0.0.1', 8444]);
  });

  it('can fail: without a proxy the same watch sees look-ups and connections all over the Internet', async () => {
    await gateway.start(['network.listen=127.0.0.1:0', `network.peers=${FRIEND},45.77.1.1:8444`]);
    await until(() => gateway.noted('connect').includes('45.77.1.1:8444'), 'a straight connection');
    await until(() => gateway.noted('name').includes('friend.example.org'), 'a look-up');
    await until(() => gateway.noted('name').some((name) => name.startsWith('bootstrap')), 'a look-up of a bootstrap name');
    assert.deepEqual(socks.requests, []);
  });
});
