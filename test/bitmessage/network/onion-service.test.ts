import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../../src/base/clock.js';
import { silentLogger } from '../../../src/base/log.js';
import { Inventory } from '../../../src/bitmessage/inventory/inventory.js';
import { Network } from '../../../src/bitmessage/network/network.js';
import type { GivenNetworkOptions } from '../../../src/bitmessage/network/options.js';
import { decodeVersion, encodeVersion } from '../../../src/bitmessage/wire/messages.js';
import { PRIVATE } from '../../../src/bitmessage/wire/params.js';
import { Database } from '../../../src/store/database.js';
import { InventoryStore } from '../../../src/store/node/inventory.js';
import { OnionKeyTable } from '../../../src/store/node/onion-keys.js';
import { PeerStore } from '../../../src/store/node/peers.js';
import { FakeTor, type FakeTorOptions } from '../../support/fake-tor.js';
import { RawPeer, until, versionMessage } from '../../support/nodes.js';
import { onionName } from '../../support/onions.js';

/** Waits of the service pass in no time, those of the network as they are. */
const hastyClock: Clock = {
  now: () => systemClock.now(),
  sleep: (ms, signal) => systemClock.sleep(ms === 1000 ? 20 : ms, signal),
};

describe('our own onion service', () => {
  let directory: string;
  let database: Database;
  let tor: FakeTor;
  let network: Network | undefined;
  let ups: number;
  const cookieFile = (): string => join(directory, 'a "strange" cookie');

  const open = async (password = '', options: Partial<GivenNetworkOptions> = {}): Promise<Network> => {
    const onionService = { control: { host: '127.0.0.1', port: tor.port }, password };
    network = new Network(
      { params: PRIVATE, loopbackOnly: true, onionService, tls: 'prefer', ...options },
      {
        inventory: new Inventory(new InventoryStore(database), systemClock),
        peers: new PeerStore(database),
        clock: hastyClock,
        log: silentLogger,
        onion: { keys: new OnionKeyTable(database), up: () => ups++ },
      },
    );
    await network.start();
    return network;
  };
  const serve = async (options: Partial<FakeTorOptions> = {}): Promise<FakeTor> =>
    (tor = await FakeTor.start({ methods: 'NULL', ...options }));
  /** The port on loopback to which Tor would bring connections. */
  const target = async (): Promise<number> => {
    await until(() => tor.services.size === 1, 'a service');
    const [ports] = tor.services.values();
    const match = /^8444,127\.0\.0\.1:(\d+)$/.exec(ports);
    assert.ok(match !== null, ports);
    return Number(match[1]);
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'postern-onion-'));
    database = new Database(':memory:');
    ups = 0;
  });
  afterEach(async () => {
    await network?.stop();
    await tor.stop();
    database.close();
    rmSync(directory, { recursive: true });
  });

  for (const [how, options, password] of [
    ['without a proof where none is wanted', { methods: 'NULL' }, ''],
    ['by the cookie', { methods: 'COOKIE' }, ''],
    ['by the cookie that is not shown', { methods: 'COOKIE,SAFECOOKIE' }, ''],
    ['by a password', { methods: 'HASHEDPASSWORD', password: 'a "quoted\\" one' }, 'a "quoted\\" one'],
    ['by a password where there is a cookie, too', { methods: 'COOKIE,SAFECOOKIE,HASHEDPASSWORD', password: 'one' }, 'one'],
  ] as const) {
    it(`is made ${how}`, async () => {
      await serve({ ...options, ...(options.methods.includes('COOKIE') ? { cookieFile: cookieFile() } : {}) });
      const node = await open(password);
      await target();
      await until(() => node.onionAddress() !== null, 'the address');
      assert.deepEqual(node.onionAddress(), { host: onionName(100), port: 8444 });
      assert.equal(ups, 1);
      if (options.methods === 'COOKIE,SAFECOOKIE') assert.ok(tor.commands.some((command) => command.startsWith('AUTHCHALLENGE')));
    });
  }

  for (const [what, options, problem] of [
    ['a password is wanted and none is set', { methods: 'HASHEDPASSWORD', password: 'x' }, /tor_control_password/],
    ['the cookie cannot be read', { methods: 'SAFECOOKIE' }, /names no cookie file/],
    ['nothing is offered that is known', { methods: 'TELEPATHY' }, /TELEPATHY/],
  ] as const) {
    it(`says why it is not up when ${what}`, async () => {
      await serve(options);
      const node = await open();
      await until(() => node.route().onionProblem !== null, 'the problem');
      assert.match(node.route().onionProblem ?? '', problem);
      assert.equal(node.onionAddress(), null);
    });
  }

  it('shows its cookie to no impostor', async () => {
    await serve({ methods: 'COOKIE,SAFECOOKIE', cookieFile: cookieFile(), impostor: true });
    const node = await open();
    await until(() => /does not know its own cookie/.test(node.route().onionProblem ?? ''), 'the problem');
    assert.deepEqual(
      tor.commands.filter((command) => command.startsWith('AUTHENTICATE')),
      [],
    );
  });

  it('reads no other file to whoever plays Tor', async () => {
    await serve({ methods: 'COOKIE', cookieFile: cookieFile() });
    writeFileSync(cookieFile(), 'short');
    const node = await open();
    await until(() => /is no cookie file/.test(node.route().onionProblem ?? ''), 'the problem');
    assert.ok(!tor.commands.some((command) => command.startsWith('AUTHENTICATE')));
  });

  it('is ended when the node stops', async () => {
    await serve();
    await open();
    await target();
    await network?.stop();
    assert.equal(tor.commands.at(-1), `DEL_ONION ${onionName(100).replace('.onion', '')}`);
    assert.equal(tor.services.size, 0);
  });

  it('does not hold up the end when Tor has stopped answering', async () => {
    await serve({ silentTo: 'PROTOCOLINFO' });
    await open();
    await until(() => tor.commands.length > 0);
    const begin = performance.now();
    await network?.stop();
    assert.ok(performance.now() - begin < 2000);
  });

  it('keeps its name over restarts', async () => {
    await serve();
    await open();
    await target();
    await until(() => ups === 1);
    await network?.stop();
    await open();
    await until(() => ups === 2);
    assert.equal(network?.onionAddress()?.host, onionName(100));
    assert.ok(tor.commands.some((command) => command.startsWith('ADD_ONION ED25519-V3:100 ')));
  });

  it('comes back, with the same name, when Tor does', async () => {
    await serve();
    const { port } = tor;
    const node = await open();
    await until(() => ups === 1);
    await tor.stop();
    await until(() => node.onionAddress() === null, 'its end');
    tor = await FakeTor.start({ methods: 'NULL' }, port);
    await until(() => ups === 2);
    assert.equal(node.onionAddress()?.host, onionName(100));
  });

  it('lets more in than one address may have, tells them nothing of us, and offers no TLS inside of Tor', async () => {
    await serve();
    await open('', { limits: { perAddress: 1 } });
    const port = await target();
    const peers = [];
    for (let count = 0; count < 5; count++) {
      const peer = await RawPeer.dial(port);
      peer.send('version', encodeVersion(versionMessage({ services: 3n })));
      const version = decodeVersion(await peer.receive('version'));
      assert.deepEqual([version.addrRecv.host, version.addrRecv.port], ['127.0.0.1', 8444]);
      assert.deepEqual([version.addrFrom.host, version.addrFrom.port], ['127.0.0.1', 8444]);
      assert.equal(version.services & 2n, 0n);
      peer.send('verack');
      peers.push(peer);
    }
    await until(() => network?.peers().length === 5, 'five peers');
    for (const peer of peers) peer.close();
  });

  it('is not closed to all by one that misbehaves', async () => {
    await serve();
    await open();
    const port = await target();
    const bad = await RawPeer.greet(port);
    bad.socket.write(Buffer.alloc(100, 0xff));
    await bad.untilClosed();
    const good = await RawPeer.greet(port);
    await until(() => network?.peers().length === 1, 'the good peer');
    good.close();
  });
});
