import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { ManualClock } from '../../../src/base/clock.js';
import { createLogger, silentLogger } from '../../../src/base/log.js';
import { formatPeerAddress, type PeerAddress } from '../../../src/bitmessage/network/address.js';
import { AddressBook } from '../../../src/bitmessage/network/address-book.js';
import { bootstrap } from '../../../src/bitmessage/network/bootstrap.js';
import type { PeerDialer } from '../../../src/bitmessage/network/dial.js';
import type { LanDiscovery } from '../../../src/bitmessage/network/lan-discovery.js';
import { BanList } from '../../../src/bitmessage/network/misbehaviour.js';
import { completeOptions, type GivenNetworkOptions } from '../../../src/bitmessage/network/options.js';
import type { Peer } from '../../../src/bitmessage/network/peer.js';
import { PeerPool } from '../../../src/bitmessage/network/peer-pool.js';
import { Turns } from '../../../src/bitmessage/network/turns.js';
import { decodeError, decodeVersion, encodeVersion, type VersionMessage } from '../../../src/bitmessage/wire/messages.js';
import { MAINNET } from '../../../src/bitmessage/wire/params.js';
import { Database } from '../../../src/store/database.js';
import { PeerStore } from '../../../src/store/node/peers.js';
import { RawPeer, until, versionMessage } from '../../support/nodes.js';

const NOW = 1_800_000_000;

/** Pretends that loopback is the Internet: whoever is dialled is a hand-made peer here, and who comes has the address given to it. */
class PretendedInternet implements PeerDialer {
  readonly dialled: string[] = [];
  readonly resolved: string[] = [];
  readonly peers: { address: string; raw: RawPeer }[] = [];
  reachable = true;
  #server: Server | undefined;
  #lastPair: Promise<unknown> = Promise.resolve();
  #arrive: ((socket: Socket) => void) | undefined;

  readonly hidden = false;

  permits = (): boolean => true;
  proxyFor = (): null => null;

  async connectLocally(): Promise<Socket> {
    throw new Error('nothing else runs on this machine');
  }

  async resolve(name: string): Promise<string[]> {
    this.resolved.push(name);
    return ['45.99.1.1'];
  }

  async connect(address: PeerAddress): Promise<Socket> {
    this.dialled.push(formatPeerAddress(address));
    if (!this.reachable) throw new Error('unreachable');
    const [near, far] = await this.#pair();
    this.peers.push({ address: formatPeerAddress(address), raw: new RawPeer(far, MAINNET.magic) });
    return near;
  }

  async listen(_address: PeerAddress, accepted: (socket: Socket) => void): Promise<Server> {
    this.#arrive = accepted;
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }

  async datagrams(): Promise<never> {
    throw new Error('no UDP here');
  }

  /** Somebody from that address comes in. */
  async comesFrom(host: string): Promise<RawPeer> {
    const [near, far] = await this.#pair();
    Object.defineProperty(near, 'remoteAddress', { value: host });
    const raw = new RawPeer(far, MAINNET.magic);
    this.peers.push({ address: host, raw });
    this.#arrive?.(near);
    return raw;
  }

  close(): void {
    for (const { raw } of this.peers) raw.close();
    this.#server?.close();
  }

  /** One after the other: which accepted socket belongs to which is known by its turn. */
  #pair(): Promise<[Socket, Socket]> {
    this.#lastPair = this.#lastPair.then(() => this.#connectPair());
    return this.#lastPair as Promise<[Socket, Socket]>;
  }

  async #connectPair(): Promise<[Socket, Socket]> {
    if (this.#server === undefined) {
      this.#server = createServer().listen(0, '127.0.0.1');
      await once(this.#server, 'listening');
    }
    const address = this.#server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const accepted = once(this.#server, 'connection') as Promise<[Socket]>;
    const near = connect(address.port, '127.0.0.1');
    const [far] = await accepted;
    return [near, far];
  }
}

