/** A letter, a digit, or two of them: what is said of a text is what `includes` says. */
import assert from 'node:assert/strict';
import { placeOfShortText, shortTextsOf } from '../../../src/store/mail/short-texts.js';
import { generator } from '../../support/random.js';

function holds(bits: Buffer | null, asked: string): boolean {
  const place = placeOfShortText(asked);
  assert.ok(bits !== null && place !== null);
  return (bits[place.byte - 1] & place.mask) !== 0;
}

describe('short texts', () => {
  const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];

  const random = generator();
  it(`are told as they are (POSTERN_SEED=${random.seed})`, () => {
    for (let round = 0; round < 200; round++) {
      const characters = [...LETTERS.slice(0, 1 + random.below(36)), ' ', '\n', 'Ä', '😀', 'q', '\0'];
      const text = Array.from({ length: random.below(300) }, () => random.pick(characters)).join('');
      const bits = shortTextsOf({ text, addresses: '' });
      for (const first of LETTERS) {
        assert.equal(holds(bits, first), text.includes(first), first);
        for (const second of LETTERS) assert.equal(holds(bits, first + second), text.includes(first + second), first + second);
      }
    }
  });

  it('are bytes that SQLite can read as characters', () => {
    assert.ok(
      shortTextsOf({ text: LETTERS.flatMap((a) => LETTERS.map((b) => a + b)).join(''), addresses: '' })!.every((byte) => byte < 128),
    );
  });

  it('are not told of a message whose addresses say more', () => {
    assert.equal(shortTextsOf({ text: 'JO(C)HN@X', addresses: 'JOHN@X' }), null);
    assert.notEqual(shortTextsOf({ text: 'JOHN@X', addresses: 'JOHN@X' }), null);
  });

  it('are nothing else', () => {
    for (const text of ['', 'ABC', 'a', 'A ', 'Ä', '😀', '-']) assert.equal(placeOfShortText(text), null);
  });
});
