import assert from 'node:assert/strict';
import { estimateWork } from '../../src/bitmessage/messaging/work-estimate.js';
import { SmtpRefusal } from '../../src/smtp/submission.js';
import { ALICE, BOB, CAROL, House } from './house.js';

const MAIL = `From: ${ALICE}@bitmessage\nSubject: hi\nMessage-ID: <1@client>\n\nhello\n`;
const LIMITS = { minimum: { nonceTrialsPerByte: 1000, extraBytes: 1000 }, maxDemand: { nonceTrialsPerByte: 10_000, extraBytes: 10_000 } };

describe('work that is estimated', () => {
  let house: House;
  beforeEach(async () => {
    house = await House.open();
  });
  afterEach(() => house.close());

  it('stands in the answer to DATA, summed over the recipients', async () => {
    house.node.estimate = () => ({ seconds: 20, demand: { nonceTrialsPerByte: 1000, extraBytes: 1000 }, tooDifficult: false });
    assert.equal(await house.submit([BOB, CAROL], MAIL), 'queued as 1, 2 for 2 recipients; the proof of work takes about 40 seconds');
    house.node.estimate = () => ({ seconds: 20, demand: null, tooDifficult: false });
    assert.equal(await house.submit(BOB, MAIL), 'queued as 3; the proof of work takes about 20 seconds, once the key is here');
  });

  it('is a reason to refuse where it is more than the settings allow', async () => {
    house.node.estimate = () => ({ seconds: 18_000, demand: { nonceTrialsPerByte: 50_000, extraBytes: 1000 }, tooDifficult: true });
    await assert.rejects(
      house.submit(BOB, MAIL),
      (error) =>
        error instanceof SmtpRefusal &&
        error.enhanced === '5.7.1' &&
        /demands more work than your settings allow: 50000 .*, about 5 hours on this computer/.test(error.message),
    );
    assert.deepEqual([house.node.sent, house.entries('Outbox')], [[], []]);
  });

  it('counts the demand of the recipient, but not of our own addresses', () => {
    const key = { demand: { nonceTrialsPerByte: 4000, extraBytes: 0 }, own: false } as Parameters<typeof estimateWork>[1];
    const message = { kind: 'message', contentBytes: 400, ttlSeconds: 65_536 } as const;
    // 1000 trials for each of 400 + 600 + 1000 bytes, and as much again for 65,536 seconds.
    assert.ok(Math.abs(estimateWork(message, undefined, LIMITS).trials - 4_000_000) < 1);
    assert.equal(estimateWork(message, undefined, LIMITS).demand, null);
    assert.ok(Math.abs(estimateWork(message, key, LIMITS).trials - 16_000_000) < 1);
    assert.ok(Math.abs(estimateWork(message, { ...key!, own: true }, LIMITS).trials - 4_000_000) < 1);
    const hard = { ...key!, demand: { nonceTrialsPerByte: 10_001, extraBytes: 1000 } };
    assert.deepEqual(
      [key!, hard].map((one) => estimateWork(message, one, LIMITS).tooDifficult),
      [false, true],
    );
  });
});

describe('a message that is cancelled or tried again', () => {
  let house: House;
  beforeEach(async () => {
    house = await House.open();
    await house.submit(BOB, MAIL);
  });
  afterEach(() => house.close());

  it('goes from Outbox to Trash when it was cancelled elsewhere', async () => {
    await house.node.move(1, { state: 'cancelled' });
    assert.deepEqual([house.entries('Outbox'), house.entries('Sent')], [[], []]);
    assert.deepEqual(
      house.entries('Trash').map(({ flags }) => [...flags]),
      [['\\Seen']],
    );
  });

  it('is in Outbox again when it is tried again', async () => {
    await house.node.move(1, { state: 'failed', reason: 'too-difficult' });
    assert.ok(house.entries('Sent')[0].flags.includes('$Failed'));
    await house.node.move(1, { state: 'queued' });
    assert.deepEqual(house.entries('Sent'), []);
    assert.deepEqual([...house.entries('Outbox')[0].flags].sort(), ['$SubmitPending', '\\Seen']);
    await house.node.move(1, { state: 'sent' });
    assert.deepEqual(house.entries('Outbox'), []);
    assert.ok(house.entries('Sent')[0].flags.includes('$Submitted'));
  });

  it('is listed and stopped while it waits for its time', async () => {
    const later = house.clock.now() + 86_400;
    await house.submit([BOB, CAROL], MAIL.replace('<1@', '<2@'), { hold: { until: later } });
    const [mail] = house.mapping.scheduled.list();
    assert.deepEqual({ ...mail, id: '' }, { id: '', to: [BOB, CAROL], releaseAt: later, waitsFor: null });
    assert.equal(house.mapping.scheduled.cancel('h99'), false);
    assert.equal(house.mapping.scheduled.cancel(mail.id), true);
    assert.deepEqual(house.mapping.scheduled.list(), []);
    assert.equal(house.entries('Trash').length, 1);
    assert.equal(house.entries('Outbox').length, 1);
  });
});
