import assert from 'node:assert/strict';
import type { Outgoing } from '../../src/bitmessage/node.js';
import type { EnvelopeRecipient } from '../../src/smtp/submission.js';
import { ALICE, BOB, CAROL, COMBINED, House } from './house.js';

const MAIL = `From: ${ALICE}@bitmessage\nTo: ${BOB}@bitmessage\nSubject: hi\nMessage-ID: <1@client>\nDate: Mon, 1 Jan 2024 00:00:00 +0100\n\nhello\n`;
const OUT: Outgoing = { state: 'awaiting-ack', expiresAt: 1_800_100_000 };
const DELIVERED: Outgoing = { state: 'delivered', at: 1_800_000_100 };
const FAILED: Outgoing = { state: 'failed', reason: 'no-acknowledgement' };

describe('status of sent mail', () => {
  let house: House;
  const flags = (path: string): string[][] => house.entries(path).map((entry) => [...entry.flags].sort());
  const recipients = (...notify: EnvelopeRecipient['notify'][number][]): { recipients: EnvelopeRecipient[] } => ({
    recipients: [{ address: `${BOB}@bitmessage`, notify, originalRecipient: `${BOB}@bm.addr` }],
  });
  beforeEach(async () => {
    house = await House.open();
  });
  afterEach(() => house.close());

  it('goes from Outbox to Sent to delivered', async () => {
    await house.submit(BOB, MAIL);
    await house.node.move(1, { state: 'awaiting-pubkey', askAgainAt: 0 });
    await house.node.move(1, { state: 'mining' });
    assert.deepEqual(flags('Outbox'), [['$SubmitPending', '\\Seen']]);
    await house.node.move(1, OUT);
    assert.deepEqual(flags('Outbox'), []);
    assert.deepEqual(flags('Sent'), [['$Submitted', '\\Seen']]);
    await house.node.move(1, DELIVERED);
    assert.deepEqual(flags('Sent'), [['$Delivered', '$Submitted', '\\Seen']]);
    assert.equal(house.mails('Sent')[0], MAIL.replaceAll('\n', '\r\n'));
    assert.deepEqual(house.entries('INBOX'), []);
  });

  it('waits for all recipients', async () => {
    await house.submit([BOB, CAROL], MAIL);
    await house.node.move(1, OUT);
    await house.node.move(1, DELIVERED);
    assert.deepEqual(flags('Outbox'), [['$SubmitPending', '\\Seen']]);
    await house.node.move(2, OUT);
    assert.deepEqual(flags('Sent'), [['$Submitted', '\\Seen']]);
    await house.node.move(2, DELIVERED);
    assert.deepEqual(flags('Sent'), [['$Delivered', '$Submitted', '\\Seen']]);
  });

  it('does not come back to Outbox when it is sent again', async () => {
    await house.submit(BOB, MAIL);
    await house.node.move(1, OUT);
    await house.node.move(1, { state: 'mining' });
    assert.deepEqual([flags('Outbox'), flags('Sent')], [[], [['$Submitted', '\\Seen']]]);
  });

  it('tells of a failure by keyword and by a report, once', async () => {
    await house.submit(BOB, MAIL);
    await house.node.move(1, OUT);
    await house.node.move(1, FAILED);
    await house.node.move(1, FAILED);
    assert.deepEqual(flags('Sent'), [['$Failed', '$Submitted', '\\Seen']]);
    const [report, ...more] = house.mails('INBOX');
    assert.deepEqual(more, []);
    assert.match(report, /^Content-Type: multipart\/report; report-type=delivery-status;/m);
    assert.match(report, /^Auto-Submitted: auto-replied\r$/m);
    assert.match(report, /^In-Reply-To: <1@client>\r$/m);
    assert.match(report, new RegExp(`^Final-Recipient: rfc822; ${BOB}@bitmessage\r\nAction: failed\r\nStatus: 5\\.4\\.7\r$`, 'm'));
    assert.match(report, /^Content-Type: text\/rfc822-headers\r$/m);
    assert.doesNotMatch(report, /^hello/m);
    assert.equal(house.entries('INBOX')[0].identity, ALICE);
  });

  it('lets a mail whose recipient failed leave Outbox for Sent', async () => {
    await house.submit(BOB, MAIL);
    await house.node.move(1, { state: 'failed', reason: 'no-pubkey' });
    assert.deepEqual([flags('Outbox'), flags('Sent')], [[], [['$Failed', '\\Seen']]]);
    assert.equal(house.entries('INBOX').length, 1);
  });

  for (const [notify, states, action] of [
    [['NEVER'], [OUT, FAILED], null],
    [['SUCCESS'], [OUT, FAILED], null],
    [['FAILURE'], [OUT, FAILED], 'failed'],
    [['SUCCESS', 'FAILURE'], [OUT, DELIVERED], 'delivered'],
    [['SUCCESS'], [{ state: 'sent' }], 'relayed'],
    [[], [OUT, DELIVERED], null],
  ] as const)
    it(`NOTIFY=${notify.join(',') || '(nothing)'}, then ${states.at(-1)?.state}: ${action ?? 'no report'}`, async () => {
      await house.submit([], MAIL, { ...recipients(...notify), envelopeId: 'env1', returnContent: 'FULL' });
      for (const state of states) await house.node.move(1, state);
      const reports = house.mails('INBOX');
      assert.equal(reports.length, action === null ? 0 : 1);
      if (action === null) return;
      assert.match(reports[0], new RegExp(`^Action: ${action}\r$`, 'm'));
      assert.match(reports[0], /^Original-Envelope-Id: env1\r$/m);
      assert.match(reports[0], new RegExp(`^Original-Recipient: rfc822; ${BOB}@bm\\.addr\r$`, 'm'));
      assert.equal(/^hello\r$/m.test(reports[0]), action === 'failed', 'RET=FULL gives a failed mail back whole');
    });

  it('tells of mail between own addresses when it has come, and not before', async () => {
    house.node.add({ address: BOB });
    await house.submit([], MAIL, recipients('SUCCESS'));
    await house.node.move(1, { state: 'sent' });
    assert.equal(house.entries('INBOX').length, 0);
    await house.node.move(1, DELIVERED);
    assert.match(house.mails('INBOX')[0], /^Action: delivered\r$/m);
  });

  it('tells of a failure once, heard twice at the same time', async () => {
    await house.submit(BOB, MAIL);
    await house.node.move(1, OUT);
    await Promise.all([house.node.move(1, FAILED), house.node.move(1, FAILED)]);
    assert.equal(house.mails('INBOX').length, 1);
  });

  it('tells of a delay once, heard twice at the same time', async () => {
    await house.submit(BOB, MAIL);
    house.clock.advance(2.5 * 86_400);
    const waiting = (askAgainAt: number): Promise<void> => house.node.move(1, { state: 'awaiting-pubkey', askAgainAt });
    await Promise.all([waiting(1), waiting(2)]);
    assert.equal(house.mails('INBOX').length, 1);
  });

  it('tells of a delay once, after two days and a half', async () => {
    await house.submit(BOB, MAIL);
    await house.node.move(1, { state: 'awaiting-pubkey', askAgainAt: 1 });
    assert.equal(house.entries('INBOX').length, 0);
    house.clock.advance(2.5 * 86_400);
    await house.node.move(1, { state: 'awaiting-pubkey', askAgainAt: 2 });
    await house.node.move(1, { state: 'awaiting-pubkey', askAgainAt: 3 });
    assert.equal(house.mails('INBOX').length, 1);
    assert.match(house.mails('INBOX')[0], /^Action: delayed\r\nStatus: 4\.4\.1\r$/m);
  });

  it('catches up at start with what the last run did not see', async () => {
    await house.submit(BOB, MAIL);
    house.node.listener = null;
    await house.node.move(1, OUT);
    assert.equal(house.entries('Outbox').length, 1);
    await house.mapping.start();
    assert.deepEqual([flags('Outbox'), flags('Sent')], [[], [['$Submitted', '\\Seen']]]);
  });

  it('ignores messages that were no mail', async () => {
    house.node.enqueue({ kind: 'message', from: ALICE, to: BOB, encoding: 2, content: new Uint8Array(), ttlSeconds: 1 });
    await house.node.move(1, OUT);
    assert.deepEqual([flags('Outbox'), flags('Sent')], [[], []]);
  });

  describe("the client's own copy", () => {
    const append = (raw = MAIL, identity: string | null = null) =>
      house.mapping.folderRules.append(
        { user: 'x', identity },
        { path: 'Sent', raw: Buffer.from(raw.replaceAll('\n', '\r\n')), flags: ['\\Seen'] },
      );

    it('is the one that is in Sent already', async () => {
      await house.submit(BOB, MAIL);
      await house.node.move(1, OUT);
      const [{ uid }] = house.entries('Sent');
      assert.deepEqual(await append(), { kind: 'existing', uid });
      assert.equal(house.entries('Sent').length, 1);
    });

    it('gets its entry in Sent at once while the mail waits, and stays the only one', async () => {
      await house.submit(BOB, MAIL);
      const decision = await append();
      const [entry] = house.entries('Sent');
      assert.deepEqual(decision, { kind: 'existing', uid: entry.uid });
      assert.deepEqual(await append(), decision);
      assert.deepEqual([flags('Outbox'), flags('Sent')], [[['$SubmitPending', '\\Seen']], [['$SubmitPending', '\\Seen']]]);
      await house.node.move(1, OUT);
      assert.deepEqual([flags('Outbox'), flags('Sent')], [[], [['$Submitted', '\\Seen']]]);
      assert.equal(house.entries('Sent')[0].uid, entry.uid);
    });

    it('may come before the mail is submitted', async () => {
      const sent = house.mailboxes.find('Sent')!;
      const raw = Buffer.from(MAIL.replaceAll('\n', '\r\n'));
      assert.deepEqual(await append(), { kind: 'store', identity: ALICE });
      house.mailboxes.append(sent.id, [{ raw, flags: ['\\Seen'], internalDate: 0, identity: ALICE }]);
      await house.submit(BOB, MAIL);
      await house.node.move(1, OUT);
      assert.deepEqual([flags('Outbox'), flags('Sent')], [[], [['$Submitted', '\\Seen']]]);
    });

    it('is stored when it is another mail, or when the one that was there is gone', async () => {
      await house.submit(BOB, MAIL);
      assert.deepEqual(await append(MAIL.replace('<1@', '<2@')), { kind: 'store', identity: ALICE });
      await house.node.move(1, OUT);
      const sent = house.mailboxes.find('Sent')!;
      house.mailboxes.expunge(sent.id, house.mailboxes.uids(sent.id, null));
      assert.deepEqual(await append(), { kind: 'store', identity: ALICE });
    });

    it("is not looked for among another identity's mail", async () => {
      await house.submit(BOB, MAIL);
      assert.deepEqual(await append(MAIL, CAROL), { kind: 'store', identity: CAROL });
    });
  });

  describe('what the person does meanwhile', () => {
    const uids = (path: string): number[] => house.entries(path).map((entry) => entry.uid);
    const expunge = async (path: string): Promise<void> => {
      const all = uids(path);
      await house.mapping.folderRules.beforeExpunge(COMBINED, path, all);
      house.mailboxes.expunge(house.mailboxes.find(path)!.id, all);
    };
    const move = async (from: string, to: string): Promise<void> => {
      const all = uids(from);
      await house.mapping.folderRules.beforeTransfer(COMBINED, from, to, all, 'move');
      house.mailboxes.move(house.mailboxes.find(from)!.id, all, house.mailboxes.find(to)!.id);
    };

    it('deleting from Outbox stops the sending', async () => {
      await house.submit([BOB, CAROL], MAIL);
      await expunge('Outbox');
      assert.deepEqual(house.node.cancelled, [1, 2]);
      await house.node.move(1, { state: 'cancelled' });
      assert.deepEqual([flags('Outbox'), flags('Sent')], [[], []]);
    });

    it('moving to Trash stops it too, and the mail no longer says that it waits', async () => {
      await house.submit(BOB, MAIL);
      await move('Outbox', 'Trash');
      assert.deepEqual(house.node.cancelled, [1]);
      await house.node.move(1, { state: 'cancelled' });
      assert.deepEqual([flags('Outbox'), flags('Sent'), flags('Trash')], [[], [], [['\\Seen']]]);
    });

    it('what somebody has got already stays on record', async () => {
      await house.submit([BOB, CAROL], MAIL);
      await house.node.move(1, OUT);
      await expunge('Outbox');
      assert.deepEqual(house.node.cancelled, [2]);
      assert.deepEqual([flags('Outbox'), flags('Sent')], [[], [['$Submitted', '\\Seen']]]);
      await house.node.move(1, DELIVERED);
      assert.deepEqual(flags('Sent'), [['$Delivered', '$Submitted', '\\Seen']]);
    });

    it('filing the sent mail elsewhere does not lose its keywords', async () => {
      await house.submit(BOB, MAIL);
      await house.node.move(1, OUT);
      await move('Sent', 'Archive');
      await house.node.move(1, DELIVERED);
      assert.deepEqual([flags('Sent'), flags('Archive')], [[], [['$Delivered', '$Submitted', '\\Seen']]]);
    });

    it('expunging the sent mail is respected', async () => {
      await house.submit(BOB, MAIL);
      await house.node.move(1, OUT);
      await expunge('Sent');
      await house.node.move(1, DELIVERED);
      assert.deepEqual([flags('Outbox'), flags('Sent')], [[], []]);
    });

    it('nothing is put into Outbox by hand', async () => {
      const { folderRules } = house.mapping;
      await assert.rejects(folderRules.append(COMBINED, { path: 'Outbox', raw: Buffer.from(MAIL), flags: [] }), { code: 'CANNOT' });
      await assert.rejects(folderRules.beforeTransfer(COMBINED, 'INBOX', 'Outbox', [1], 'copy'), { code: 'CANNOT' });
    });
  });
});
