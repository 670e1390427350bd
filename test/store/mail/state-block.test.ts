/** Blocks of the states of entries against a plain map. */
import assert from 'node:assert/strict';
import { StateBlock, UIDS_PER_BLOCK } from '../../../src/store/mail/state-block.js';
import { type State, StatePool } from '../../../src/store/mail/state-pool.js';
import { generator } from '../../support/random.js';

const NUMBER = 33_554_431; // holds the highest UIDs that there are
const START = NUMBER * UIDS_PER_BLOCK;

describe('state block', () => {
  const random = generator();

  it(`keeps what was put into it, stored and read in between (POSTERN_SEED=${random.seed})`, () => {
    const pool = new StatePool();
    const model = new Map<number, { state: State; modseq: number }>();
    let block = new StateBlock(NUMBER);
    for (let step = 0; step < 5000; step++) {
      const uid = START + random.below(UIDS_PER_BLOCK);
      if (random.below(4) === 0) {
        block.remove(uid);
        model.delete(uid);
      } else {
        const keywords = random.below(2) === 0 ? '' : `$k${random.below(400)} b`;
        const entry = { state: pool.of(random.below(32), keywords), modseq: 1 + random.below(2 ** 31) * 2 ** 21 };
        block.set(uid, entry.state, entry.modseq);
        model.set(uid, entry);
      }
      if (step % 50 === 0) block = StateBlock.decode(block.encode(), pool);
      if (step % 7 !== 0) continue;
      const uids: number[] = [];
      block.collectUids(uids);
      assert.deepEqual(
        uids,
        [...model.keys()].sort((a, b) => a - b),
      );
      assert.deepEqual(
        uids.map((each) => ({ state: block.stateOf(each), modseq: block.modseqOf(each) })),
        uids.map((each) => model.get(each)),
      );
      assert.equal(block.modseq, Math.max(0, ...[...model.values()].map(({ modseq }) => modseq)));
      assert.equal(
        block.count(({ bits }) => (bits & 1) === 0),
        [...model.values()].filter(({ state }) => (state.bits & 1) === 0).length,
      );
    }
  });

  it('takes more states than it has places, one after the other', () => {
    const pool = new StatePool();
    const block = new StateBlock(0);
    for (let change = 0; change < 1000; change++) {
      block.set(change % UIDS_PER_BLOCK, pool.of(0, `k${change}`), change);
      assert.equal(block.stateOf(change % UIDS_PER_BLOCK)?.keywords, `k${change}`);
    }
    for (let uid = 0; uid < UIDS_PER_BLOCK; uid++) {
      const last = 1000 - 1 - ((1000 - 1 - uid) % UIDS_PER_BLOCK);
      assert.deepEqual(block.stateOf(uid)?.flags, [`k${last}`]);
    }
  });

  it('is empty before and after', () => {
    const pool = new StatePool();
    const block = new StateBlock(1);
    assert.ok(block.isEmpty && StateBlock.decode(block.encode(), pool).isEmpty);
    block.set(200, pool.of(4, ''), 7);
    assert.equal(block.isEmpty, false);
    assert.equal(block.encode().states.length, 10);
    block.remove(200);
    assert.ok(block.isEmpty);
  });

  it('collects the UIDs of a range', () => {
    const block = new StateBlock(1);
    const state = new StatePool().of(0, '');
    for (const uid of [128, 130, 255]) block.set(uid, state, 1);
    for (const [first, last, expected] of [
      [1, 1000, [128, 130, 255]],
      [128, 129, [128]],
      [129, 255, [130, 255]],
      [256, 300, []],
      [1, 127, []],
    ] as const) {
      const uids: number[] = [];
      block.collectUids(uids, first, last);
      assert.deepEqual(uids, expected);
    }
  });
});
