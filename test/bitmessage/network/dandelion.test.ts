import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { silentLogger } from '../../../src/base/log.js';
import { Dandelion } from '../../../src/bitmessage/network/dandelion.js';
import { type FakePeer, fakePeer, keys } from '../../support/fake-peer.js';
import { onionName } from '../../support/onions.js';

const NOW = 1_800_000_000;
const OLD = { connectedAt: NOW - 100 };

describe('dandelion', () => {
  let clock: ManualClock;
  let peers: FakePeer[];
  let fluffed: string[];
  let random: () => number;
  let dandelion: Dandelion;
  const [key, second] = keys(2);

  const make = (enabled = true, prefersOnions = false): Dandelion =>
    new Dandelion(enabled, {
      clock,
      log: silentLogger,
      peers: () => peers.map(({ peer }) => peer),
      prefersOnions,
      fluff: (fluffedKey) => fluffed.push(fluffedKey),
      random: () => random(),
    });
  const pass = (seconds: number): void => {
    for (let passed = 0; passed < seconds; passed++) {
      clock.advance(1);
      dandelion.tick();
    }
  };
  const told = (): FakePeer[] => peers.filter((fake) => fake.take('dinv').length > 0);

  beforeEach(() => {
    clock = new ManualClock(NOW);
    peers = [fakePeer(OLD), fakePeer(OLD), fakePeer({ ...OLD, services: 1n }), fakePeer({ ...OLD, outbound: false })];
    fluffed = [];
    random = () => 0.5; // no dice, embargo 10 + 21 s, hop 5 s
    dandelion = make();
    dandelion.tick();
  });

  it('tells one outbound peer that knows dandelion of an own object, and nobody else until the embargo ends', () => {
    dandelion.begin(key, 1n);
    pass(10);
    const [child, ...others] = told();
    assert.deepEqual(others, []);
    assert.ok(child === peers[0] || child === peers[1]);
    assert.equal(dandelion.isHidden(child.peer, key), false);
    for (const other of peers.filter((fake) => fake !== child)) assert.equal(dandelion.isHidden(other.peer, key), true);
    pass(20);
    assert.deepEqual(fluffed, []);
    pass(1);
    assert.deepEqual(fluffed, [key]);
    assert.equal(dandelion.isStem(key), false);
  });

  it('begins paths at onion peers where we are hidden, and at others where there are no more of them', () => {
    const clear = Array.from({ length: 6 }, () => fakePeer(OLD));
    const onion = (number: number): FakePeer => fakePeer({ ...OLD, host: onionName(number) });
    for (const onions of [2, 1]) {
      peers = [...clear, ...Array.from({ length: onions }, (_, number) => onion(number))];
      const hidden = make(true, true);
      hidden.tick();
      const children = new Set<FakePeer>();
      for (let parent = 0; parent < 40; parent++) {
        random = () => (parent % 10) / 10;
        const from = fakePeer(OLD);
        assert.ok(hidden.expect(from.peer, `k${parent}`));
        hidden.take(`k${parent}`, 1n);
      }
      for (let second = 0; second < 10; second++) {
        clock.advance(1);
        hidden.tick();
        for (const child of told()) children.add(child);
      }
      const named = [...children].filter(({ peer }) => peer.address.host !== '127.0.0.1');
      assert.equal(children.size, 2);
      assert.equal(named.length, onions);
    }
  });

  it('hides the object from its child, too, until the child is told', () => {
    dandelion.begin(key, 1n);
    assert.equal(dandelion.isHidden(peers[0].peer, key), true);
    assert.equal(dandelion.isHidden(peers[1].peer, key), true);
  });

  it('uses one child for all own objects of an epoch', () => {
    for (let n = 0; n < 20; n++) {
      random = () => (n % 10) / 10;
      dandelion.begin(`own ${n}`, 1n);
    }
    random = () => 0.5;
    pass(10);
    assert.equal(told().length, 1);
  });

  it('fluffs an own object at once when no outbound peer knows dandelion', () => {
    peers = [fakePeer({ ...OLD, services: 1n }), fakePeer({ ...OLD, outbound: false })];
    dandelion.begin(key, 1n);
    assert.deepEqual(fluffed, [key]);
    assert.equal(dandelion.isStem(key), false);
  });

  it('fluffs at once when switched off', () => {
    dandelion = make(false);
    dandelion.begin(key, 1n);
    assert.deepEqual(fluffed, [key]);
    assert.equal(dandelion.expect(peers[0].peer, second), false);
  });

  it('waits for a peer that is too young to be asked by', () => {
    peers = [fakePeer({ connectedAt: NOW - 12 })];
    dandelion.begin(key, 1n);
    pass(8);
    assert.deepEqual(told(), []);
    pass(7);
    assert.equal(told().length, 1);
    assert.deepEqual(fluffed, []);
  });

  it('keeps an own object while nobody is connected, until the embargo ends', () => {
    peers = [];
    dandelion.begin(key, 1n);
    pass(30);
    assert.deepEqual(fluffed, []);
    pass(1);
    assert.deepEqual(fluffed, [key]);
  });

  it('passes a foreign stem object on to a child that is not its parent', () => {
    const parent = peers[0];
    assert.equal(dandelion.expect(parent.peer, key), true);
    assert.equal(dandelion.take(key, 1n), true);
    pass(10);
    assert.deepEqual(told(), [peers[1]]);
  });

  it('ends the path of a foreign object by one chance in ten', () => {
    random = () => 0.09;
    dandelion.expect(peers[0].peer, key);
    assert.equal(dandelion.take(key, 1n), false);
    assert.equal(dandelion.isStem(key), false);
  });

  it('takes an object that nobody sent on a path for an ordinary one', () => {
    assert.equal(dandelion.take(key, 1n), false);
    dandelion.expect(peers[0].peer, second);
    dandelion.heardOpenly(second);
    assert.equal(dandelion.take(second, 1n), false);
  });

  it('fluffs when a second copy comes', () => {
    dandelion.begin(key, 1n);
    dandelion.fluff(key);
    assert.deepEqual(fluffed, [key]);
    dandelion.fluff(key);
    assert.deepEqual(fluffed, [key]);
  });

  it('finds another child, and begins the embargo anew, when the child is lost', () => {
    dandelion.begin(key, 1n);
    pass(10);
    const [child] = told();
    peers = peers.filter((fake) => fake !== child);
    dandelion.remove(child.peer);
    pass(10);
    assert.equal(told().length, 1);
    pass(20);
    assert.deepEqual(fluffed, []);
    pass(1);
    assert.deepEqual(fluffed, [key]);
  });

  it('fluffs by the embargo when no child is left', () => {
    dandelion.begin(key, 1n);
    for (const lost of peers.splice(0)) dandelion.remove(lost.peer);
    pass(31);
    assert.deepEqual(fluffed, [key]);
  });

  it('chooses its stem peers anew about every ten minutes', () => {
    const children = new Set<FakePeer>();
    const dice = [0.1, 0.9];
    for (let epoch = 0; epoch < 30; epoch++) {
      random = () => dice[epoch % 2];
      dandelion.begin(`epoch ${epoch}`, 1n);
      pass(10);
      for (const child of told()) children.add(child);
      random = () => 0.5;
      pass(661);
    }
    assert.equal(children.size, 2);
  });

  it('does not send an object to a peer of another stream', () => {
    peers = [fakePeer({ ...OLD, streams: [2n] })];
    dandelion.begin(key, 1n);
    pass(10);
    assert.deepEqual(told(), []);
  });

  it('takes 1,000 of one parent and 10,000 in all, and forgets what is not delivered in a minute', () => {
    const expect = (parent: FakePeer, count: number, prefix: string): number =>
      keys(count, prefix).filter((each) => dandelion.expect(parent.peer, each)).length;
    assert.equal(expect(peers[0], 100_000, 'a'), 1000);
    const others = Array.from({ length: 12 }, () => fakePeer(OLD));
    assert.equal(
      others.reduce((sum, parent, index) => sum + expect(parent, 1000, `b${index} `), 0),
      9000,
    );
    pass(60);
    assert.equal(expect(peers[0], 10, 'c'), 10);
  });

  it('goes on with the embargo it had before a restart', () => {
    dandelion.begin(key, 1n, NOW + 3);
    pass(2);
    assert.deepEqual(fluffed, []);
    pass(1);
    assert.deepEqual(fluffed, [key]);
  });
});
