/** The base subject, RFC 5256 §2.1. */
import assert from 'node:assert/strict';
import { baseSubject } from '../../../src/imap/sort/base-subject.js';
import { processorMs } from '../../support/processor-time.js';

describe('base subject', () => {
  for (const [subject, text, isReply] of [
    ['plain', 'plain', false],
    ['  two \t words ', 'two words', false],
    ['Re: a', 'a', true],
    ['RE : a', 'a', true],
    ['re[2]: a', 'a', true],
    ['Fw: Fwd: re: a', 'a', true],
    ['[list] a', 'a', false],
    ['[list] Re: [other] a', 'a', true],
    ['a (fwd) (FWD)', 'a', true],
    ['[Fwd: Re: a]', 'a', true],
    ['[only]', '[only]', false],
    ['[a] [b]', '[b]', false],
    ['[a] [b] c', 'c', false],
    ['[a] [b] fwd[1]: [c] [d]', '[d]', true],
    ['[Fwd: [a] re: b (fwd)]', 'b', true],
    ['[FWD:]', '', true],
    ['Re:', '', true],
    ['', '', false],
    ['Rest: a', 'Rest: a', false],
    ['Aw: a', 'Aw: a', false],
  ] as const) {
    it(`of ${JSON.stringify(subject)} is ${JSON.stringify(text)}`, () => assert.deepEqual(baseSubject(subject), { text, isReply }));
  }

  it('is found in bounded time', () => {
    const start = processorMs();
    for (const piece of ['[a]', '[a] ', '[a] re: ', 're: ', '[fwd: ', '(fwd) ', '[', ' ']) {
      baseSubject(piece.repeat(20_000));
      baseSubject(piece.repeat(20_000) + ']'.repeat(20_000));
    }
    assert.ok(processorMs() - start < 2000, `${processorMs() - start} ms`);
  });
});
