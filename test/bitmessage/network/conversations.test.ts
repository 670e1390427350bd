import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { silentLogger } from '../../../src/base/log.js';
import { AddressBook } from '../../../src/bitmessage/network/address-book.js';
import { Conversations } from '../../../src/bitmessage/network/conversations.js';
import { BanList } from '../../../src/bitmessage/network/misbehaviour.js';
import { completeOptions } from '../../../src/bitmessage/network/options.js';
import type { Peer } from '../../../src/bitmessage/network/peer.js';
import type { Purpose } from '../../../src/bitmessage/network/peer-pool.js';
import type { Sync } from '../../../src/bitmessage/network/sync.js';
import { encodeAddr } from '../../../src/bitmessage/wire/messages.js';
import { MAINNET } from '../../../src/bitmessage/wire/params.js';
import { Database } from '../../../src/store/database.js';
import { PeerStore } from '../../../src/store/node/peers.js';
import { type FakePeer, fakePeer } from '../../support/fake-peer.js';

const NOW = 1_800_000_000;

describe('conversations', () => {
  let database: Database;
  let book: AddressBook;
  let conversations: Conversations;
  let peer: FakePeer;
  let purpose: Purpose;
  let inSync: Peer[];

  beforeEach(() => {
    database = new Database(':memory:');
    const clock = new ManualClock(NOW);
    book = new AddressBook({ streams: [1n], privateAddresses: false, prefersOnions: false }, { store: new PeerStore(database), clock });
    conversations = new Conversations(completeOptions({ params: MAINNET }).limits, {
      // Objects are of no concern here.
      sync: () => ({ add: (joined: Peer) => inSync.push(joined), remove: () => {} }) as unknown as Sync,
      addressBook: book,
      bans: new BanList(clock),
      purpose: () => purpose,
      clock,
      log: silentLogger,
    });
    [purpose, inSync] = ['inbound', []];
    peer = fakePeer();
    conversations.established(peer.peer);
  });
  afterEach(() => database.close());

  const receive = (command: string, payload: Uint8Array = new Uint8Array(0)): void => {
    void conversations.packet(peer.peer, { command, known: true, payload, digest: new Uint8Array(0) });
  };
  const addr = (second: number): Uint8Array =>
    encodeAddr(
      Array.from({ length: 100 }, (_, third) => ({
        time: BigInt(NOW - 60),
        services: 1n,
        host: `45.${second}.${third}.1`,
        port: 8444,
        stream: 1,
      })),
    );

  it('answers a ping, but not while 64 KiB of answers lie unread', () => {
    const pongs = (): number => peer.sent.filter(({ command }) => command === 'pong').length;
    receive('ping');
    assert.equal(pongs(), 1);
    peer.bufferedBytes = 64 * 1024;
    for (let count = 0; count < 1000; count++) receive('ping');
    assert.equal(pongs(), 1);
    peer.bufferedBytes = 0;
    receive('ping');
    assert.equal(pongs(), 2);
  });

  it('only exchanges addresses with a bootstrap host, and leaves it then', () => {
    assert.deepEqual(inSync, [peer.peer]);
    purpose = 'bootstrap';
    const host = fakePeer();
    conversations.established(host.peer);
    assert.deepEqual(inSync, [peer.peer]);
    assert.equal(host.closedFor, undefined);
    void conversations.packet(host.peer, { command: 'addr', known: true, payload: addr(1), digest: new Uint8Array(0) });
    assert.equal(host.closedFor, 'bootstrapped');
    assert.equal(book.size, 100);
  });

  it('learns 200 addresses of one peer in an hour, and does not look at the rest', () => {
    for (const second of [1, 2, 3, 4, 5]) receive('addr', addr(second));
    assert.equal(book.size, 200);
    // Not even at what would end the connection.
    receive('addr', Uint8Array.of(5, 0, 0));
  });
});
