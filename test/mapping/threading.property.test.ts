/** Strangers, friends and groups who write with the same few subjects, and name what they like: no conversation ever takes in another. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { encodeContent } from '../../src/bitmessage/wire/content.js';
import { generator } from '../support/random.js';
import { ALICE, address, BOB, CAROL, DAVE, House } from './house.js';

const SUBJECTS = ['hi', 'Hi', 'Re: hi', 'RE: hi', 'AW: Re[2]: hi', 'Fwd: hi', '', 'Re:', 'Re: plan'];
const SENDERS = [BOB, CAROL, DAVE];
const ROUNDS = 8;
const MAILS = 40;

interface Written {
  readonly messageId: string;
  readonly objectHash: Uint8Array;
  /** Who can have read it: two people, or a group. */
  readonly circle: string;
}

const between = (one: string, other: string): string => [one, other].sort().join(' ');

describe('conversations', function () {
  this.timeout(60_000);
  for (let round = 0; round < ROUNDS; round++) {
    const random = generator();
    it(`never meet (POSTERN_SEED=${random.seed})`, async () => {
      const house = await House.open();
      const chan = address(4, 1n, 'chan');
      house.node.add({ address: chan, chan: true });
      const written: Written[] = [];
      let joined = 0;
      for (let index = 0; index < MAILS; index++) {
        const from = random.pick(SENDERS);
        const isPost = random.below(4) === 0;
        const named = random.below(2) === 0 && written.length > 0 ? [random.pick(written)] : [];
        const content = { subject: random.pick(SUBJECTS), body: `${index}`, parents: named.map(({ objectHash }) => objectHash), files: [] };
        const signatureHash = Uint8Array.from(random.bytes(32));
        const objectHash = Uint8Array.from(random.bytes(32));
        const to = isPost ? chan : ALICE;
        await house.deliver({ from, to, chan: isPost, encoding: 3, content: encodeContent(3, content), objectHash, signatureHash });
        const mail =
          house.mails(isPost ? (house.paths().find((path) => path.startsWith('Chans/')) ?? assert.fail()) : 'INBOX').at(-1) ??
          assert.fail();
        const parentId = /^In-Reply-To:\s+(<[^>]*>)/m.exec(mail)?.[1];
        const circle = isPost ? chan : between(from, to);
        if (parentId !== undefined) {
          joined++;
          const parent = written.find(({ messageId }) => messageId === parentId);
          const explain = `${from} wrote "${content.subject}" to ${to}; it was joined to ${JSON.stringify(parent)}`;
          assert.ok(parent !== undefined, explain);
          // What was said in a group anybody there may take up; what was said between two, only the two.
          assert.ok(parent.circle === circle || parent.circle === chan || parent.circle.includes(from), explain);
          // By its subject alone nothing leaves its circle.
          if (!named.includes(parent)) assert.equal(parent.circle, circle, explain);
        }
        written.push({ messageId: `<${Buffer.from(signatureHash).toString('hex')}@bitmessage>`, objectHash, circle });
      }
      assert.ok(joined > 0, 'some were joined');
      await house.close();
    });
  }

  it('are not told to those who have no part in them: an answer names what it answers to who has read it alone', async () => {
    const house = await House.open();
    const [hash, signatureHash] = [randomBytes(32), randomBytes(32)];
    await house.deliver({ from: BOB, subject: 'hi', objectHash: hash, signatureHash });
    for (const reader of [BOB, CAROL]) house.mapping.readings.see(reader, 'extended');
    const answer = `From: ${ALICE}@bitmessage\nSubject: Re: hi\nIn-Reply-To: <${signatureHash.toString('hex')}@bitmessage>\n\nyes\n`;
    await house.submit([BOB, CAROL], answer);
    assert.deepEqual(
      house.node.sent.map(({ to, encoding }) => [to, encoding]),
      [
        [BOB, 3],
        [CAROL, 2],
      ],
    );
    await house.close();
  });
});
