/** Undoing a transfer encoding piece by piece gives what undoing it at once gives, wherever the pieces end. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { transferDecoder } from '../../src/mime/transfer-decoder.js';
import { decodeTransfer } from '../../src/mime/transfer-encoding.js';

const SEED = randomInt(2 ** 31);
const ROUNDS = 3000;
/** What matters to the one or the other, often. */
const WORDS = ['=', '==', '=41', '=4', '=\r\n', '= \t\r\n', '\r\n', '\n', '\r', ' ', '\t', '   ', 'QUJD', 'QQ', 'x', 'ü', '-', '=20'];

describe('transfer decoder', () => {
  for (const encoding of ['base64', 'quoted-printable', '8bit', 'Binary']) {
    it(`${encoding}: is the same in pieces (seed ${SEED})`, () => {
      let state = SEED;
      const next = (below: number): number => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
      };
      for (let round = 0; round < ROUNDS; round++) {
        const body = Buffer.from(Array.from({ length: next(30) }, () => WORDS[next(WORDS.length)]).join(''));
        const decoder = transferDecoder(encoding)!;
        const pieces: Buffer[] = [];
        for (let at = 0; at < body.length; ) {
          const end = at + 1 + next(8);
          pieces.push(Buffer.from(decoder.add(body.subarray(at, end))));
          at = end;
        }
        pieces.push(decoder.end());
        const whole = decodeTransfer(body, encoding)!;
        assert.equal(Buffer.concat(pieces).toString('hex'), whole.toString('hex'), `round ${round}: ${JSON.stringify(body.toString())}`);
      }
    });
  }

  it('knows no other encoding', () => assert.equal(transferDecoder('rot13'), null));

  it('does not keep a line of blanks for ever', () => {
    const decoder = transferDecoder('quoted-printable')!;
    const blanks = Buffer.alloc(2 ** 19, ' ');
    const lengths = Array.from({ length: 4 }, () => decoder.add(blanks).length);
    assert.deepEqual(
      lengths,
      [0, 0, 0, 4 * 2 ** 19].map((n, i) => (i < 3 ? 0 : n)),
    );
  });
});
