import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { ManualClock } from '../../../src/base/clock.js';
import { Dialer } from '../../../src/bitmessage/network/dial.js';
import { Peer } from '../../../src/bitmessage/network/peer.js';
import { Turns } from '../../../src/bitmessage/network/turns.js';
import { encodeVersion } from '../../../src/bitmessage/wire/messages.js';
import { PRIVATE } from '../../../src/bitmessage/wire/params.js';
import { RawPeer, until, versionMessage } from '../../support/nodes.js';

const NOW = 1_800_000_000;

describe('the clocks of a connection', () => {
  let clock: ManualClock;
  let raw: RawPeer;
  let peer: Peer;
  let closedBecause: string | undefined;
  let server: ReturnType<typeof createServer>;

  beforeEach(async () => {
    clock = new ManualClock(NOW);
    closedBecause = undefined;
    const accepted: Socket[] = [];
    server = createServer((socket) => accepted.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const socket = await new Dialer(true).connect({ host: '127.0.0.1', port: address.port }, new AbortController().signal);
    await until(() => accepted.length === 1);
    raw = new RawPeer(accepted[0]);
    const options = {
      magic: PRIVATE.magic,
      direction: 'outbound',
      address: { host: '127.0.0.1', port: address.port },
      offersTls: false,
      handshakeSeconds: 20,
      makeVersion: () => versionMessage(),
    } as const;
    peer = new Peer(
      1,
      options,
      clock,
      new Turns(),
      {
        judgeVersion: () => undefined,
        established: () => {},
        packet: () => undefined,
        received: () => {},
        flushed: () => {},
        misbehaved: () => {},
        closed: (_peer, reason) => {
          closedBecause = reason;
        },
      },
      socket,
    );
    peer.start();
  });
  afterEach(() => {
    peer.close('end of test');
    raw.close();
    server.close();
  });

  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds && closedBecause === undefined; second++) {
      clock.advance(1);
      peer.tick();
      // What was written leaves between two ticks, as it does in life.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const establish = async (): Promise<void> => {
    await raw.receive('version');
    raw.send('version', encodeVersion(versionMessage()));
    raw.send('verack');
    await until(() => peer.established);
    raw.packets.splice(0);
  };

  it('gives the version exchange 20 seconds', async () => {
    await pass(19);
    assert.equal(closedBecause, undefined);
    await pass(1);
    assert.equal(closedBecause, 'handshake took too long');
  });

  it('says pong, never ping, after four minutes without a word of ours', async () => {
    await establish();
    await pass(239);
    raw.send('pong');
    await pass(1);
    assert.equal((await raw.receive('pong')).length, 0);
    assert.deepEqual(raw.packets, []);
  });

  it('asks a silent peer once after ten minutes, and leaves it a minute later', async () => {
    await establish();
    await pass(600);
    await raw.receive('ping');
    assert.equal(raw.packets.filter(({ command }) => command === 'ping').length, 0);
    await pass(59);
    assert.equal(closedBecause, undefined);
    await pass(1);
    assert.equal(closedBecause, 'the peer fell silent');
  });

  it('stays with a peer that answers', async () => {
    await establish();
    for (let round = 0; round < 3; round++) {
      await pass(600);
      await raw.receive('ping');
      raw.send('pong');
      await until(() => raw.socket.writableLength === 0);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(closedBecause, undefined);
  });

  it('leaves a peer that does not read what was written for two minutes', async () => {
    await establish();
    raw.socket.pause();
    for (let packet = 0; packet < 40; packet++) peer.send('object', new Uint8Array(262_144));
    assert.ok(peer.bufferedBytes > 0);
    for (let minute = 0; minute < 3; minute++) {
      await pass(30);
      // Its own word does not count for reading.
      raw.send('pong');
      await new Promise((resolve) => setTimeout(resolve, 20));
      await pass(30);
    }
    assert.equal(closedBecause, 'the peer stopped reading');
  });
});
