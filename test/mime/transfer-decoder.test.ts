/** Undoing a transfer encoding piece by piece gives what undoing it at once gives, wherever the pieces end. */
import assert from 'node:assert/strict';
import { transferDecoder } from '../../src/mime/transfer-decoder.js';
import { decodedLength, decodeTransfer } from '../../src/mime/transfer-encoding.js';
import { generator } from '../support/random.js';

const ROUNDS = 3000;
/** What matters to the one or the other, often. */
const WORDS = ['=', '==', '=41', '=4', '=\r\n', '= \t\r\n', '\r\n', '\n', '\r', ' ', '\t', '   ', 'QUJD', 'QQ', 'x', 'ü', '-', '=20'];

describe('transfer decoder', () => {
  const random = generator();

  for (const encoding of ['base64', 'quoted-printable', '8bit', 'Binary']) {
    it(`${encoding}: is the same in pieces (POSTERN_SEED=${random.seed})`, () => {
      for (let round = 0; round < ROUNDS; round++) {
        const body = Buffer.from(Array.from({ length: random.below(30) }, () => random.pick(WORDS)).join(''));
        const decoder = transferDecoder(encoding)!;
        const pieces: Buffer[] = [];
        for (let at = 0; at < body.length; ) {
          const end = at + 1 + random.below(8);
          pieces.push(Buffer.from(decoder.add(body.subarray(at, end))));
          at = end;
        }
        pieces.push(decoder.end());
        const whole = decodeTransfer(body, encoding)!;
        assert.equal(Buffer.concat(pieces).toString('hex'), whole.toString('hex'), `round ${round}: ${JSON.stringify(body.toString())}`);
        assert.equal(decodedLength(body, encoding), whole.length, `round ${round}: ${JSON.stringify(body.toString())}`);
      }
    });
  }

  it('knows no other encoding', () => {
    assert.equal(transferDecoder('rot13'), null);
    assert.equal(decodedLength(Buffer.from('x'), 'rot13'), null);
  });

  it('does not keep a line of blanks for ever', () => {
    const decoder = transferDecoder('quoted-printable')!;
    const blanks = Buffer.alloc(2 ** 19, ' ');
    const lengths = Array.from({ length: 4 }, () => decoder.add(blanks).length);
    assert.deepEqual(lengths, [0, 0, 0, 4 * 2 ** 19]);
  });
});
