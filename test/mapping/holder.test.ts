import assert from 'node:assert/strict';
import { releaseTime } from '../../src/mapping/hold.js';
import { english } from '../../src/words/english/english.js';
import { ALICE, BOB, COMBINED, House } from './house.js';

const NOW = 1_800_000_000;
const MAIL = `From: ${ALICE}@bitmessage\nSubject: later\nMessage-ID: <later@client>\nDate: Fri, 15 Jan 2027 10:00:00 +0000\n\nhello\n`;
const TWO_HOURS = 7200;

describe('the time to send a mail', () => {
  for (const [hold, date, expected, why] of [
    [undefined, null, null, 'now, when nothing is said'],
    [undefined, 'Fri, 15 Jan 2027 08:00:00 +0000', null, 'now, at its Date'],
    [undefined, 'Mon, 1 Jan 2024 00:00:00 +0000', null, 'now, when the Date is past'],
    [undefined, 'Fri, 15 Jan 2027 08:09:00 +0000', null, 'now, when a clock is a little ahead'],
    [undefined, 'Fri, 15 Jan 2027 10:00:00 +0000', NOW + TWO_HOURS, 'at a Date that lies ahead'],
    [undefined, 'Fri, 15 Jan 2027 12:00:00 +0200', NOW + TWO_HOURS, 'in whatever zone'],
    [undefined, 'next week', null, 'now, when the Date is none'],
    [{ forSeconds: 60 }, 'Fri, 15 Jan 2027 10:00:00 +0000', NOW + 60, 'as the envelope says, before the Date'],
    [{ until: NOW + 60 }, null, NOW + 60, 'until a moment'],
    [{ until: NOW - 60 }, null, null, 'now, when that moment is past'],
    [undefined, 'Sat, 15 Jan 2039 10:00:00 +0000', 'it is to be sent more than a year ahead', 'not in years'],
  ] as const)
    it(`is ${why}`, () => {
      const time = releaseTime(hold === undefined ? {} : { hold }, date, NOW);
      assert.equal(typeof time === 'function' ? time(english) : time, expected);
    });
});

describe('held mail', () => {
  let house: House;
  const flags = (path: string): string[][] => house.entries(path).map((entry) => [...entry.flags].sort());
  /** What the holder does when its clock has moved needs a few turns of the event loop, and no time. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  };
  const untilMail = async (path: string): Promise<void> => {
    while (house.entries(path).length === 0) {
      await new Promise<void>((resolve) => {
        const stop = house.mailboxes.watch(() => {
          stop();
          resolve();
        });
      });
    }
  };
  beforeEach(async () => {
    house = await House.open();
  });
  afterEach(() => house.close());

  it('waits in Outbox and is sent at its time', async () => {
    assert.match(await house.submit(BOB, MAIL), /^held in Outbox until 15 Jan 2027, \d\d:00 \S+$/);
    house.clock.advance(TWO_HOURS - 1);
    await settle();
    assert.deepEqual([house.node.sent.length, flags('Outbox')], [0, [['$SubmitPending', '\\Seen']]]);
    house.clock.advance(1);
    await settle();
    assert.equal(house.node.sent.length, 1);
    await house.node.move(1, { state: 'sent' });
    assert.deepEqual([flags('Outbox'), flags('Sent')], [[], [['$Submitted', '\\Seen']]]);
  });

  for (const [hold, request] of [
    [{ forSeconds: 7200 }, 'for;7200'],
    [{ until: NOW + 7200 }, `until;${new Date((NOW + 7200) * 1000).toISOString().slice(0, 19)}Z`],
  ] as const)
    it(`is reported with what was asked for: ${request}`, async () => {
      await house.submit(BOB, MAIL, { hold });
      house.clock.advance(TWO_HOURS);
      await settle();
      await house.node.move(1, { state: 'failed', reason: 'no-pubkey' });
      assert.match(house.mails('INBOX')[0], new RegExp(`^Future-Release-Request: ${request}\r$`, 'm'));
    });

  it('goes in the order of its times, whatever came first', async () => {
    await house.submit(BOB, MAIL);
    await house.submit(BOB, MAIL.replace('10:00:00', '09:00:00').replace('hello', 'first'));
    house.clock.advance(3600);
    await settle();
    assert.deepEqual(
      house.node.sent.map(({ content }) => Buffer.from(content).toString()),
      ['Subject:later\nBody:first'],
    );
  });

  it('outlives the program, and goes out late rather than never', async () => {
    await house.submit(BOB, MAIL);
    await house.mapping.stop();
    house.clock.advance(TWO_HOURS * 10);
    const again = house.restarted();
    await again.mapping.start();
    await settle();
    assert.equal(house.node.sent.length, 1);
    await again.mapping.stop();
  });

  for (const [what, take] of [
    ['deleted from Outbox', (uid: number) => house.mailboxes.expunge(house.mailboxes.find('Outbox')!.id, [uid])],
    [
      'moved to Drafts',
      (uid: number) => house.mailboxes.move(house.mailboxes.find('Outbox')!.id, [uid], house.mailboxes.find('Drafts')!.id),
    ],
  ] as const)
    it(`is not sent when it was ${what}`, async () => {
      await house.submit(BOB, MAIL);
      const [{ uid }] = house.entries('Outbox');
      await house.mapping.folderRules.beforeExpunge(COMBINED, 'Outbox', [uid]);
      take(uid);
      house.clock.advance(TWO_HOURS);
      await settle();
      assert.deepEqual(house.node.sent, []);
      for (const kept of flags('Drafts')) assert.deepEqual(kept, ['\\Seen']);
    });

  it('is reported when it cannot be sent any more', async () => {
    await house.submit(BOB, MAIL);
    house.node.leaveChan(ALICE);
    house.clock.advance(TWO_HOURS);
    await untilMail('INBOX');
    assert.deepEqual([house.node.sent, flags('Outbox')], [[], [['$Failed', '\\Seen']]]);
    assert.match(house.mails('INBOX')[0], /^Subject: Not sent: later\r$/m);
    assert.match(house.mails('INBOX')[0], /is not one of your =\r\nidentities/);
  });

  it('is checked when it is submitted', async () => {
    await assert.rejects(house.submit('alice@example.com', MAIL), { code: 550 });
    await assert.rejects(house.submit(BOB, MAIL.replace('2027', '2037')), { code: 554, message: /more than a year/ });
    assert.deepEqual(flags('Outbox'), []);
  });
});
