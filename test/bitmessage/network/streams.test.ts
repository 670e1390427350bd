import assert from 'node:assert/strict';
import { children, depth, parent, path } from '../../../src/bitmessage/network/streams.js';

describe('streams', () => {
  // PROTOCOL 9.5
  for (const [stream, above, below, steps, way] of [
    [1n, undefined, [2n, 3n], 0, [1n]],
    [2n, 1n, [4n, 5n], 1, [1n, 2n]],
    [3n, 1n, [6n, 7n], 1, [1n, 3n]],
    [6n, 3n, [12n, 13n], 2, [1n, 3n, 6n]],
    [13n, 6n, [26n, 27n], 3, [1n, 3n, 6n, 13n]],
    [1000n, 500n, [2000n, 2001n], 9, [1n, 3n, 7n, 15n, 31n, 62n, 125n, 250n, 500n, 1000n]],
    [2n ** 63n - 1n, 2n ** 62n - 1n, [], 62, undefined],
  ] as [bigint, bigint | undefined, bigint[], number, bigint[] | undefined][]) {
    it(`places stream ${stream} in the tree`, () => {
      assert.equal(parent(stream), above);
      assert.deepEqual(children(stream), below);
      assert.equal(depth(stream), steps);
      if (way !== undefined) assert.deepEqual(path(stream), way);
    });
  }
});
