import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { AddressBook } from '../../../src/bitmessage/network/address-book.js';
import type { AddrEntry } from '../../../src/bitmessage/wire/messages.js';
import { Database } from '../../../src/store/database.js';
import { PeerStore } from '../../../src/store/node/peers.js';
import { onionName } from '../../support/onions.js';

const NOW = 1_800_000_000;
const HOST = '45.1.1.1';

describe('address book', () => {
  let clock: ManualClock;
  let database: Database;
  const open = (streams = [1n], privateAddresses = false): AddressBook =>
    new AddressBook({ streams, privateAddresses }, { store: new PeerStore(database), clock });
  const entry = (changes: Partial<AddrEntry> = {}): AddrEntry => ({
    host: HOST,
    port: 8444,
    services: 1n,
    stream: 1,
    time: BigInt(NOW - 100),
    ...changes,
  });

  beforeEach(() => {
    clock = new ManualClock(NOW);
    database = new Database(':memory:');
  });
  afterEach(() => database.close());

  for (const [what, changes, honest, known] of [
    ['a fresh public address', {}, true, 1],
    ['one just below three hours old', { time: BigInt(NOW - 10_799) }, true, 1],
    ['one three hours old', { time: BigInt(NOW - 10_800) }, true, 0],
    ['one from the future', { time: BigInt(NOW + 1) }, true, 0],
    ['one of this very second', { time: BigInt(NOW) }, true, 0],
    ['one of a child stream', { stream: 3 }, true, 1],
    ['one of a foreign stream', { stream: 9 }, true, 0],
    ['a private address', { host: '192.168.1.1' }, true, 0],
    ['loopback', { host: '127.0.0.1' }, true, 0],
    ['no port', { port: 0 }, false, 0],
    ['no host', { host: '0.0.0.0' }, false, 0],
    ['an onion name, which addr cannot carry', { host: 'quzwelsuziwqgpt2.onion' }, false, 0],
  ] as [string, Partial<AddrEntry>, boolean, number][]) {
    it(`learns ${what}: ${known === 1 ? 'yes' : 'no'}`, () => {
      const book = open();
      assert.equal(book.learn(entry(changes)), honest);
      assert.equal(book.size, known);
    });
  }

  it('knows loopback peers on a network of its own', () => {
    const book = open([1n], true);
    book.learn(entry({ host: '127.0.0.1' }));
    assert.equal(book.size, 1);
  });

  it('keeps peers of the parent stream, too', () => {
    const book = open([6n]);
    for (const stream of [1, 2, 3, 6, 12, 13, 14]) book.learn(entry({ stream, port: 1000 + stream }));
    assert.equal(book.size, 4);
  });

  it('keeps the stream of a peer, up to the last there can be, over a restart', () => {
    const last = 2n ** 63n - 1n;
    const book = open([1n, last]);
    book.add({ host: HOST, port: 8444, stream: last, services: 1n, lastSeen: NOW });
    book.save();
    assert.deepEqual(
      new PeerStore(database).all().map(({ stream }) => stream),
      [last],
    );
    // The field in addr has 32 bits.
    assert.deepEqual(open([1n, last]).toSend([last], 1000), []);
  });

  it('survives a restart with ratings and anchors', () => {
    const book = open();
    book.learn(entry());
    book.learn(entry({ host: '46.1.1.1' }));
    for (let time = 0; time < 5; time++) book.connected({ host: HOST, port: 8444 }, 3n);
    book.setAnchors([{ host: HOST, port: 8444 }]);
    book.save();
    assert.deepEqual(
      new PeerStore(database).all().map(({ host, rating, services, anchor }) => [host, rating, services, anchor]),
      [
        [HOST, 0.5, 3n, true],
        ['46.1.1.1', 0, 1n, false],
      ],
    );
    const again = open();
    assert.deepEqual(
      again.anchors().map(({ host }) => host),
      [HOST],
    );
    again.setAnchors([]);
    again.save();
    assert.deepEqual(open().anchors(), []);
  });

  it('rates between -1 and 1 in steps of 0.1', () => {
    const book = open();
    book.learn(entry());
    for (let time = 0; time < 30; time++) book.connected({ host: HOST, port: 8444 }, 1n);
    book.save();
    assert.equal(new PeerStore(database).all()[0].rating, 1);
    for (let time = 0; time < 50; time++) book.failed({ host: HOST, port: 8444 });
    book.save();
    assert.equal(new PeerStore(database).all()[0].rating, -1);
  });

  it('draws good peers more often, and none that may not be used', () => {
    const book = open();
    book.learn(entry());
    book.learn(entry({ host: '46.1.1.1' }));
    for (let time = 0; time < 9; time++) book.connected({ host: HOST, port: 8444 }, 1n);
    clock.advance(100);
    const drawn = Array.from({ length: 300 }, () => book.choose(() => true)?.host);
    const good = drawn.filter((host) => host === HOST).length;
    const fair = drawn.filter((host) => host === '46.1.1.1').length;
    // 0.05 / (1 - 0.9) = 0.5 against 0.05.
    assert.ok(good > 5 * fair && fair > 0, `${good} : ${fair}`);
    assert.equal(
      book.choose(({ host }) => host === 'nobody'),
      undefined,
    );
  });

  it('waits a minute before it tries again, and longer after each failure', () => {
    const book = open();
    book.learn(entry());
    for (let time = 0; time < 10; time++) book.connected({ host: HOST, port: 8444 }, 1n);
    const draw = (): boolean => Array.from({ length: 20 }, () => book.choose(() => true)).some((address) => address !== undefined);
    assert.equal(draw(), false);
    clock.advance(60);
    assert.equal(draw(), true);
    for (const seconds of [60, 120, 240, 480, 960]) {
      book.failed({ host: HOST, port: 8444 });
      clock.advance(seconds - 1);
      assert.equal(draw(), false);
      clock.advance(1);
      assert.equal(draw(), true);
    }
  });

  it('tells a new peer of recent, not bad peers of its streams and their children, and no more than 1,000', () => {
    const book = open();
    for (let n = 0; n < 700; n++) book.learn(entry({ host: `45.1.${n >> 8}.${n & 255}` }));
    for (let n = 0; n < 400; n++) book.learn(entry({ host: `45.2.${n >> 8}.${n & 255}`, stream: 2 }));
    book.learn(entry({ host: '50.0.0.1', stream: 3 }));
    const sent = book.toSend([1n], 1000);
    assert.deepEqual(
      [1, 2, 3].map((stream) => sent.filter((each) => each.stream === stream).length),
      [500, 250, 1],
    );
    for (const { time } of sent) assert.ok(time >= BigInt(NOW - 100) && time <= BigInt(NOW));
    book.failed({ host: '50.0.0.1', port: 8444 });
    assert.equal(book.toSend([3n], 1000).length, 0);
    clock.advance(10_800);
    assert.deepEqual(book.toSend([1n], 1000), []);
  });

  it('forgets who was not seen for 28 days, bad ones after three hours, and never the last one', () => {
    const book = open();
    book.learn(entry());
    book.learn(entry({ host: '46.1.1.1' }));
    book.learn(entry({ host: '47.1.1.1' }));
    for (let time = 0; time < 5; time++) book.failed({ host: '46.1.1.1', port: 8444 });
    book.save();
    clock.advance(10_800);
    book.cleanUp();
    assert.equal(book.size, 2);
    clock.advance(28 * 86_400);
    book.cleanUp();
    assert.equal(book.size, 1);
    book.save();
    assert.equal(open().size, 1);
  });

  it('holds 20,000 peers of one stream', () => {
    const book = open();
    for (let n = 0; n < 20_100; n++) book.learn(entry({ host: `45.${n >> 16}.${(n >> 8) & 255}.${n & 255}` }));
    assert.equal(book.size, 20_000);
  });

  describe('and onion peers', () => {
    const onion = (number: number) => ({ host: onionName(number), port: 8444, stream: 1n });

    it('takes ten in an hour, and no more', () => {
      const book = open();
      const taken = Array.from({ length: 30 }, (_, number) => book.learnOnion(onion(number)));
      assert.deepEqual([taken.filter((each) => each).length, book.size], [10, 10]);
      // Those that are known already do not count, and are seen anew.
      assert.equal(book.learnOnion(onion(0)), true);
      clock.advance(3600);
      assert.equal(book.learnOnion(onion(20)), true);
      assert.equal(book.size, 11);
    });

    it('keeps a thousand, and no more', () => {
      const book = open();
      for (let number = 0; number < 1010; number++) {
        book.learnOnion(onion(number));
        if (number % 10 === 9) clock.advance(3600);
      }
      assert.equal(book.size, 1000);
    });

    for (const [what, peer] of [
      ['of version 2', { host: 'quzwelsuziwqgpt2.onion', port: 8444, stream: 1n }],
      ['that are misspelt', { host: `${'a'.repeat(56)}.onion`, port: 8444, stream: 1n }],
      ['without a port', { ...onion(1), port: 0 }],
      ['of a foreign stream', { ...onion(1), stream: 9n }],
      ['that are none', { host: '45.1.1.1', port: 8444, stream: 1n }],
    ] as const)
      it(`takes none ${what}`, () => assert.equal(open().learnOnion(peer), false));

    it('keeps the rating of one that is named again: whoever names it knows nothing of it', () => {
      const book = open();
      book.learnOnion(onion(1));
      book.failed(onion(1));
      clock.advance(10);
      book.learnOnion(onion(1));
      book.save();
      assert.deepEqual(
        new PeerStore(database).all().map(({ rating, lastSeen }) => [rating, lastSeen]),
        [[-0.1, NOW + 10]],
      );
    });

    it('passes none on: a name does not fit into addr', () => {
      const book = open();
      book.learnOnion(onion(1));
      book.learn(entry());
      assert.deepEqual(
        book.toSend([1n], 1000).map(({ host }) => host),
        [HOST],
      );
    });

    it('chooses one that worked before all others, behind a proxy', () => {
      const book = new AddressBook(
        { streams: [1n], privateAddresses: false, prefersOnions: true },
        { store: new PeerStore(database), clock },
      );
      book.learnOnion(onion(1));
      book.connected(onion(1), 1n);
      clock.advance(60);
      // A draw comes to it or to one of the others; an onion that worked is taken at every draw, the others at every twentieth.
      for (let host = 1; host <= 9; host++) book.learn(entry({ host: `45.${host}.1.1` }));
      const drawn = Array.from({ length: 500 }, () => book.choose(() => true)?.host ?? '');
      assert.ok(drawn.filter((host) => host.endsWith('.onion')).length > 250);
    });
  });
});
