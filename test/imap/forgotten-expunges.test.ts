/** What a client hears when more was expunged than the store remembers. */
import assert from 'node:assert/strict';
import { describeMessage } from '../../src/mime/describe.js';
import { type ImapHouse, openImapHouse } from '../support/imap-house.js';

describe('expunges that the store has forgotten', () => {
  let house: ImapHouse;
  let inbox: number;
  let modseq: number;

  beforeEach(async () => {
    house = await openImapHouse(describeMessage);
    inbox = house.mailboxes.find('INBOX')!.id;
    const message = { raw: Buffer.from('Subject: x\r\n\r\n'), flags: [], internalDate: 1, identity: '' };
    house.mailboxes.append(inbox, Array<typeof message>(6).fill(message));
    modseq = house.mailboxes.byId(inbox)!.highestModseq;
  });
  afterEach(() => house.stop());

  function expungeAndForget(uids: readonly number[]): void {
    house.database.transaction(() => {
      house.mailboxes.expunge(inbox, uids);
      house.database.run('UPDATE mailboxes SET forgotten_to = highest_modseq');
      house.database.run('DELETE FROM expunged');
    });
  }

  it('are told to a client that has the folder open', async () => {
    const client = await house.loggedIn();
    await client.command('a SELECT INBOX');
    expungeAndForget([2, 5]);
    assert.deepEqual(await client.command('b NOOP'), ['* 5 EXPUNGE', '* 2 EXPUNGE', 'b OK NOOP completed']);
  });

  it('are told little by little when they are many, the rest of the folder keeping its numbers', async () => {
    const many = 40_001;
    const message = { raw: Buffer.from('Subject: x\r\n\r\n'), flags: [], internalDate: 1, identity: '' };
    house.mailboxes.append(inbox, Array<typeof message>(many - 6).fill(message));
    const [plain, byUid] = [await house.loggedIn(), await house.loggedIn()];
    await byUid.command('a ENABLE QRESYNC');
    for (const client of [plain, byUid]) await client.command('b SELECT INBOX');
    const odd = Array.from({ length: Math.ceil(many / 2) }, (_, index) => 2 * index + 1);
    house.mailboxes.expunge(inbox, odd);
    assert.equal(house.mailboxes.expungedSince(inbox, modseq), null);
    const left = Array.from({ length: many }, (_, index) => index + 1);
    const lines = await plain.command('c NOOP');
    for (const line of lines.slice(0, -1)) {
      const number = Number(/^\* (\d+) EXPUNGE$/.exec(line)![1]);
      assert.equal(left.splice(number - 1, 1).length, 1);
    }
    assert.deepEqual(left, house.mailboxes.uids(inbox, null));
    const vanished = (await byUid.command('c NOOP')).slice(0, -1).flatMap((line) => /^\* VANISHED (.*)$/.exec(line)![1].split(','));
    assert.deepEqual(vanished.map(Number), odd);
    assert.equal((await plain.command(`d FETCH ${left.length} UID`))[0], `* ${left.length} FETCH (UID ${many - 1})`);
  });

  it('are told to a client that comes back (QRESYNC), and to one that asks (VANISHED)', async () => {
    const { uidValidity } = house.mailboxes.byId(inbox)!;
    expungeAndForget([2, 5, 6]);
    const client = await house.loggedIn();
    await client.command('a ENABLE QRESYNC');
    const selected = await client.command(`b SELECT INBOX (QRESYNC (${uidValidity} ${modseq}))`);
    assert.ok(selected.includes('* VANISHED (EARLIER) 2,5:6'), selected.join('\n'));
    const [vanished] = await client.command(`c UID FETCH 1:* (FLAGS) (CHANGEDSINCE ${modseq} VANISHED)`);
    assert.equal(vanished, '* VANISHED (EARLIER) 2,5:6');
  });
});
