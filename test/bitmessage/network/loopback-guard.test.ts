import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { Dialer, ForbiddenAddressError } from '../../../src/bitmessage/network/dial.js';
import { encodeAddr } from '../../../src/bitmessage/wire/messages.js';
import { MAINNET } from '../../../src/bitmessage/wire/params.js';
import { now, RawPeer, startNode, until } from '../../support/nodes.js';

const FOREIGN = [
  '8.8.8.8',
  '10.0.0.1',
  '192.168.1.1',
  '169.254.1.1',
  '0.0.0.0',
  '126.255.255.255',
  '128.0.0.1',
  '::',
  '::2',
  'fe80::1',
  '2001:4860:4860::8888',
  '::ffff:8.8.8.8',
  'example.org',
  'localhost.example.org',
  '127.0.0.1.example.org',
  'abcdefghijklmnop.onion',
];

/** Counts what Node really opens: every outgoing TCP attempt, every name look-up, every UDP socket. */
function watchSockets(): { opened: string[]; looked: string[]; stop: () => void } {
  const opened: string[] = [];
  const looked: string[] = [];
  const hook = createHook({
    init: (_id, type) => {
      if (type.startsWith('GETADDRINFO') || type.startsWith('QUERY') || type === 'UDPWRAP') looked.push(type);
    },
  }).enable();
  const connect = Socket.prototype.connect;
  Socket.prototype.connect = function (this: Socket, ...parameters: unknown[]) {
    const [first] = parameters.flat() as { host?: string; port?: number }[];
    opened.push(`${first.host}:${first.port}`);
    return Reflect.apply(connect, this, parameters);
  } as typeof connect;
  return {
    opened,
    looked,
    stop: () => {
      hook.disable();
      Socket.prototype.connect = connect;
    },
  };
}

describe('the loopback guard', () => {
  for (const host of FOREIGN) {
    it(`does not dial, look up or listen on ${host}`, async () => {
      const watch = watchSockets();
      try {
        const dialer = new Dialer(true);
        assert.equal(dialer.permits(host), false);
        const { signal } = new AbortController();
        await assert.rejects(dialer.connect({ host, port: 8444 }, signal), ForbiddenAddressError);
        await assert.rejects(dialer.resolve(host), ForbiddenAddressError);
        await assert.rejects(
          dialer.listen({ host, port: 0 }, () => {}),
          ForbiddenAddressError,
        );
        assert.deepEqual([watch.opened, watch.looked], [[], []]);
      } finally {
        watch.stop();
      }
    });
  }

  it('lets loopback through, and knows localhost without asking', async () => {
    const watch = watchSockets();
    try {
      const dialer = new Dialer(true);
      const accepted: Socket[] = [];
      const server = await dialer.listen({ host: 'localhost', port: 0 }, (socket) => accepted.push(socket));
      const address = server.address();
      assert.ok(typeof address === 'object' && address !== null);
      for (const host of ['127.0.0.1', 'localhost']) {
        const socket = await dialer.connect({ host, port: address.port }, new AbortController().signal);
        socket.destroy();
      }
      await until(() => accepted.length === 2);
      for (const socket of accepted) socket.destroy();
      server.close();
      await once(server, 'close');
      assert.deepEqual(watch.looked, []);
    } finally {
      watch.stop();
    }
  });

  it('keeps a node of the main network on loopback, whatever it is told to dial and whatever peers gossip', async () => {
    const watch = watchSockets();
    try {
      const node = await startNode({ params: MAINNET, bootstrap: true, tls: 'off', peers: ['8.8.4.4:8444', 'bootstrap.example.org:8444'] });
      const peer = await RawPeer.greet(node.port, {}, MAINNET.magic);
      const entry = { time: BigInt(now() - 10), stream: 1, services: 1n, port: 8444 };
      peer.send('addr', encodeAddr(Array.from({ length: 200 }, (_, index) => ({ ...entry, host: `45.${index}.1.1` }))));
      await until(() => node.network.knownNodes() >= 200);
      // Three rounds of dialling.
      await new Promise((resolve) => setTimeout(resolve, 3200));
      await node.stop();
      peer.close();
      assert.deepEqual(
        watch.opened.filter((address) => !address.startsWith('127.0.0.1:')),
        [],
      );
      assert.deepEqual(watch.looked, []);
    } finally {
      watch.stop();
    }
  });

  it('does dial a gossiped address when the guard is off: the test above can fail', async () => {
    const dialled: string[] = [];
    const connect = Socket.prototype.connect;
    // Nothing leaves the machine here either: the attempt is noted, and sent to a closed port of loopback.
    Socket.prototype.connect = function (this: Socket, ...parameters: unknown[]) {
      const [options] = parameters.flat() as { host?: string; port?: number }[];
      if (options.host?.startsWith('45.') === true) {
        dialled.push(options.host);
        Object.assign(options, { host: '127.0.0.1', port: 9 });
      }
      return Reflect.apply(connect, this, parameters);
    } as typeof connect;
    try {
      const node = await startNode({ params: MAINNET, bootstrap: false, tls: 'off', loopbackOnly: false });
      const peer = await RawPeer.greet(node.port, {}, MAINNET.magic);
      const entry = { time: BigInt(now() - 10), stream: 1, services: 1n, port: 8444 };
      peer.send('addr', encodeAddr(Array.from({ length: 100 }, (_, index) => ({ ...entry, host: `45.${index}.1.1` }))));
      await until(() => dialled.length > 0, 'dialling');
      peer.close();
      await node.stop();
    } finally {
      Socket.prototype.connect = connect;
    }
  });
});
