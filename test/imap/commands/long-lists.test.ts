/** Long lists of numbers: the same text as in one go, with pauses. */
import assert from 'node:assert/strict';
import { sendList, sendSet } from '../../../src/imap/commands/long-lists.js';
import type { Session } from '../../../src/imap/session.js';
import { formatSequenceSet } from '../../../src/imap/wire/sequence-set.js';
import { describeMessage } from '../../../src/mime/describe.js';
import { openImapHouse } from '../../support/imap-house.js';

describe('long lists of numbers', () => {
  let pauses: number;
  let sent: string;
  const session = {
    view: { numberOf: (uid: number) => uid - 5 },
    pace: {
      pause: async () => {
        pauses++;
      },
    },
    send: (piece: string) => {
      sent += piece;
    },
  } as unknown as Session;
  beforeEach(() => {
    pauses = 0;
    sent = '';
  });

  const numbers = Array.from({ length: 100_000 }, (_, index) => index + 1);

  for (const some of [[], [7], numbers, numbers.filter((number) => number % 7 !== 0), numbers.toReversed(), Uint32Array.from(numbers)]) {
    it(`are sent as in one go: ${some.length} from ${some[0]} on`, async () => {
      await sendSet(session, some, 'uid');
      assert.equal(sent, formatSequenceSet(Array.from(some)));
      sent = '';
      await sendList(session, some, 'uid');
      assert.equal(sent, Array.from(some, (number) => ` ${number}`).join(''));
      assert.ok(pauses >= some.length / 10_000);
    });
  }

  it('are made of UIDs in order', async () => {
    await sendList(session, [10, 7], 'number');
    await sendSet(session, [10, 7, 8], 'number');
    assert.equal(sent, ' 5 25,2:3');
  });

  it('name the highest mod-sequence of a sorted result, in whatever order it is', async () => {
    const house = await openImapHouse(describeMessage);
    const mail = { raw: Buffer.from('\r\n'), flags: [], identity: '' };
    const mails = Array.from({ length: 300 }, (_, index) => ({ ...mail, internalDate: index }));
    house.mailboxes.append(house.mailboxes.find('INBOX')!.id, mails);
    const client = await house.loggedIn();
    await client.command('s SELECT INBOX');
    const [fetched] = await client.command('f STORE 1 +FLAGS (\\Flagged)');
    assert.match(fetched, /^\* 1 FETCH/);
    const [status] = await client.command('h STATUS INBOX (HIGHESTMODSEQ)');
    const [, highest] = /HIGHESTMODSEQ (\d+)/.exec(status)!;
    const [answer] = await client.command('x SORT RETURN (COUNT) (REVERSE ARRIVAL) UTF-8 MODSEQ 1');
    assert.equal(answer, `* ESEARCH (TAG "x") COUNT 300 MODSEQ ${highest}`);
    const [plain] = await client.command('y UID SORT (REVERSE ARRIVAL) UTF-8 MODSEQ 1');
    assert.ok(plain.startsWith('* SORT 300 299 ') && plain.endsWith(` 2 1 (MODSEQ ${highest})`));
    await house.stop();
  });
});
