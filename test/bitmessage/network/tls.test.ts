import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { concat } from '../../../src/bitmessage/wire/bytes.js';
import { encodePacket } from '../../../src/bitmessage/wire/frame.js';
import { decodeVersion, encodeVersion, NODE_NETWORK, NODE_SSL } from '../../../src/bitmessage/wire/messages.js';
import { PRIVATE } from '../../../src/bitmessage/wire/params.js';
import { RawPeer, startNode, type TestNode, until, versionMessage } from '../../support/nodes.js';

/** What PyBitmessage and MiNode offer, and nothing more. */
const AS_PYBITMESSAGE = {
  ciphers: 'AECDH-AES256-SHA@SECLEVEL=0',
  ecdhCurve: 'secp256k1',
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1.2',
  rejectUnauthorized: false,
} as const;
const SERVICES = NODE_NETWORK | NODE_SSL;

describe('TLS between peers', () => {
  let node: TestNode;
  const open: { close(): unknown }[] = [];
  beforeEach(async () => {
    node = await startNode();
  });
  afterEach(async () => {
    for (const each of open.splice(0)) each.close();
    await node.stop();
  });
  const dial = async (): Promise<RawPeer> => {
    const peer = await RawPeer.dial(node.port);
    open.push(peer);
    peer.send('version', encodeVersion(versionMessage({ services: SERVICES })));
    return peer;
  };
  const offered = async (peer: RawPeer): Promise<boolean> => (decodeVersion(await peer.receive('version')).services & NODE_SSL) !== 0n;

  it('takes a ClientHello that comes in one segment with the verack', async () => {
    const peer = await dial();
    assert.equal(await offered(peer), true);
    // The TLS client writes into this, so that its first bytes can be held back and sent together with the verack.
    let first = true;
    const held = new Duplex({
      read: () => {},
      write: (chunk: Buffer, _encoding, done) => {
        peer.socket.write(first ? concat(encodePacket(PRIVATE.magic, 'verack', new Uint8Array(0)), chunk) : chunk);
        first = false;
        done();
      },
    });
    peer.socket.removeAllListeners('data');
    peer.socket.on('data', (chunk) => held.push(chunk));
    const secure = connectTls({ socket: held, ...AS_PYBITMESSAGE });
    await once(secure, 'secureConnect');
    assert.equal(secure.getCipher().name, 'AECDH-AES256-SHA');
    const inside = new RawPeer(secure);
    inside.send('ping');
    await inside.receive('pong');
    assert.equal(node.network.peers()[0].tls, true);
  });

  it('does not offer it again to an address whose TLS failed', async () => {
    const failing = await dial();
    assert.equal(await offered(failing), true);
    // The alert that PyBitmessage on OpenSSL 3 sends instead of a ClientHello.
    failing.send('verack');
    failing.socket.write(Buffer.from('1503010002022f', 'hex'));
    await failing.untilClosed();
    const again = await dial();
    assert.equal(await offered(again), false);
    again.send('verack');
    await until(() => node.network.peers().length === 1);
    assert.equal(node.network.peers()[0].tls, false);
    again.send('ping');
    await again.receive('pong');
  });

  it('dials a peer whose TLS fails again, and the third time without it', async () => {
    const offers: boolean[] = [];
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      const peer = new RawPeer(socket);
      void (async () => {
        offers.push(await offered(peer));
        peer.send('verack');
        peer.send('version', encodeVersion(versionMessage({ services: SERVICES })));
        await peer.receive('verack');
        // MiNode on a current Python: announces TLS, and resets the connection when it begins.
        if (offers.at(-1) === true) socket.resetAndDestroy();
      })();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const dialling = await startNode({ peers: [`127.0.0.1:${address.port}`] });
    try {
      await until(() => dialling.network.peers().length === 1, 'a connection in the clear');
      assert.deepEqual(offers, [true, true, false]);
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
      await dialling.stop();
    }
  });

  it('speaks in the clear with a peer that does not offer it', async () => {
    open.push(await RawPeer.greet(node.port));
    await until(() => node.network.peers().length === 1);
    assert.equal(node.network.peers()[0].tls, false);
  });
});
