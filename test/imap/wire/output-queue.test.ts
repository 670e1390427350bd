/** What waits for a client leaves in order, whatever it consists of. */
import assert from 'node:assert/strict';
import { OutputQueue } from '../../../src/imap/wire/output-queue.js';
import { generator } from '../../support/random.js';

describe('output queue', () => {
  const random = generator();
  it(`gives out what was put in (POSTERN_SEED=${random.seed})`, () => {
    const queue = new OutputQueue();
    for (let round = 0; round < 30; round++) {
      const expected: Buffer[] = [];
      for (let pieces = random.below(60); pieces > 0; pieces--) {
        const size = random.pick([0, 1, 30, 3000, 16_383, 16_384, 70_000]);
        const piece = random.pick(['a'.repeat(size), 'ü€😀'.repeat(size / 5), Buffer.alloc(size, random.below(256))]);
        queue.add(piece);
        expected.push(Buffer.from(piece as string));
      }
      assert.equal(Buffer.concat(queue.take()).equals(Buffer.concat(expected)), true);
      assert.deepEqual([queue.length, queue.take()], [0, []]);
    }
  });

  it(`uses the memory of what was sent again, and no other (POSTERN_SEED=${random.seed})`, () => {
    const queue = new OutputQueue();
    const expected: Buffer[] = [];
    const taken: Buffer[] = [];
    const memories = new Set<unknown>();
    for (let round = 0; round < 2000; round++) {
      const piece = Buffer.alloc(random.pick([10, 3000, 16_383, 20_000]), random.below(256));
      queue.add(piece);
      expected.push(piece);
      if (random.below(8) === 0) taken.push(...queue.take());
      if (random.below(30) === 0) {
        // What is not taken yet has to stay as it is, too.
        assert.equal(Buffer.concat(expected).indexOf(Buffer.concat(taken)), 0);
        const sent = taken.reduce((sum, { length }) => sum + length, 0);
        expected.splice(0, expected.length, Buffer.concat(expected).subarray(sent));
        for (const { buffer } of taken.splice(0)) if (buffer.byteLength === 65_536) memories.add(buffer);
        queue.reuse();
      }
    }
    assert.ok(memories.size < 100, `${memories.size}`);
    queue.rest();
  });

  it('gathers small pieces, and does not copy a large one', () => {
    const queue = new OutputQueue();
    for (let index = 0; index < 1000; index++) {
      queue.add('* 1 FETCH (');
      queue.add(Buffer.from('x'));
    }
    const large = Buffer.alloc(100_000);
    queue.add(large);
    queue.add('between');
    queue.add(large);
    queue.add('end');
    const pieces = queue.take();
    assert.deepEqual(
      pieces.map((piece) => piece.length),
      [12_000, 100_000, 7, 100_000, 3],
    );
    assert.equal(pieces[1], large);
    assert.equal(pieces[2].buffer, pieces[4].buffer, 'what is said between large pieces takes no memory of its own');
  });
});
