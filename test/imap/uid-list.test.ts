/** The list of UIDs against plain arrays. */
import assert from 'node:assert/strict';
import { UidList } from '../../src/imap/uid-list.js';
import { exactRuns } from '../../src/store/mail/uid-runs.js';
import { type Generator, generator } from '../support/random.js';

const STEPS = 300;

function listOf(uids: readonly number[]): UidList {
  return UidList.ofRuns(exactRuns(uids));
}

/** Agrees with the array in all that it can be asked. */
function assertSame(list: UidList, uids: readonly number[], random: Generator): void {
  assert.deepEqual(list.toArray(), uids);
  assert.equal(list.length, uids.length);
  assert.equal(list.highest, uids.at(-1) ?? 0);
  const start = random.below(uids.length + 2);
  const end = start + random.below(10);
  assert.deepEqual(list.slice(start, end), uids.slice(start, end));
  for (const uid of [0, 1, (uids.at(-1) ?? 0) + 1, ...uids.slice(start, end), ...uids.slice(start, end).map((each) => each + 1)]) {
    assert.equal(list.indexOf(uid), uids.indexOf(uid), `index of ${uid}`);
    const above = uids.findIndex((each) => each >= uid);
    assert.equal(list.lowerBound(uid), above < 0 ? uids.length : above, `lower bound of ${uid}`);
  }
  const below = (uids.at(-1) ?? 0) + random.below(3) + 1;
  const all = Array.from({ length: below - 1 }, (_, index) => index + 1);
  assert.deepEqual(
    list.missing(below),
    all.filter((uid) => !uids.includes(uid)),
  );
  const asked = Array.from({ length: 20 }, (_, index) => start + index).filter(() => random.below(3) > 0);
  assert.deepEqual(
    list.indexesOf(asked),
    asked.map((uid) => uids.indexOf(uid)),
  );
  const some = uids.filter(() => random.below(3) > 0);
  assert.deepEqual(list.runsNotIn(listOf([...some, below + 5])), exactRuns(uids.filter((uid) => !some.includes(uid))));
  for (const first of [start, below])
    assert.equal(
      list.overlaps({ first, last: first + 2 }),
      uids.some((uid) => uid >= first && uid <= first + 2),
    );
  for (const index of [-1, start, uids.length]) assert.equal(list.at(index), index < 0 ? undefined : uids[index]);
}

describe('list of UIDs', () => {
  const random = generator();
  it(`stays like an array to which the same is done (POSTERN_SEED=${random.seed})`, () => {
    let uids: number[] = [];
    let list = UidList.EMPTY;
    for (let step = 0; step < STEPS; step++) {
      if (random.below(2) === 0) {
        let next = (uids.at(-1) ?? 0) + 1;
        const added = Array.from({ length: random.below(6) }, () => (next += random.below(3) === 0 ? random.below(4) + 1 : 1));
        list = list.withAdded(added);
        uids = [...uids, ...added];
      } else {
        const gone = exactRuns(Array.from({ length: (uids.at(-1) ?? 0) + 1 }, (_, uid) => uid).filter(() => random.below(8) === 0));
        list = list.without(gone);
        uids = uids.filter((uid) => !gone.some(({ first, last }) => uid >= first && uid <= last));
      }
      assertSame(list, uids, random);
    }
  });

  it('takes one run for a million neighbours, and for what follows them', () => {
    const list = UidList.ofRuns([{ first: 1, last: 1_000_000 }]).withAdded([1_000_001, 1_000_002]);
    assert.deepEqual([list.runCount, list.length, list.indexOf(1_000_002)], [1, 1_000_002, 1_000_001]);
  });

  it('begins a run where UIDs are missing, and closes none that is not one', () => {
    assert.equal(listOf([1, 2]).withAdded([4, 5, 7]).runCount, 3);
    assert.equal(
      UidList.ofRuns([
        { first: 1, last: 2 },
        { first: 3, last: 4 },
      ]).runCount,
      1,
    );
    assert.equal(listOf([1, 2, 3]).without([{ first: 2, last: 2 }]).runCount, 2);
  });

  it('is the same list when nothing of it is gone', () => {
    const list = listOf([3, 4]);
    assert.equal(
      list.without([
        { first: 1, last: 2 },
        { first: 5, last: 9 },
      ]),
      list,
    );
    assert.equal(list.withAdded([]), list);
  });

  it('knows the highest UID there can be', () => {
    assert.equal(listOf([0xfffffffe]).withAdded([0xffffffff]).indexOf(0xffffffff), 1);
  });
});
