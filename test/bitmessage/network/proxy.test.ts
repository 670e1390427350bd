import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { parsePeerAddress } from '../../../src/bitmessage/network/address.js';
import { Dialer, ForbiddenAddressError, ProxyUnreachableError, type Routes, STRAIGHT } from '../../../src/bitmessage/network/dial.js';
import { ProxyError, type SocksProxy } from '../../../src/bitmessage/network/proxy.js';
import { onionName } from '../../support/onions.js';
import { SocksServer, type SocksServerOptions } from '../../support/socks-server.js';

const { signal } = new AbortController();

describe('a connection through a proxy', () => {
  let echo: Server;
  let socks: SocksServer;
  const echoPort = (): number => (echo.address() as AddressInfo).port;
  const serve = async (options: Partial<SocksServerOptions> = {}): Promise<SocksServer> =>
    (socks = await SocksServer.start({ route: echoPort, ...options }));
  const dialer = (changes: Partial<SocksProxy> = {}, routes: Partial<Routes> = {}, loopbackOnly = false): Dialer => {
    const proxy: SocksProxy = {
      protocol: 'socks5',
      host: '127.0.0.1',
      port: socks.port,
      user: '',
      password: '',
      isolate: true,
      ...changes,
    };
    return new Dialer(loopbackOnly, { ...STRAIGHT, proxy, ...routes });
  };
  const echoed = async (through: Dialer, host: string, port = 8444): Promise<string> => {
    const socket = await through.connect({ host, port }, signal);
    socket.write('hello');
    const [data] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return data.toString();
  };

  before(async () => {
    echo = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
  });
  afterEach(() => socks.stop());
  after(() => echo.close());

  for (const [protocol, host, type] of [
    ['socks5', '45.1.2.3', 1],
    ['socks5', '2001:db8::7', 4],
    ['socks5', 'peer.example.org', 3],
    ['socks5', 'localhost', 3],
    ['socks5', '127.0.0.1', 1],
    ['socks5', onionName(1), 3],
    ['socks4a', '45.1.2.3', 1],
    ['socks4a', 'peer.example.org', 3],
    ['socks4a', onionName(1), 3],
  ] as const) {
    it(`asks a ${protocol} proxy for ${host.slice(0, 20)} as ${{ 1: 'IPv4', 3: 'a name', 4: 'IPv6' }[type]}`, async () => {
      await serve();
      assert.equal(await echoed(dialer({ protocol }), host), 'hello');
      const [request] = socks.requests;
      const expected = host.includes(':') ? '2001:db8:0:0:0:0:0:7' : host;
      assert.deepEqual([request.type, request.host, request.port], [type, expected, 8444]);
    });
  }

  for (const replyType of [1, 3, 4] as const) {
    it(`takes a reply of type ${replyType}`, async () => {
      await serve({ replyType });
      assert.equal(await echoed(dialer(), '45.1.2.3'), 'hello');
    });
  }

  it('gives each connection a user and password of its own', async () => {
    await serve();
    const through = dialer();
    for (let count = 0; count < 3; count++) await echoed(through, '45.1.2.3');
    for (const what of ['user', 'password'] as const) {
      assert.equal(new Set(socks.requests.map((request) => request[what])).size, 3);
      for (const request of socks.requests) assert.match(request[what] ?? '', /^[0-9a-f]{32}$/);
    }
  });

  it('gives a SOCKS4a proxy another user for each connection', async () => {
    await serve();
    const through = dialer({ protocol: 'socks4a' });
    for (let count = 0; count < 3; count++) await echoed(through, '45.1.2.3');
    assert.equal(new Set(socks.requests.map(({ user }) => user)).size, 3);
  });

  it('offers no user where isolation is off', async () => {
    await serve();
    await echoed(dialer({ isolate: false }), '45.1.2.3');
    assert.deepEqual(socks.requests[0].methods, [0]);
  });

  it('shows the user and password that are set, and never random ones instead', async () => {
    await serve({ login: { user: 'me', password: 'secret' } });
    assert.equal(await echoed(dialer({ user: 'me', password: 'secret' }), '45.1.2.3'), 'hello');
    assert.deepEqual([socks.requests[0].user, socks.requests[0].password], ['me', 'secret']);
  });

  it('fails without telling the password when it is wrong', async () => {
    await serve({ login: { user: 'me', password: 'secret' } });
    await assert.rejects(dialer({ user: 'me', password: 'hunter2' }).connect({ host: '45.1.2.3', port: 1 }, signal), (error) => {
      assert.ok(error instanceof ProxyError);
      assert.ok(!JSON.stringify({ ...error, message: error.message, cause: error.cause, stack: error.stack }).includes('hunter2'));
      return true;
    });
  });

  it('fails with the reason of the proxy when that cannot connect', async () => {
    await serve({ route: () => undefined });
    await assert.rejects(dialer().connect({ host: '45.1.2.3', port: 1 }, signal), /HostUnreachable/);
  });

  it('tells a proxy that does not answer from a peer that does not', async () => {
    await serve();
    const through = dialer();
    await socks.stop();
    await assert.rejects(through.connect({ host: '45.1.2.3', port: 1 }, signal), ProxyUnreachableError);
  });

  it('gives up a proxy that says nothing when it is stopped', async () => {
    await serve({ mute: true });
    const stop = new AbortController();
    const attempt = dialer().connect({ host: '45.1.2.3', port: 1 }, stop.signal);
    setImmediate(() => stop.abort());
    await assert.rejects(attempt);
  });

  it('is the only way: nothing is looked up here', async () => {
    await serve();
    await assert.rejects(dialer().resolve('peer.example.org'), ForbiddenAddressError);
  });

  it('takes onion names by a proxy of their own', async () => {
    await serve();
    const other = await SocksServer.start({ route: echoPort });
    const onionProxy: SocksProxy = { protocol: 'socks5', host: '127.0.0.1', port: other.port, user: '', password: '', isolate: true };
    await echoed(dialer({}, { onionProxy }), onionName(1));
    await echoed(dialer({}, { onionProxy }), '45.1.2.3');
    assert.deepEqual([socks.asked, other.asked], [['45.1.2.3:8444'], [`${onionName(1)}:8444`]]);
    await other.stop();
  });

  const wrongOnion = `${onionName(1)[0] === 'a' ? 'b' : 'a'}${onionName(1).slice(1)}`;
  for (const [host, why] of [
    [wrongOnion, 'a misspelt onion name'],
    ['abcdefghijklmnop.onion', 'an onion name of version 2'],
    ['example.onion', 'a short onion name'],
    [`${onionName(1)}.`, 'an onion name with a dot behind'],
  ] as const) {
    it(`never asks for ${why}`, async () => {
      await serve();
      assert.equal(dialer().permits(host), false);
      await assert.rejects(dialer().connect({ host, port: 8444 }, signal), ForbiddenAddressError);
      assert.equal(parsePeerAddress(`${host}:8444`), undefined);
      assert.deepEqual(socks.requests, []);
    });
  }

  it('cannot carry IPv6 by SOCKS4a, and says so beforehand', async () => {
    await serve();
    assert.equal(dialer({ protocol: 'socks4a' }).permits('2001:db8::7'), false);
  });

  for (const host of ['45.1.2.3', 'peer.example.org', 'localhost.example.org', '10.0.0.1', '2001:db8::7', onionName(1)]) {
    it(`is not asked for ${host.slice(0, 25)} under loopback_only: the proxy would dial it`, async () => {
      await serve();
      const guarded = dialer({}, {}, true);
      assert.equal(guarded.permits(host), false);
      await assert.rejects(guarded.connect({ host, port: 8444 }, signal), ForbiddenAddressError);
      assert.deepEqual(socks.requests, []);
    });
  }

  for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) {
    it(`is asked for ${host} under loopback_only`, async () => {
      await serve();
      assert.equal(await echoed(dialer({}, {}, true), host), 'hello');
    });
  }

  it('wants its proxy on this machine under loopback_only, and never by a name', async () => {
    await serve();
    assert.throws(() => dialer({ host: '10.0.0.1' }, {}, true), ForbiddenAddressError);
    assert.throws(() => dialer({ host: 'tor.example.org' }), RangeError);
  });

  it('strict: opens nothing straight, even where no proxy is', async () => {
    await serve();
    const strict = new Dialer(false, { ...STRAIGHT, strict: true });
    for (const host of ['45.1.2.3', 'peer.example.org', '127.0.0.1', onionName(1)]) {
      assert.equal(strict.permits(host), false, host);
      await assert.rejects(strict.connect({ host, port: echoPort() }, signal), ForbiddenAddressError);
    }
  });

  it('broadcasts nothing in the local network', async () => {
    await serve();
    for (const hidden of [dialer(), dialer({}, { listenBesideProxy: true }), new Dialer(false, { ...STRAIGHT, strict: true })])
      await assert.rejects(
        hidden.datagrams(0, () => {}),
        ForbiddenAddressError,
      );
  });

  for (const host of ['0.0.0.0', '::', '45.1.2.3']) {
    it(`lets nobody else listen on ${host} unless told to`, async () => {
      await serve();
      for (const hidden of [dialer(), dialer({}, { strict: true, listenBesideProxy: true })])
        await assert.rejects(
          hidden.listen({ host, port: 0 }, () => {}),
          ForbiddenAddressError,
        );
    });
  }
});
