import assert from 'node:assert/strict';
import { judge } from '../../../src/bitmessage/inventory/intake.js';
import { fromHex } from '../../../src/bitmessage/wire/bytes.js';
import { makeObject, type TestObject, TRIVIAL_WORK } from '../../support/objects.js';
import { loadVectors } from '../../support/vectors.js';

const NOW = 1_800_000_000;
const RULES = { now: NOW, streams: [1n], minimum: TRIVIAL_WORK };
const NETWORK_MINIMUM = { nonceTrialsPerByte: 1000, extraBytes: 1000 };

function outcome(bytes: Uint8Array, rules = RULES): string {
  const verdict = judge(bytes, rules);
  return verdict.verdict === 'accepted' ? 'accepted' : `${verdict.verdict}: ${verdict.reason}`;
}

describe('intake', () => {
  for (const [why, fields, expected] of [
    ['an ordinary object', {}, 'accepted'],
    ['an unknown type and version', { type: 42, version: 7n }, 'accepted'],
    ['an empty payload', { payload: new Uint8Array(0) }, 'accepted'],
    ['the largest payload', { payload: new Uint8Array(262_144), startNonce: 1_152_148n }, 'accepted'],
    ['a payload one byte larger', { payload: new Uint8Array(262_145), startNonce: 201_899n }, 'refused: too-large'],
    ['expired an hour ago', { expiresAt: NOW - 3600 }, 'accepted'],
    ['expired an hour and a second ago', { expiresAt: NOW - 3601 }, 'refused: expired'],
    ['28 days and 3 hours ahead', { expiresAt: NOW + 2_430_000 }, 'accepted'],
    ['a second more', { expiresAt: NOW + 2_430_001 }, 'refused: expires-too-late'],
    ['a destination of I2P', { type: 0x493250 }, 'accepted'],
    ['a getpubkey too short to be one', { type: 0, version: 4n }, 'accepted'],
    ['stream 0', { stream: 0n }, 'refused: invalid-stream'],
    ['stream 2^63', { stream: 2n ** 63n }, 'refused: invalid-stream'],
    ['a stream that is not ours', { stream: 2n }, 'ignored: foreign-stream'],
  ] as [string, Partial<TestObject>, string][]) {
    it(`${why}: ${expected}`, () => assert.equal(outcome(makeObject({ expiresAt: NOW + 1000, ...fields }, NOW)), expected));
  }

  it('refuses work below the minimum', () => {
    const bytes = makeObject({ expiresAt: NOW + 1000 }, NOW);
    assert.equal(outcome(bytes, { ...RULES, minimum: NETWORK_MINIMUM }), 'refused: insufficient-work');
  });

  it('puts an expiry within ten minutes of the limit down to the clocks', () => {
    for (const [expiresAt, clockMayDiffer] of [
      [NOW - 3600 - 600, true],
      [NOW - 3600 - 601, false],
      [NOW + 2_430_600, true],
      [NOW + 2_430_601, false],
    ] as const) {
      const verdict = judge(makeObject({ expiresAt }, NOW), RULES);
      assert.ok(verdict.verdict === 'refused');
      assert.equal(verdict.clockMayDiffer, clockMayDiffer);
    }
  });

  it('refuses an object cut anywhere in its header', () => {
    const bytes = makeObject({ expiresAt: NOW + 1000, version: 300n }, NOW);
    for (let length = 0; length < bytes.length; length++) assert.equal(outcome(bytes.subarray(0, length)), 'refused: malformed');
  });

  it('refuses a var_int that is not in its shortest form', () => {
    const bytes = makeObject({ expiresAt: NOW + 1000 }, NOW);
    assert.equal(outcome(new Uint8Array([...bytes.subarray(0, 20), 0xfd, 0, 1, 1])), 'refused: malformed');
  });

  describe('gives the verdict of PyBitmessage on the vectors', () => {
    interface InvalidCase {
      readonly reason: string;
      readonly object: string;
      readonly createdTime: number;
      readonly networkError: string | null;
      readonly inventoryHash: string;
    }
    const VERDICTS: Record<string, string> = {
      BMObjectUnwantedStreamError: 'ignored: foreign-stream',
      BMObjectInsufficientPOWError: 'refused: insufficient-work',
      BMObjectExpiredError: 'refused: expired',
    };
    for (const vector of loadVectors<InvalidCase>('objects-invalid.json').cases) {
      it(vector.reason, () => {
        const rules = { now: vector.createdTime, streams: [1n], minimum: NETWORK_MINIMUM };
        // BMObjectInvalidError on the content of a type stops the processing there, not the relaying (PROTOCOL 2.2).
        const expected = vector.reason === 'stream 0' ? 'refused: invalid-stream' : (VERDICTS[vector.networkError ?? ''] ?? 'accepted');
        assert.equal(outcome(fromHex(vector.object), rules), expected);
      });
    }
    for (const file of ['getpubkey', 'pubkey', 'msg', 'broadcast', 'ack', 'other']) {
      it(`accepts, in streams 1 and 2, every object of objects-${file}.json`, () => {
        for (const vector of loadVectors<InvalidCase>(`objects-${file}.json`).cases) {
          const rules = { now: vector.createdTime, streams: [1n, 2n], minimum: NETWORK_MINIMUM };
          const verdict = judge(fromHex(vector.object), rules);
          assert.ok(verdict.verdict === 'accepted');
          assert.equal(Buffer.from(verdict.object.hash).toString('hex'), vector.inventoryHash);
        }
      });
    }
  });
});
