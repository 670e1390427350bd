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
