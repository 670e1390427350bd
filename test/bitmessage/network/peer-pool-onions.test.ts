import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { ManualClock } from '../../../src/base/clock.js';
import { createLogger } from '../../../src/base/log.js';
import { isOnion, type PeerAddress } from '../../../src/bitmessage/network/address.js';
import { AddressBook } from '../../../src/bitmessage/network/address-book.js';
import { type PeerDialer, ProxyUnreachableError } from '../../../src/bitmessage/network/dial.js';
import { BanList } from '../../../src/bitmessage/network/misbehaviour.js';
import { completeOptions, type GivenNetworkOptions } from '../../../src/bitmessage/network/options.js';
import { PeerPool } from '../../../src/bitmessage/network/peer-pool.js';
import type { SocksProxy } from '../../../src/bitmessage/network/proxy.js';
import { Turns } from '../../../src/bitmessage/network/turns.js';
import { MAINNET } from '../../../src/bitmessage/wire/params.js';
import { Database } from '../../../src/store/database.js';
import { PeerStore } from '../../../src/store/node/peers.js';
import { onionName } from '../../support/onions.js';

const NOW = 1_800_000_000;
const PROXY: SocksProxy = { protocol: 'socks5', host: '127.0.0.1', port: 9050, user: '', password: '', isolate: true };

/** Everything goes through a proxy that takes long, or that is away. */
class SlowProxy implements PeerDialer {
  readonly hidden = true;
  dialled: PeerAddress[] = [];
  isAway = false;

  permits = (): boolean => true;
  proxyFor = (): SocksProxy => PROXY;

  async connect(address: PeerAddress, signal: AbortSignal): Promise<Socket> {
    this.dialled.push(address);
    if (this.isAway) throw new ProxyUnreachableError('the proxy is away');
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
  }

  connectLocally = async (): Promise<Socket> => Promise.reject(new Error('nothing is there'));
  resolve = async (): Promise<string[]> => assert.fail('a name was looked up');
  listen = async (): Promise<Server> => createServer();
  datagrams = async (): Promise<never> => assert.fail('something was broadcast');
}

describe('the peer pool behind a proxy', () => {
  let clock: ManualClock;
  let database: Database;
  let book: AddressBook;
  let proxy: SlowProxy;
  let pool: PeerPool;
  let warnings: string[];

  const open = (options: Partial<GivenNetworkOptions> = {}): void => {
    const routes = { proxy: PROXY, onionProxy: null, strict: true, listenBesideProxy: false };
    const listener = { established: () => {}, packet: () => undefined, flushed: () => {}, received: () => {}, closed: () => {} };
    const log = createLogger('warn', (line) => warnings.push(line));
    pool = new PeerPool(completeOptions({ params: MAINNET, routes, ...options }), {
      dialer: proxy,
      addressBook: book,
      bans: new BanList(clock),
      turns: new Turns(),
      clock,
      log,
      listener,
    });
  };
  const tick = async (rounds: number): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      pool.tick();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const onions = (): number => proxy.dialled.filter(({ host }) => isOnion(host)).length;

  beforeEach(() => {
    clock = new ManualClock(NOW);
    database = new Database(':memory:');
    book = new AddressBook({ streams: [1n], privateAddresses: false, prefersOnions: true }, { store: new PeerStore(database), clock });
    proxy = new SlowProxy();
    warnings = [];
    for (let number = 0; number < 10; number++) book.learnOnion({ host: onionName(number), port: 8444, stream: 1n });
    for (let group = 1; group <= 20; group++) book.add({ host: `45.${group}.1.1`, port: 8444, stream: 1n, services: 1n, lastSeen: NOW });
  });
  afterEach(async () => {
    await pool.stop();
    database.close();
  });

  it('has four attempts under way at a time', async () => {
    open();
    await tick(300);
    assert.equal(proxy.dialled.length, 4);
  });

  it('chooses onions for half of its peers at most', async () => {
    open({ limits: { halfOpen: 64 } });
    await tick(500);
    assert.equal(proxy.dialled.length, 8);
    assert.ok(onions() <= 4, `${onions()} onions`);
  });

  it('fills that half with onions that worked before', async () => {
    for (let number = 0; number < 10; number++) book.connected({ host: onionName(number), port: 8444 }, 1n);
    clock.advance(60);
    open({ limits: { halfOpen: 64 } });
    await tick(500);
    assert.equal(onions(), 4);
  });

  it('chooses nothing but onions where that is set, and dials configured peers all the same', async () => {
    open({ onionOnly: true, peers: ['45.99.1.1:8444'], limits: { halfOpen: 64 } });
    await tick(500);
    assert.deepEqual([onions(), proxy.dialled.length], [8, 9]);
  });

  it('never dials its own onion service', async () => {
    open({ onionOnly: true, onionAddress: `${onionName(3)}:8444`, limits: { halfOpen: 64, outbound: 20 } });
    await tick(1000);
    assert.equal(onions(), 9);
    assert.ok(!proxy.dialled.some(({ host }) => host === onionName(3)));
  });

  it('blames no peer while the proxy is away, warns once, and tries again after ten seconds', async () => {
    proxy.isAway = true;
    open();
    await tick(50);
    const first = proxy.dialled.length;
    assert.ok(first > 0 && first <= 4);
    assert.equal(pool.proxyProblem, 'the proxy is away');
    clock.advance(9);
    await tick(50);
    assert.equal(proxy.dialled.length, first);
    clock.advance(1);
    await tick(50);
    assert.ok(proxy.dialled.length > first);
    assert.equal(warnings.length, 1);
    book.save();
    for (const { rating } of new PeerStore(database).all()) assert.equal(rating, 0);
  });
});
