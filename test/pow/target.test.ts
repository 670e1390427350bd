import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { atLeast, expectedTrials, initialHash, isSufficient, target, trialValue } from '../../src/pow/target.js';

interface TargetCase {
  length: number;
  ttl: number;
  nonceTrialsPerByte: number;
  payloadLengthExtraBytes: number;
  receiverTarget: string;
  senderTarget: string;
}
interface TrialCase {
  data: string;
  initialHash: string;
  nonce: string;
  trialValue: string;
}
interface SufficientCase {
  object: string;
  receiveTime: number;
  nonceTrialsPerByte: number;
  payloadLengthExtraBytes: number;
  sufficient: boolean;
  note: string;
}

const MINIMUM = { nonceTrialsPerByte: 1000, extraBytes: 1000 };

function vectors<Case>(name: string): Case[] {
  const file = new URL(`../../../test/vectors/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases;
}

describe('pow target', () => {
  const targets = vectors<TargetCase>('pow-targets');
  for (const { length, ttl, nonceTrialsPerByte, payloadLengthExtraBytes, receiverTarget } of targets) {
    it(`of ${length} bytes for ${ttl} s at ${nonceTrialsPerByte}/${payloadLengthExtraBytes} is the verifier's`, () => {
      const demanded = atLeast({ nonceTrialsPerByte, extraBytes: payloadLengthExtraBytes }, MINIMUM);
      assert.equal(target({ lengthBytes: length, ttlSeconds: ttl, ...demanded }), BigInt(receiverTarget));
    });
  }

  // PROTOCOL 2.4, from the reference's own test.
  for (const [lengthBytes, ttlSeconds, expected] of [
    [3402, 432_000, 551_983_724_040n],
    [563_421, 2_419_200, 862_017_809n],
    [87_996, 7_776_000, 1_732_319_784n],
    [100, 10_000, 14_559_387_587_773n],
    [512, 124_598, 4_205_824_002_213n],
    [5_489, 217_856, 657_426_995_748n],
  ] as const) {
    it(`of ${lengthBytes} bytes for ${ttlSeconds} s is ${expected}`, () =>
      assert.equal(target({ lengthBytes, ttlSeconds, ...MINIMUM }), expected));
  }

  it('counts less than 300 s, even a past expiry, as 300 s', () => {
    const floor = target({ lengthBytes: 100, ttlSeconds: 300, ...MINIMUM });
    for (const ttlSeconds of [299, 0, -5000, -(2n ** 40n)]) assert.equal(target({ lengthBytes: 100, ttlSeconds, ...MINIMUM }), floor);
  });

  it('never exceeds 64 bits, and refuses no difficulty at all', () => {
    assert.equal(target({ lengthBytes: 1, ttlSeconds: 300, nonceTrialsPerByte: 1, extraBytes: 0 }), 2n ** 64n - 1n);
    assert.throws(() => target({ lengthBytes: 100, ttlSeconds: 300, nonceTrialsPerByte: 0, extraBytes: 0 }), RangeError);
  });

  it('expects 2^64 / target trials', () => {
    assert.equal(expectedTrials(2n ** 64n - 1n), 1);
    assert.equal(expectedTrials(2n ** 54n - 1n), 1024);
    assert.equal(expectedTrials(0n), 2 ** 64);
  });
});

describe('pow trial value', () => {
  for (const { data, initialHash: hash, nonce, trialValue: expected } of vectors<TrialCase>('pow-trials')) {
    it(`of nonce ${nonce} on ${hash.slice(0, 8)}`, () => {
      assert.equal(Buffer.from(initialHash(Buffer.from(data, 'hex'))).toString('hex'), hash);
      assert.equal(trialValue(BigInt(nonce), Buffer.from(hash, 'hex')), BigInt(expected));
    });
  }
});

describe('pow check', () => {
  const cases = vectors<SufficientCase>('pow-sufficient');
  cases.forEach(({ object, receiveTime, nonceTrialsPerByte, payloadLengthExtraBytes, sufficient, note }, index) => {
    it(`${index} ${note}: ${sufficient}`, () => {
      const demanded = { nonceTrialsPerByte, extraBytes: payloadLengthExtraBytes };
      assert.equal(isSufficient(Buffer.from(object, 'hex'), receiveTime, demanded, MINIMUM), sufficient);
    });
  });

  it('refuses what is too short to have an expiry', () => {
    for (let length = 0; length < 16; length++) assert.equal(isSufficient(new Uint8Array(length), 0, MINIMUM, MINIMUM), false);
  });
});
