/** Messages that another client expunges, for ever, while they are being told of. */
import assert from 'node:assert/strict';
import { createLogger } from '../../src/base/log.js';
import { describeMessage } from '../../src/mime/describe.js';
import { LARGE_MESSAGE_BYTES } from '../../src/store/mail/large-messages.js';
import { type ImapHouse, openImapHouse } from '../support/imap-house.js';

const SMALL = Buffer.from('Subject: small\r\n\r\nx\r\n');
const LARGE = Buffer.from(`Subject: large\r\n\r\n${'x'.repeat(LARGE_MESSAGE_BYTES)}\r\n`);

/** After so long a command lets others have a turn; see imap/pace. */
const SLICE_MS = 21;

describe('a message that is expunged while a client is told of it', () => {
  let house: ImapHouse;
  let inbox: number;
  const faults: string[] = [];

  beforeEach(async () => {
    faults.length = 0;
    house = await openImapHouse(
      describeMessage,
      {},
      ':memory:',
      createLogger('error', (line) => faults.push(line)),
    );
    inbox = house.mailboxes.find('INBOX')!.id;
  });
  afterEach(() => house.stop());

  const append = (...raws: Buffer[]): number[] =>
    house.mailboxes.append(
      inbox,
      raws.map((raw) => ({ raw, flags: [], internalDate: 1, identity: '' })),
    );

  /** As soon as the server has looked at entries of the folder, and gives way to others for the first time. */
  const expungeAfterTheLook = (uids: readonly number[]): void => {
    const { mailboxes } = house;
    const look = mailboxes.entries.bind(mailboxes);
    mailboxes.entries = (...args) => {
      mailboxes.entries = look;
      process.nextTick(() => mailboxes.expunge(inbox, uids));
      const sliceEndsAt = performance.now() + SLICE_MS;
      while (performance.now() < sliceEndsAt);
      return look(...args);
    };
  };

  it('is not told any more to a client that NOTIFY has asked for new messages', async () => {
    const client = await house.loggedIn();
    await client.command('a SELECT INBOX');
    await client.command('b NOTIFY SET (SELECTED (MessageNew (BODY.PEEK[HEADER.FIELDS (SUBJECT)]) MessageExpunge))');
    expungeAfterTheLook([1, 2, 3]);
    append(SMALL, SMALL, SMALL);
    const told = await client.command('c NOOP');
    assert.equal(told.at(-1), 'c OK NOOP completed');
    assert.equal(told.filter((line) => /EXPUNGE$/.test(line)).length, 3);
    assert.deepEqual(faults, []);
  });

  it('is answered for by EXPUNGEISSUED when it is large', async () => {
    append(LARGE, SMALL);
    const client = await house.loggedIn();
    await client.command('a SELECT INBOX');
    expungeAfterTheLook([1]);
    const answer = await client.command('b FETCH 1:2 (ENVELOPE BODYSTRUCTURE BODY.PEEK[]<0.10>)');
    assert.equal(answer.at(-1), 'b OK [EXPUNGEISSUED] Some messages are gone');
    assert.equal(answer.filter((line) => line.includes('ENVELOPE')).length, 1);
    assert.deepEqual(faults, []);
  });
});
