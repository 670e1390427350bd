import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { Downloader } from '../../../src/bitmessage/network/downloader.js';
import type { Peer } from '../../../src/bitmessage/network/peer.js';
import { type FakePeer, fakePeer, keys } from '../../support/fake-peer.js';
import { heldInHeap } from '../../support/memory.js';

const NOW = 1_800_000_000;

describe('downloader', () => {
  let clock: ManualClock;
  let downloader: Downloader;
  let hasRoom: boolean;
  let undelivered: [Peer, number][];

  beforeEach(() => {
    clock = new ManualClock(NOW);
    hasRoom = true;
    undelivered = [];
    downloader = new Downloader({
      clock,
      later: (work) => work(),
      hasRoom: () => hasRoom,
      notDelivered: (peer, count) => undelivered.push([peer, count]),
    });
  });

  const join = (): FakePeer => {
    const fake = fakePeer({ connectedAt: clock.now() });
    downloader.add(fake.peer);
    return fake;
  };
  const announce = (fake: FakePeer, announced: readonly string[], stem = false): void => {
    for (const key of announced) downloader.announced(fake.peer, key, stem);
    downloader.ask(fake.peer);
  };
  /** Second by second, as the network does. */
  const pass = (seconds: number): void => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1);
      downloader.tick();
    }
  };

  it('asks for what is announced, once, in random order', () => {
    const a = join();
    announce(a, keys(100));
    const asked = a.take('getdata');
    assert.deepEqual([...asked].sort(), [...keys(100)].sort());
    assert.notDeepEqual(asked, keys(100));
    announce(a, keys(100));
    assert.deepEqual(a.take('getdata'), []);
  });

  it('asks one peer at a time for one object', () => {
    const [a, b] = [join(), join()];
    announce(a, keys(1));
    announce(b, keys(1));
    assert.equal(a.take('getdata').length, 1);
    assert.equal(b.take('getdata').length, 0);
  });

  it('asks no more than 1,000 of one peer, and goes on as they come', () => {
    const a = join();
    announce(a, keys(3000));
    const first = a.take('getdata');
    assert.equal(first.length, 1000);
    for (const key of first.slice(0, 499)) downloader.arrived(a.peer, key);
    downloader.ask(a.peer);
    assert.equal(a.take('getdata').length, 0);
    downloader.arrived(a.peer, first[499]);
    downloader.ask(a.peer);
    assert.equal(a.take('getdata').length, 500);
  });

  it('shares the work among all who announced', () => {
    const peers = [join(), join(), join(), join()];
    for (const { peer } of peers) for (const key of keys(400)) downloader.announced(peer, key, false);
    for (const { peer } of peers) downloader.ask(peer);
    const asked = peers.map((fake) => fake.take('getdata'));
    assert.equal(new Set(asked.flat()).size, asked.flat().length);
    for (const list of asked) assert.ok(list.length >= 90, `${list.length}`);
  });

  it('asks for what else a peer has while requests stay unanswered, up to 1,000', () => {
    const a = join();
    pass(30); // the first requests of a connection are repeated
    announce(a, keys(3));
    a.take('getdata');
    pass(3);
    announce(a, keys(4));
    assert.deepEqual(a.take('getdata'), []);
    pass(1);
    assert.deepEqual(a.take('getdata'), keys(4).slice(3));
    announce(a, keys(1500));
    pass(20);
    assert.equal(a.take('getdata').length, 996);
  });

  it('asks another announcer after 60 s of silence, and remembers who failed', () => {
    const [a, b] = [join(), join()];
    announce(a, keys(5));
    announce(b, keys(5));
    a.take('getdata');
    pass(59);
    a.take('getdata');
    assert.deepEqual(b.take('getdata'), []);
    pass(1);
    assert.equal(b.take('getdata').length, 5);
    assert.deepEqual(undelivered, [[a.peer, 5]]);
  });

  it('gives a peer that delivers slowly its time, but not for ever', () => {
    const [a, b] = [join(), join()];
    const all = keys(20);
    announce(a, all);
    announce(b, all);
    for (let n = 0; n < 9; n++) {
      pass(50);
      downloader.arrived(a.peer, all[n]);
    }
    assert.deepEqual(b.take('getdata'), []);
    for (let n = 9; n < 13; n++) {
      pass(50);
      downloader.arrived(a.peer, all[n]);
    }
    assert.ok(b.take('getdata').length > 0);
  });

  it('asks at once elsewhere when the peer it asked is gone', () => {
    const [a, b] = [join(), join()];
    announce(a, keys(5));
    announce(b, keys(5));
    downloader.remove(a.peer);
    downloader.tick();
    assert.equal(b.take('getdata').length, 5);
  });

  it('repeats its requests at 6, 11, 16 and 22 s to a peer that has delivered nothing: PyBitmessage loses early ones', () => {
    const a = join();
    announce(a, keys(3));
    a.take('getdata');
    const repeatedAt: number[] = [];
    for (let second = 1; second <= 40; second++) {
      pass(1);
      if (a.take('getdata').length === 3) repeatedAt.push(second);
    }
    assert.deepEqual(repeatedAt, [6, 11, 16, 22]);
  });

  it('does not repeat them once the peer delivers', () => {
    const a = join();
    announce(a, keys(3));
    a.take('getdata');
    downloader.arrived(a.peer, keys(3)[0]);
    pass(40);
    assert.deepEqual(a.take('getdata'), []);
  });

  it('asks a lone announcer three times, then believes it no more', () => {
    const a = join();
    announce(a, keys(1));
    pass(30);
    a.take('getdata');
    pass(170);
    assert.equal(a.take('getdata').length, 2);
    assert.equal(downloader.wantedCount, 0);
  });

  it('forgets an announcement after an hour', () => {
    const a = join();
    hasRoom = false;
    announce(a, keys(10));
    pass(3599);
    assert.equal(downloader.wantedCount, 10);
    pass(1);
    assert.equal(downloader.wantedCount, 0);
    hasRoom = true;
    pass(1);
    assert.deepEqual(a.take('getdata'), []);
  });

  it('asks for nothing while what is here waits to be processed', () => {
    const a = join();
    hasRoom = false;
    announce(a, keys(10));
    assert.deepEqual(a.take('getdata'), []);
    hasRoom = true;
    pass(1);
    assert.equal(a.take('getdata').length, 10);
  });

  it('asks for a stem object of its announcer alone, and forgets it when that fails', () => {
    const [a, b] = [join(), join()];
    announce(a, keys(1), true);
    announce(b, keys(1), true);
    assert.equal(a.take('getdata').length, 1);
    pass(60);
    assert.deepEqual(b.take('getdata'), []);
    assert.equal(downloader.wantedCount, 0);
  });

  it('treats a stem object as any other once somebody announces it openly', () => {
    const [a, b] = [join(), join()];
    announce(a, keys(1), true);
    announce(b, keys(1));
    pass(60);
    assert.equal(b.take('getdata').length, 1);
  });

  it('tells who announced what came, and whether it was asked for', () => {
    const [a, b, c] = [join(), join(), join()];
    announce(a, keys(1));
    announce(b, keys(1));
    assert.deepEqual(downloader.arrived(b.peer, keys(1)[0]), { announcers: [a.peer, b.peer], requested: true });
    assert.deepEqual(downloader.arrived(c.peer, keys(1)[0]), { announcers: [], requested: false });
  });

  it('remembers 50,000 hashes of one peer and 500,000 in all', () => {
    for (let index = 0; index < 12; index++) {
      const fake = join();
      for (const key of keys(51_000, `p${index} `)) downloader.announced(fake.peer, key, false);
      assert.equal(downloader.wantedCount, Math.min(500_000, (index + 1) * 50_000));
    }
  });

  it('leaves a peer that announced more than it remembers once it has the rest, to hear of it again', () => {
    const fake = join();
    const all = keys(50_001);
    announce(fake, all);
    for (let asked = fake.take('getdata'); asked.length > 0; asked = fake.take('getdata')) {
      downloader.tick();
      assert.equal(fake.closedFor, undefined);
      for (const key of asked) downloader.arrived(fake.peer, key);
      downloader.ask(fake.peer);
    }
    downloader.tick();
    assert.match(fake.closedFor ?? '', /announced more/);
  });

  it('goes on in portions when a peer with a long list leaves, and asks the others meanwhile', () => {
    const waiting: (() => void)[] = [];
    downloader = new Downloader({ clock, later: (work) => waiting.push(work), hasRoom: () => true, notDelivered: () => {} });
    const [a, b] = [join(), join()];
    for (const key of keys(20_000)) for (const peer of [a.peer, b.peer]) downloader.announced(peer, key, false);
    downloader.ask(a.peer);
    const asked = a.take('getdata');
    downloader.remove(a.peer);
    let portions = 1;
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) {
      downloader.ask(b.peer);
      work();
      portions++;
    }
    assert.equal(portions, 4);
    assert.equal(downloader.wantedCount, 20_000, 'b has them all');
    const ofB = new Set<string>();
    while (ofB.size < 20_000) {
      downloader.ask(b.peer);
      const more = b.take('getdata');
      assert.ok(more.length > 0, `${ofB.size} of 20,000 asked for`);
      for (const key of more) {
        ofB.add(key);
        downloader.arrived(b.peer, key);
      }
    }
    assert.ok(asked.length > 0 && asked.every((key) => ofB.has(key)));
  });

  it('does not grow by peers that come, announce the same and go', () => {
    const stays = join();
    hasRoom = false;
    const all = keys(20_000);
    announce(stays, all);
    const before = heldInHeap();
    for (let round = 0; round < 20; round++) {
      const comes = join();
      announce(comes, all);
      downloader.remove(comes.peer);
    }
    assert.equal(downloader.wantedCount, 20_000);
    assert.ok(heldInHeap() - before < 30_000_000);
  });
});
