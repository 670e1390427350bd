import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { ManualClock } from '../../../src/base/clock.js';
import { silentLogger } from '../../../src/base/log.js';
import { Dialer, ForbiddenAddressError } from '../../../src/bitmessage/network/dial.js';
import { LanDiscovery, readAnnouncement } from '../../../src/bitmessage/network/lan-discovery.js';
import { encodePacket } from '../../../src/bitmessage/wire/frame.js';
import { type AddrEntry, encodeAddr } from '../../../src/bitmessage/wire/messages.js';
import { MAINNET, PRIVATE } from '../../../src/bitmessage/wire/params.js';
import { startNode, until } from '../../support/nodes.js';

const NOW = 1_800_000_000;
const RULES = { magic: MAINNET.magic, streams: [1n], loopback: false, now: NOW };
const announcement = (changes: Partial<AddrEntry> = {}, command = 'addr', magic = MAINNET.magic): Uint8Array =>
  encodePacket(magic, command, encodeAddr([{ time: BigInt(NOW), stream: 1, services: 1n, host: '127.0.0.1', port: 8555, ...changes }]));

describe('LAN discovery', () => {
  for (const [what, datagram, source, found] of [
    ['a neighbour', announcement(), '192.168.1.7', true],
    ['one whose clock is an hour off', announcement({ time: BigInt(NOW - 3600) }), '10.0.0.7', true],
    ['one whose clock is further off', announcement({ time: BigInt(NOW - 3601) }), '10.0.0.7', false],
    ['a sender that is no neighbour', announcement(), '8.8.8.8', false],
    ['loopback', announcement(), '127.0.0.1', false],
    ['a public address in it', announcement({ host: '8.8.8.8' }), '192.168.1.7', false],
    ['another stream', announcement({ stream: 2 }), '192.168.1.7', false],
    ['no port', announcement({ port: 0 }), '192.168.1.7', false],
    ['another command', announcement({}, 'inv'), '192.168.1.7', false],
    ['another network', announcement({}, 'addr', PRIVATE.magic), '192.168.1.7', false],
    ['noise', new Uint8Array(100), '192.168.1.7', false],
    ['half a datagram', announcement().subarray(0, 40), '192.168.1.7', false],
    ['a datagram over 4 KiB', Buffer.concat([announcement(), Buffer.alloc(4096)]), '192.168.1.7', false],
  ] as const) {
    it(`${found ? 'finds' : 'does not take'} ${what}`, () => {
      assert.deepEqual(readAnnouncement(datagram, source, RULES), found ? { host: source, port: 8555 } : undefined);
    });
  }

  it('announces every minute, hears others, and forgets them after five minutes', async () => {
    const clock = new ManualClock(NOW);
    const options = { magic: PRIVATE.magic, streams: [1n], port: 0, broadcastAddress: '127.0.0.1', loopback: true };
    // Unicast to itself on loopback: nothing leaves the machine.
    const lan = new LanDiscovery(options, { dialer: new Dialer(false), clock, log: silentLogger });
    await lan.start();
    try {
      lan.tick(undefined);
      lan.tick(8555);
      await until(() => lan.choose(() => true) !== undefined);
      assert.deepEqual(
        lan.choose(() => true),
        { host: '127.0.0.1', port: 8555 },
      );
      assert.equal(
        lan.choose(() => false),
        undefined,
      );
      clock.advance(299);
      lan.tick(undefined);
      assert.notEqual(
        lan.choose(() => true),
        undefined,
      );
      clock.advance(1);
      lan.tick(undefined);
      assert.equal(
        lan.choose(() => true),
        undefined,
      );
    } finally {
      await lan.stop();
    }
  });

  it('announces itself once a minute, and nothing while it listens nowhere', async () => {
    const clock = new ManualClock(NOW);
    const sent: Uint8Array[] = [];
    const dialer = { datagrams: async () => ({ send: (datagram: Uint8Array) => void sent.push(datagram), close: async () => {} }) };
    const options = { magic: MAINNET.magic, streams: [1n, 3n], port: 8444, broadcastAddress: '255.255.255.255', loopback: false };
    const lan = new LanDiscovery(options, { dialer, clock, log: silentLogger });
    await lan.start();
    lan.tick(undefined);
    assert.equal(sent.length, 0);
    for (let second = 0; second < 180; second++) {
      lan.tick(8555);
      clock.advance(1);
    }
    assert.equal(sent.length, 3);
    // Told to others, it means us: another node finds a neighbour in it.
    const found = readAnnouncement(sent[0] ?? new Uint8Array(0), '192.168.1.7', { ...options, now: NOW });
    assert.deepEqual(found, { host: '192.168.1.7', port: 8555 });
  });

  it('is refused under the loopback guard, and a node under it opens no UDP port', async () => {
    await assert.rejects(
      new Dialer(true).datagrams(0, () => {}),
      ForbiddenAddressError,
    );
    const opened: string[] = [];
    const hook = createHook({ init: (_id, type) => void (type === 'UDPWRAP' && opened.push(type)) }).enable();
    const node = await startNode({ lanDiscovery: true });
    await node.stop();
    hook.disable();
    assert.deepEqual(opened, []);
  });
});
