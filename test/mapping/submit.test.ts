import assert from 'node:assert/strict';
import { decodeContent } from '../../src/bitmessage/wire/content.js';
import { SmtpRefusal } from '../../src/smtp/submission.js';
import { ALICE, address, BOB, CAROL, COMBINED, House } from './house.js';

const MAIL = `From: Alice <${ALICE}@bitmessage>\nTo: ${BOB}@bitmessage\nSubject: hi\nMessage-ID: <1@client>\nDate: Mon, 1 Jan 2024 00:00:00 +0100\n\nhello\n`;

describe('submission', () => {
  let house: House;
  beforeEach(async () => {
    house = await House.open();
  });
  afterEach(() => house.close());

  it('puts the mail into Outbox and the message into the queue', async () => {
    assert.equal(await house.submit(`${BOB}@bitmessage`, MAIL), 'queued as 1');
    const [entry] = house.entries('Outbox');
    assert.deepEqual([...entry.flags].sort(), ['$SubmitPending', '\\Seen']);
    assert.equal(entry.identity, ALICE);
    assert.equal(house.mails('Outbox')[0], MAIL.replaceAll('\n', '\r\n'));
    const [{ content, ...message }] = house.node.sent;
    assert.deepEqual(message, { id: 1, kind: 'message', from: ALICE, to: BOB, encoding: 2, ttlSeconds: 367_200 });
    assert.equal(Buffer.from(content).toString(), 'Subject:hi\nBody:hello');
    assert.deepEqual(house.entries('Sent'), []);
  });

  it('queues one message per recipient of the envelope, whatever the header says, and none twice', async () => {
    const mail = MAIL.replace('To:', 'Bcc: hidden\nCc: somebody@example.com\nTo:');
    assert.equal(
      await house.submit([`${BOB}@bitmessage`, CAROL, `${BOB.toLowerCase()}@bm.addr`.replace(BOB.toLowerCase(), BOB)], mail),
      'queued as 1, 2 for 2 recipients',
    );
    assert.deepEqual(
      house.node.sent.map(({ to }) => to),
      [BOB, CAROL],
    );
    for (const { content } of house.node.sent) assert.doesNotMatch(Buffer.from(content).toString(), /hidden|somebody/);
    assert.equal(house.entries('Outbox').length, 1);
  });

  it('adds Message-ID and Date to our copy where they are missing', async () => {
    await house.submit(BOB, `From: ${ALICE}@bitmessage\nSubject: bare\n\nx\n`);
    assert.match(house.mails('Outbox')[0], /^Message-ID: <[0-9a-f-]{36}@bitmessage>\r\nDate: Fri, 15 Jan 2027 08:00:00 \+0000\r\nFrom: /);
  });

  it('keeps nothing when the queue refuses', async () => {
    house.node.enqueue = () => {
      throw new Error('disk full');
    };
    await assert.rejects(house.submit(BOB, MAIL), /disk full/);
    assert.deepEqual(house.entries('Outbox'), []);
  });

  it('broadcasts from the identity that the mail is from', async () => {
    await house.submit('broadcast@bitmessage', MAIL);
    await house.submit(`${ALICE}+broadcast+ttl=1d@bitmessage`, MAIL);
    assert.deepEqual(
      house.node.sent.map(({ kind, from, to, ttlSeconds }) => ({ kind, from, to, ttlSeconds })),
      [
        { kind: 'broadcast', from: ALICE, to: ALICE, ttlSeconds: 367_200 },
        { kind: 'broadcast', from: ALICE, to: ALICE, ttlSeconds: 86_400 },
      ],
    );
    await assert.rejects(house.submit(`${BOB}+broadcast@bitmessage`, MAIL), refusal(550, '5.7.1', /Only BM-\w+ itself/));
  });

  for (const [header, recipient, expected, why] of [
    ['X-Bitmessage-TTL: 2d', BOB, 172_800, 'the header'],
    ['X-Bitmessage-TTL: 2d', `${BOB}+ttl=1h@bitmessage`, 3600, 'the address, before the header'],
    ['Expires: Fri, 15 Jan 2027 10:00:00 +0000', BOB, 7200, 'Expires'],
    ['Expires: Fri, 15 Jan 2038 10:00:00 +0000', BOB, 28 * 86_400, 'Expires, no longer than 28 days'],
  ] as const)
    it(`takes the time to live from ${why}`, async () => {
      await house.submit(recipient, `${header}\n${MAIL}`);
      assert.equal(house.node.sent[0].ttlSeconds, expected);
    });

  it('refuses a time to live that cannot be', async () => {
    await assert.rejects(house.submit(BOB, `X-Bitmessage-TTL: 40d\n${MAIL}`), refusal(554, '5.6.0', /28 days/));
    await assert.rejects(house.submit(BOB, `Expires: Fri, 15 Jan 2021 10:00:00 +0000\n${MAIL}`), refusal(554, '5.6.0', /five minutes/));
  });

  describe('sender', () => {
    const other = address(4, 1n, 'other');
    const off = address(4, 1n, 'off');
    const chan = address(4, 1n, 'some chan');
    const identityLogin = { user: ALICE, identity: ALICE };
    beforeEach(() => {
      house.node.add({ address: other });
      house.node.add({ address: off, enabled: false });
      house.node.add({ address: chan, chan: true });
    });

    for (const [from, login, allowed, why] of [
      [`${ALICE}@bitmessage`, COMBINED, true, 'an own identity'],
      [`${ALICE.toLowerCase()}@bitmessage`, COMBINED, true, 'an own identity in lower case'],
      [`${chan}@bitmessage`, COMBINED, true, 'a chan: an anonymous post'],
      [`${ALICE}@bitmessage`, identityLogin, true, 'the identity of the login'],
      [`${other}@bitmessage`, identityLogin, false, 'another identity than that of the login'],
      [`${chan}@bitmessage`, identityLogin, false, 'a chan in an identity login'],
      [`${off}@bitmessage`, COMBINED, false, 'an identity that is switched off'],
      [`${BOB}@bitmessage`, COMBINED, false, "somebody else's address"],
      ['me@example.com', COMBINED, false, 'an Internet address'],
      ['', COMBINED, false, 'the empty sender'],
    ] as const)
      it(`${allowed ? 'takes' : 'refuses'} ${why}`, () => {
        const check = (): void => house.mapping.submission.checkSender(login, from);
        if (allowed) check();
        else assert.throws(check, refusal(553, '5.7.1', /./));
      });

    it('is the one of the From field, when both are allowed', async () => {
      await house.submit(BOB, MAIL, { from: `${other}@bitmessage` });
      assert.equal(house.node.sent[0].from, ALICE);
    });

    it('is the one of the envelope, when From names no Bitmessage address', async () => {
      await house.submit(BOB, MAIL.replace(/^From:.*/, 'From: root@localhost'), { from: `${other}@bitmessage` });
      assert.equal(house.node.sent[0].from, other);
    });

    it('must be allowed in both places', async () => {
      const foreign = MAIL.replace(/^From:.*/, `From: ${BOB}@bitmessage`);
      await assert.rejects(house.submit(BOB, foreign), refusal(553, '5.7.1', /not one of your identities/));
      await assert.rejects(house.submit(BOB, MAIL, { from: 'me@example.com' }), refusal(553, '5.7.1', /not one of your identities/));
      await assert.rejects(
        house.submit(BOB, MAIL.replace(/^From:.*/, `From: ${other}@bitmessage`), { login: identityLogin }),
        refusal(553, '5.7.1', /sends as/),
      );
    });
  });

  describe('to "+unsubscribe"', () => {
    it('leaves the chan, and sends nothing', async () => {
      const { address, folder } = await house.mapping.groups.joinChan('general', '');
      await house.mapping.submission.checkRecipient(COMBINED, `${address}+unsubscribe@bitmessage`);
      assert.match(await house.submit(`${address}+unsubscribe@bitmessage`, MAIL), /^left BM-/);
      assert.deepEqual(
        [house.mapping.groups.chans(), house.mailboxes.find(folder), house.entries('Outbox'), house.node.sent],
        [[], undefined, [], []],
      );
    });

    it('ends the subscription, and sends the mail to the others', async () => {
      await house.mapping.groups.subscribe(BOB, '');
      assert.equal(await house.submit([`${BOB}+unsubscribe@bitmessage`, CAROL], MAIL), 'queued as 1');
      assert.deepEqual([house.mapping.groups.subscriptions(), house.node.sent.map(({ to }) => to)], [[], [CAROL]]);
    });

    it('is refused for what is no group of ours, and to the login of one identity', async () => {
      const { submission, groups } = house.mapping;
      await assert.rejects(
        submission.checkRecipient(COMBINED, `${BOB}+unsubscribe`),
        refusal(550, '5.1.1', /neither a chan .* nor a subscription/),
      );
      await groups.subscribe(BOB, '');
      await assert.rejects(
        submission.checkRecipient({ user: ALICE, identity: ALICE }, `${BOB}+unsubscribe`),
        refusal(550, '5.7.1', /combined login/),
      );
    });
  });

  it('sends files in the extended encoding, and the hash of what is answered with them', async () => {
    const objectHash = Buffer.alloc(32, 5);
    const signatureHash = Buffer.alloc(32, 6);
    await house.deliver({ objectHash, signatureHash });
    const mail = [
      `From: ${ALICE}@bitmessage`,
      'Subject: Re: hi',
      `In-Reply-To: <${signatureHash.toString('hex')}@bitmessage>`,
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'see there',
      '--b',
      'Content-Type: text/x-python; name="/home/alice/a.py"',
      'Content-Disposition: attachment; filename="/home/alice/a.py"',
      '',
      'print(1)',
      '--b--',
      '',
    ].join('\n');
    await house.submit(BOB, mail);
    const [{ encoding, content }] = house.node.sent;
    const decoded = decodeContent(encoding, content);
    assert.equal(encoding, 3);
    assert.ok(decoded.kind === 'message');
    assert.deepEqual(
      { ...decoded.content, files: decoded.content.files.map((file) => ({ ...file, data: Buffer.from(file.data).toString() })) },
      {
        subject: 'Re: hi',
        body: 'see there\n\n[Attached: a.py (8 bytes)]',
        parents: [objectHash],
        files: [{ name: 'a.py', type: 'text/x-python', disposition: 'attachment', data: 'print(1)' }],
      },
    );
  });

  it('refuses what no object can hold, with the numbers', async () => {
    const long = MAIL.replace('hello', 'x'.repeat(262_000));
    await assert.rejects(house.submit(BOB, long), refusal(552, '5.3.4', /262016 bytes.*261500 at most/));
  });
});

function refusal(code: number, enhanced: string, words: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof SmtpRefusal, String(error));
    assert.deepEqual([error.code, error.enhanced], [code, enhanced]);
    assert.match(error.message, words);
    return true;
  };
}
