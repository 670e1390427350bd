import assert from 'node:assert/strict';
import { baseSubject, isAnswer, referencesTo, threadBetween, threadWithin } from '../../src/mapping/threading.js';

describe('threading', () => {
  for (const [subject, base, answer] of [
    ['Plan', 'plan', false],
    ['Re: Plan', 'plan', true],
    ['RE: re: Plan', 'plan', true],
    ['AW: Re[2]: plan ', 'plan', true],
    ['Antwort: Fwd: Plan', 'plan', true],
    ['SV: Plan  B', 'plan b', true],
    ['回复：Plan', 'plan', true],
    ['Fwd: Plan', 'plan', false],
    ['Re Plan', 're plan', false],
    ['Regarding: Plan', 'regarding: plan', false],
    ['', '', false],
    ['Re:', '', true],
  ] as const)
    it(`reads ${JSON.stringify(subject)} as ${JSON.stringify(base)}`, () => {
      assert.deepEqual([baseSubject(subject), isAnswer(subject)], [base, answer]);
    });

  it('is the same thread from both ends, and another with somebody else or in a group', () => {
    assert.equal(threadBetween('BM-a', 'BM-b', 'x'), threadBetween('BM-b', 'BM-a', 'Re: X'));
    const threads = [
      threadBetween('BM-a', 'BM-b', 'x'),
      threadBetween('BM-a', 'BM-c', 'x'),
      threadWithin('BM-a', 'x'),
      threadWithin('BM-b', 'x'),
    ];
    assert.equal(new Set(threads).size, 4);
  });

  it('keeps the first and the last of many references', () => {
    let parent = { messageId: '<0>', references: '' };
    for (let i = 1; i < 50; i++) parent = { messageId: `<${i}>`, references: referencesTo(parent) };
    const references = parent.references.split(' ');
    assert.deepEqual([references.length, references[0], references.at(-1)], [20, '<0>', '<48>']);
  });
});