describe('peer pool', () => {
  let clock: ManualClock;
  let database: Database;
  let internet: PretendedInternet;
  let book: AddressBook;
  let bans: BanList;
  let pool: PeerPool;
  let warnings: string[];

  const open = async (options: Partial<GivenNetworkOptions> = {}, neighbours?: Pick<LanDiscovery, 'choose'>): Promise<void> => {
    bans = new BanList(clock);
    const log = createLogger('warn', (line) => warnings.push(line));
    const listener = { established: (_peer: Peer) => {}, packet: () => undefined, flushed: () => {}, received: () => {}, closed: () => {} };
    pool = new PeerPool(completeOptions({ params: MAINNET, listen: '127.0.0.1:0', tls: 'off', ...options }), {
      dialer: internet,
      addressBook: book,
      bans,
      turns: new Turns(),
      neighbours,
      clock,
      log,
      listener,
    });
    await pool.start();
  };
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1);
      pool.tick();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  /** Ticks, without time passing, until so many were dialled: the dice need some rounds. */
  const dialled = async (count: number): Promise<void> => {
    for (let round = 0; round < 2000 && internet.dialled.length < count; round++) pool.tick();
    await until(() => internet.peers.length === count);
  };
  const know = (host: string, port = 8444): void => book.add({ host, port, stream: 1n, services: 1n, lastSeen: clock.now() });
  const version = (changes: Partial<VersionMessage> = {}): Uint8Array =>
    encodeVersion(versionMessage({ timestamp: BigInt(clock.now()), ...changes }));
  /** The answer to a version from that address: the text of an error, or "accepted". */
  const knock = async (host: string, changes: Partial<VersionMessage> = {}): Promise<string> => {
    const raw = await internet.comesFrom(host);
    raw.send('version', version(changes));
    await until(() => raw.packets.length > 0 || raw.closed);
    const answer = raw.packets.find(({ command }) => command === 'error');
    if (answer !== undefined) return decodeError(answer.payload).text;
    if (raw.closed) return 'closed';
    raw.send('verack');
    const before = [...pool.established()].length;
    await until(() => [...pool.established()].length > before);
    return 'accepted';
  };

  beforeEach(() => {
    clock = new ManualClock(NOW);
    database = new Database(':memory:');
    internet = new PretendedInternet();
    warnings = [];
    book = new AddressBook({ streams: [1n], privateAddresses: false }, { store: new PeerStore(database), clock });
  });
  afterEach(async () => {
    await pool.stop();
    internet.close();
    database.close();
  });

  it('dials eight peers of eight groups', async () => {
    for (let group = 0; group < 12; group++) for (let host = 1; host < 20; host++) know(`45.${group}.0.${host}`);
    await open();
    await dialled(8);
    for (let round = 0; round < 200; round++) pool.tick();
    const groups = internet.dialled.map((address) => address.split('.').slice(0, 2).join('.'));
    assert.equal(new Set(groups).size, 8);
    assert.equal(internet.dialled.length, 8);
  });

  it('dials a configured peer after 1, 2, 4 … 60 seconds', async () => {
    internet.reachable = false;
    await open({ peers: ['45.1.1.1:8444'], limits: { outbound: 0 } });
    const at: number[] = [];
    for (let second = 0; second < 260; second++) {
      const before = internet.dialled.length;
      pool.tick();
      if (internet.dialled.length > before) at.push(clock.now() - NOW);
      clock.advance(1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(
      at.map((time, index) => time - (at[index - 1] ?? 0)),
      [0, 1, 2, 4, 8, 16, 32, 60, 60, 60],
    );
  });

  it('dials a configured peer again a second after a good connection ended', async () => {
    await open({ peers: ['45.1.1.1:8444'], limits: { outbound: 0 } });
    pool.tick();
    await until(() => internet.peers.length === 1);
    const { raw } = internet.peers[0];
    raw.send('version', version());
    raw.send('verack');
    await until(() => [...pool.established()].length === 1);
    await pass(600);
    raw.close();
    await until(() => [...pool.established()].length === 0);
    await pass(1);
    await until(() => internet.peers.length === 2);
  });

  it('tells a dialled peer how it is seen, and nothing about itself but a port', async () => {
    know('45.1.1.1', 9000);
    await open({ userAgent: '/Postern:1.2/' });
    await dialled(1);
    const sent = decodeVersion(await internet.peers[0].raw.receive('version'));
    assert.deepEqual(sent.addrRecv, { services: 1n, host: '45.1.1.1', port: 9000 });
    assert.deepEqual(sent.addrFrom, { services: 9n, host: '127.0.0.1', port: pool.listening?.port });
    assert.equal(sent.services, 9n); // network and Dandelion; TLS is off here
    assert.equal(sent.userAgent, '/Postern:1.2/');
    assert.deepEqual(sent.streams, [1n]);
  });

  it('announces no Dandelion when it dials nobody', async () => {
    await open({ limits: { outbound: 0 } });
    const raw = await internet.comesFrom('45.1.1.1');
    raw.send('version', version());
    assert.equal(decodeVersion(await raw.receive('version')).services, 1n);
  });

  it('uses another nonce for every connection', async () => {
    await open();
    const nonces = new Set<string>();
    for (let n = 0; n < 5; n++) {
      const raw = await internet.comesFrom(`45.${n}.1.1`);
      raw.send('version', version());
      nonces.add(Buffer.from(decodeVersion(await raw.receive('version')).nonce).toString('hex'));
    }
    assert.equal(nonces.size, 5);
  });

  it('lets in three of one address, and takes an IPv6 /64 for one', async () => {
    await open();
    const tooMany = 'Too many connections from your IP. Closing connection.';
    for (const hosts of [
      ['45.1.1.1', '45.1.1.1', '45.1.1.1', '45.1.1.1'],
      ['2a00:1450::1', '2a00:1450::2', '2a00:1450::3', '2a00:1450::4'],
    ]) {
      const answers: string[] = [];
      for (const host of hosts) answers.push(await knock(host));
      assert.deepEqual(answers, ['accepted', 'accepted', 'accepted', tooMany]);
    }
    assert.equal(await knock('45.1.1.2'), 'accepted');
    assert.equal(await knock('2a00:1450:0:1::1'), 'accepted');
  });

  it('says the same to who comes when it is full, and to whom it is connected to already', async () => {
    const full = 'Server full, please try again later.';
    know('45.1.1.1', 9000);
    await open({ limits: { total: 2 } });
    await dialled(1);
    const { raw } = internet.peers[0];
    raw.send('version', version());
    raw.send('verack');
    await until(() => [...pool.established()].length === 1);
    const from9000 = { addrFrom: { services: 1n, host: '127.0.0.1', port: 9000 } };
    assert.equal(await knock('45.1.1.1', from9000), full);
    assert.equal(await knock('45.2.1.1'), 'accepted');
    assert.equal(await knock('45.3.1.1'), full);
  });

  it('closes who is banned without a word', async () => {
    await open();
    bans.ban('45.1.1.1');
    assert.equal(await knock('45.1.1.1'), 'closed');
    assert.equal(await knock('45.1.1.2'), 'accepted');
  });

  it('bans who breaks the protocol, and does not dial it', async () => {
    await open();
    const raw = await internet.comesFrom('45.1.1.1');
    raw.socket.write('GET / HTTP/1.1\r\n\r\n');
    await raw.untilClosed();
    assert.equal(bans.isBanned('45.1.1.1'), true);
    know('45.1.1.1');
    await pass(60);
    assert.deepEqual(internet.dialled, []);
  });

  it('recognises itself by its nonce, and does not dial that address again', async () => {
    know('45.1.1.1');
    await open();
    await dialled(1);
    const { nonce } = decodeVersion(await internet.peers[0].raw.receive('version'));
    assert.equal(await knock('45.1.1.1', { nonce }), "I'm connected to myself. Closing connection.");
    internet.peers[0].raw.close();
    clock.advance(7200);
    await pass(60);
    assert.equal(internet.dialled.length, 1);
  });

  it('warns once when more than three peers in a row disagree with its clock', async () => {
    await open();
    for (let n = 0; n < 6; n++) await knock(`45.${n}.1.1`, { timestamp: BigInt(NOW + 7200) });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0], /clock/);
  });

  it('dials neighbours of the local network, too', async () => {
    know('45.1.1.1');
    await open({}, { choose: (usable) => [{ host: '192.168.1.7', port: 8555 }].find(usable) });
    await dialled(2);
    assert.deepEqual(internet.dialled.sort(), ['192.168.1.7:8555', '45.1.1.1:8444']);
  });

  it('begins with its long-lived peers of before', async () => {
    for (let n = 0; n < 200; n++) know(`45.${n}.0.1`);
    book.setAnchors([
      { host: '45.7.0.1', port: 8444 },
      { host: '45.9.0.1', port: 8444 },
    ]);
    await open();
    pool.tick();
    assert.deepEqual(internet.dialled.slice(0, 2).sort(), ['45.7.0.1:8444', '45.9.0.1:8444']);
  });

  it('remembers the two outbound peers that lived the longest when it stops', async () => {
    await open();
    for (const [index, host] of ['45.1.1.1', '46.1.1.1', '47.1.1.1'].entries()) {
      know(host);
      await dialled(index + 1);
      const { raw } = internet.peers[index]!;
      raw.send('version', version());
      raw.send('verack');
      await until(() => [...pool.established()].length === index + 1);
      clock.advance(10);
    }
    await pool.stop();
    assert.deepEqual(
      book
        .anchors()
        .map(({ host }) => host)
        .sort(),
      ['45.1.1.1', '46.1.1.1'],
    );
  });

  describe('bootstrap', () => {
    const run = (): Promise<void> =>
      bootstrap(completeOptions({ params: MAINNET, bootstrap: true }), {
        dialer: internet,
        addressBook: book,
        pool,
        clock,
        log: silentLogger,
      });

    it('enters the built-in nodes as nearly forgotten, and asks a bootstrap host', async () => {
      await open();
      await run();
      await until(() => internet.peers.length === 1);
      assert.equal(book.size, MAINNET.builtInNodes.length);
      assert.equal(internet.resolved.length, 1);
      assert.match(internet.resolved[0], /^bootstrap\d+\.bitmessage\.org$/);
      assert.match(internet.dialled[0], /^45\.99\.1\.1:8/);
      assert.deepEqual(book.toSend([1n], 100), [], 'they are not passed on');
      const { raw } = internet.peers[0];
      raw.send('version', version());
      raw.send('verack');
      await until(() => pool.size === 1);
      assert.equal([...pool.established()].length, 0, 'nothing is fetched of it or announced to it');
      clock.advance(600);
      book.cleanUp();
      assert.equal(book.size, MAINNET.builtInNodes.length);
      clock.advance(1);
      book.cleanUp();
      assert.equal(book.size, 1, 'forgotten ten minutes later, but for the last');
    });

    it('asks nobody once others are known', async () => {
      await open();
      for (let n = 0; n < 10; n++) know(`45.${n}.0.1`);
      await run();
      assert.deepEqual([internet.resolved, internet.dialled], [[], []]);
    });
  });
});
