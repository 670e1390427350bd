import assert from 'node:assert/strict';
import { readBitmessageUri, toBitmessageUri } from '../../src/mapping/bitmessage-uri.js';
import { ALICE, BOB } from './house.js';

describe('bitmessage: links', () => {
  it('are written with %20 for blanks, and without a label that says nothing', () => {
    assert.equal(toBitmessageUri(BOB, 'Bob Müller'), `bitmessage:${BOB}?label=Bob%20M%C3%BCller`);
    assert.equal(toBitmessageUri(BOB, BOB), `bitmessage:${BOB}`);
    assert.equal(toBitmessageUri(BOB, ' \r\n'), `bitmessage:${BOB}`);
  });

  for (const [text, label, why] of [
    [`bitmessage:${BOB}`, '', 'bare'],
    [`BitMessage://${BOB}/`, '', 'with slashes, in another case'],
    [`bitmessage:${BOB.slice(3)}?label=Bob+M%C3%BCller`, 'Bob Müller', 'as PyBitmessage writes it, without BM-'],
    [`bitmessage:${BOB}?amount=1&label=Bob%0D%0ABcc:x&x`, 'Bob Bcc:x', 'unknown keys, controls in the label'],
    [`bitmessage:${BOB}?label=%zz#part`, '%zz', 'a broken escape, a fragment'],
    [toBitmessageUri(BOB, 'a?b&c=d#e'), 'a?b&c=d#e', 'signs of its own'],
    [`bitmessage:${BOB}?label=${'x'.repeat(500)}`, 'x'.repeat(100), 'a label without end'],
  ])
    it(`are read ${why}`, () => {
      const read = readBitmessageUri(text);
      assert.deepEqual([read?.address, read?.label], [BOB, label]);
    });

  it('carry subject and text', () => {
    const { subject, body } = readBitmessageUri(`bitmessage:${ALICE}?subject=Hi%20you&body=one%0Atwo`)!;
    assert.deepEqual([subject, body], ['Hi you', 'one\ntwo']);
  });

  for (const text of [
    '',
    BOB,
    `mailto:${BOB}`,
    'bitmessage:',
    'bitmessage:BM-nonsense',
    `bitmessage:${BOB.slice(0, -1)}`,
    `bitmessage:${BOB}?label=${'x'.repeat(9000)}`,
  ])
    it(`are not "${text.slice(0, 60)}"`, () => assert.equal(readBitmessageUri(text), null));
});
