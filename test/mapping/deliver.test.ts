import assert from 'node:assert/strict';
import { encodeContent } from '../../src/bitmessage/wire/content.js';
import { ALICE, BOB, CAROL, House } from './house.js';

describe('delivery', () => {
  let house: House;
  const hash = (byte: number): Buffer => Buffer.alloc(32, byte);
  const messageId = (byte: number): string => `<${hash(byte).toString('hex')}@bitmessage>`;
  const field = (mail: string, name: string): string | null =>
    new RegExp(`^${name}:\\s*(.*)\r$`, 'im').exec(mail.replace(/\r\n[ \t]+/g, ' '))?.[1] ?? null;
  beforeEach(async () => {
    house = await House.open();
  });
  afterEach(() => house.close());

  it('makes a mail of a message', async () => {
    await house.deliver({ subject: 'Grüße', body: 'Zeile eins\n\nzweite Zeile, ßüö\n', signatureHash: hash(1) });
    const [mail] = house.mails('INBOX');
    assert.equal(
      mail,
      [
        `From: ${BOB}@bitmessage`,
        `To: alice <${ALICE}@bitmessage>`,
        'Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=',
        'Date: Fri, 15 Jan 2027 08:00:00 +0000',
        'Message-ID:',
        ` ${messageId(1)}`,
        'Authentication-Results: bitmessage; x-bitmessage-signature=pass (unknown)',
        ` header.from=${BOB}@bitmessage`,
        'X-Bitmessage-Encoding: 2',
        'X-Bitmessage-Expires: Tue, 19 Jan 2027 14:00:00 +0000',
        'Content-Transfer-Encoding: quoted-printable',
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8; format=fixed',
        '',
        'Zeile eins',
        '',
        'zweite Zeile, =C3=9F=C3=BC=C3=B6',
        '',
      ].join('\r\n'),
    );
    const [entry] = house.entries('INBOX');
    assert.deepEqual([entry.identity, entry.flags, entry.internalDate], [ALICE, [], house.clock.now()]);
  });

  it('delivers once, whatever comes again', async () => {
    const message = { objectHash: hash(1), signatureHash: hash(2) };
    await Promise.all([house.deliver(message), house.deliver(message)]);
    await house.deliver(message);
    await house.deliver({ ...message, objectHash: hash(3) });
    assert.equal(house.entries('INBOX').length, 1);
  });

  it('does not bring back what was expunged', async () => {
    const message = { objectHash: hash(1), signatureHash: hash(2) };
    await house.deliver(message);
    const inbox = house.mailboxes.find('INBOX')!;
    house.mailboxes.expunge(inbox.id, house.mailboxes.uids(inbox.id, null));
    await house.deliver(message);
    assert.equal(house.entries('INBOX').length, 0);
  });

  it('shows a resend once, and the same words said again twice', async () => {
    const day = 86_400;
    const life = (days: number) => ({ receivedAt: house.clock.now(), expiresAt: house.clock.now() + days * day });
    await house.deliver(life(4));
    house.clock.advance(4.5 * day);
    await house.deliver(life(8));
    assert.equal(house.entries('INBOX').length, 1, 'a resend lives twice as long');
    await house.deliver(life(4));
    assert.equal(house.entries('INBOX').length, 2, 'the same words, a week later');
    await house.deliver({ ...life(4), body: 'other words' });
    await house.deliver({ ...life(4), body: 'other words', from: CAROL });
    assert.equal(house.entries('INBOX').length, 4);
  });

  it('refuses to become structure or header', async () => {
    await house.deliver({
      subject: 'a\r\nBcc: evil@example.com\u2028X: y\0\u202e',
      body: 'x\r\n--postern\r\nContent-Type: text/html\r\n\r\n<b>\u0007\u001b[31m\0\rend',
    });
    const [mail] = house.mails('INBOX');
    const [header, ...body] = mail.split('\r\n\r\n');
    assert.equal(field(mail, 'Subject'), 'a Bcc: evil@example.com X: y');
    assert.doesNotMatch(header, /^(Bcc|X):/m);
    assert.match(header, /^Content-Type: text\/plain/m);
    assert.equal(body.join('\r\n\r\n'), 'x\r\n--postern\r\nContent-Type: text/html\r\n\r\n<b>=EF=BF=BD=EF=BF=BD[31m\r\nend\r\n');
  });

  it('breaks no line and keeps all of a long one', async () => {
    const line = 'word '.repeat(500);
    await house.deliver({ body: `${line}\nshort` });
    const [mail] = house.mails('INBOX');
    assert.match(mail, /^Content-Transfer-Encoding: quoted-printable\r$/m);
    assert.ok(mail.split('\r\n').every((part) => part.length <= 78));
    const decoded = mail
      .slice(mail.indexOf('\r\n\r\n') + 4)
      .replace(/=\r\n/g, '')
      .replace(/=20/g, ' ');
    assert.equal(decoded, `${line}\r\nshort\r\n`);
  });

  it('makes parts of files, safe ones', async () => {
    const content = encodeContent(3, {
      subject: 'files',
      body: 'look\n\n[Attached: a b.txt (3 bytes), x.svg (6 bytes)]',
      parents: [],
      files: [
        { name: '../../etc/a b.txt', type: 'text/plain', disposition: 'attachment', data: Buffer.from('abc') },
        { name: 'x.svg', type: 'image/svg+xml', disposition: 'inline', data: Buffer.from('<svg/>') },
      ],
    });
    await house.deliver({ encoding: 3, content });
    const [mail] = house.mails('INBOX');
    assert.match(mail, /^Content-Type: multipart\/mixed;/m);
    assert.match(mail, /^Content-Disposition: attachment; filename="a b\.txt"\r$/m);
    assert.match(mail, /^Content-Disposition: attachment; filename=x\.svg\r$/m);
    assert.match(mail, /\r\n\r\nYWJj\r\n/);
    assert.match(mail, /\r\n\r\nlook\r\n--postern/, 'the note for programs that show no files is gone');
  });

  it('makes parts of images that stand in the text', async () => {
    await house.deliver({
      body: 'see\n<!-- Note: An image is attached below -->\n<img alt="cat.png" src="data:image/png;base64,iVBORw0KGgo=" />\n',
    });
    const [mail] = house.mails('INBOX');
    assert.match(mail, /^Content-Type: image\/png; name=cat\.png\r$/m);
    assert.match(mail, /\r\n\r\niVBORw0KGgo=\r\n/);
    assert.doesNotMatch(mail, /<img|<!--/);
  });

  for (const [encoding, content, reason] of [
    [9, Buffer.from('??'), /encoding \(9\) is not known/],
    [3, Buffer.from('no zlib'), /damaged/],
  ] as const)
    it(`puts what cannot be shown into Recovered, with its bytes: encoding ${encoding}`, async () => {
      await house.deliver({ encoding, content });
      assert.deepEqual(house.entries('INBOX'), []);
      const [mail] = house.mails('Recovered');
      assert.match(mail, reason);
      assert.ok(mail.includes(content.toString('base64')));
      assert.ok(house.mailboxes.subscriptions().includes('Recovered'));
    });

  it('shows nothing of encoding 0', async () => {
    await house.deliver({ encoding: 0, content: new Uint8Array() });
    assert.deepEqual(house.entries('INBOX'), []);
  });

  it('puts chan posts into the folder of the chan, as a list', async () => {
    const { address, folder } = await house.mapping.groups.joinChan('general', '');
    await house.deliver({ to: address, chan: true });
    const [mail] = house.mails(folder);
    assert.equal(field(mail, 'To'), `general <${address}@bitmessage>`);
    assert.equal(field(mail, 'Reply-To'), `general <${address}@bitmessage>`);
    assert.equal(field(mail, 'List-Id'), `"general" <${address}.chan.bitmessage>`);
    assert.equal(field(mail, 'List-Post'), `<mailto:${address}@bitmessage>`);
    assert.equal(field(mail, 'List-Unsubscribe'), `<mailto:${address}+unsubscribe@bitmessage>`);
    assert.deepEqual(house.entries('INBOX'), []);
  });

  for (const [label, phrase] of [
    ['Gärten', '=?UTF-8?B?R8OkcnRlbg==?='],
    ['日本語'.repeat(10), `=?UTF-8?B?${Buffer.from('日本語'.repeat(5)).toString('base64')}?=`],
    ['a "b" \\c', '"a b c"'],
  ] as const)
    it(`names a list in ASCII, as a header wants it: ${label}`, async () => {
      const { address, folder } = await house.mapping.groups.joinChan('secret', label);
      await house.deliver({ to: address, chan: true });
      assert.equal(field(house.mails(folder)[0], 'List-Id'), `${phrase} <${address}.chan.bitmessage>`);
    });

  it('puts broadcasts into the folder of the subscription; an answer goes to who wrote', async () => {
    const { address, folder } = await house.mapping.groups.subscribe(BOB, 'Bob');
    await house.deliver({ kind: 'broadcast', to: address });
    const [mail] = house.mails(folder);
    assert.equal(folder, 'Subscriptions/Bob');
    assert.equal(field(mail, 'From'), `Bob <${BOB}@bitmessage>`);
    assert.equal(field(mail, 'To'), `Bob <${BOB}+broadcast@bitmessage>`);
    assert.equal(field(mail, 'Reply-To'), `Bob <${BOB}@bitmessage>`);
    assert.equal(field(mail, 'List-Id'), `"Bob" <${BOB}.broadcast.bitmessage>`);
    assert.equal(field(mail, 'List-Post'), 'NO');
    assert.equal(field(mail, 'List-Unsubscribe'), `<mailto:${BOB}+unsubscribe@bitmessage>`);
    assert.match(mail, /x-bitmessage-signature=pass \(known\)/);
  });

  it('names the writer of a list post, and leaves From to who signed', async () => {
    const { folder } = await house.mapping.groups.subscribe(BOB, 'List');
    const body = `Tue, 2024-01-30 13:05:00 UTC   Message ostensibly from ${CAROL}:\n\nhello`;
    await house.deliver({ kind: 'broadcast', to: BOB, subject: '[List] hi', body });
    const [mail] = house.mails(folder);
    assert.equal(field(mail, 'From'), `List <${BOB}@bitmessage>`);
    assert.equal(field(mail, 'X-Bitmessage-Original-From'), `${CAROL}@bitmessage`);
    await house.deliver({ body });
    assert.equal(field(house.mails('INBOX')[0], 'X-Bitmessage-Original-From'), null, 'only lists pass on');
  });

  it('shows the quotes of other programs as quotes', async () => {
    await house.deliver({ body: `yes\n\n${'-'.repeat(54)}\nreally?` });
    assert.match(house.mails('INBOX')[0], /\r\n\r\nyes\r\n\r\n> really\?\r\n$/);
  });

  it('makes the folder when a post comes first', async () => {
    const { address } = await house.node.joinChan('early');
    await house.deliver({ to: address, chan: true });
    assert.equal(house.entries('Chans/early').length, 1);
    assert.ok(house.mailboxes.subscriptions().includes('Chans/early'));
  });

  it('does not show a label that looks like somebody else', async () => {
    house.node.subscribe(BOB, `${CAROL}@bitmessage`);
    await house.deliver({});
    assert.equal(field(house.mails('INBOX')[0], 'From'), `${BOB}@bitmessage`);
  });

  describe('threads', () => {
    const answer = (mail: string): [string | null, string | null] => [field(mail, 'In-Reply-To'), field(mail, 'References')];

    it('join the answer to what we sent', async () => {
      await house.submit(
        BOB,
        `From: ${ALICE}@bitmessage\nSubject: Plan\nMessage-ID: <plan@client>\nDate: Mon, 1 Jan 2024 00:00:00 +0100\n\nx\n`,
      );
      await house.deliver({ subject: 'Re: Plan' });
      assert.deepEqual(answer(house.mails('INBOX')[0]), ['<plan@client>', '<plan@client>']);
    });

    it('join by what the message itself names, before its subject', async () => {
      await house.deliver({ subject: 'one', objectHash: hash(1), signatureHash: hash(2) });
      const parents = [hash(9), hash(1)];
      await house.deliver({
        encoding: 3,
        content: encodeContent(3, { subject: 'two', body: '', parents, files: [] }),
        signatureHash: hash(4),
      });
      assert.deepEqual(answer(house.mails('INBOX')[1]), [messageId(2), messageId(2)]);
    });

    it('grow: References names all that went before', async () => {
      for (const [byte, subject] of [
        [1, 'x'],
        [2, 'Re: x'],
        [3, 'AW: Re[2]: X'],
      ] as const) {
        await house.deliver({ subject, signatureHash: hash(byte), body: String(byte) });
        house.clock.advance(1);
      }
      assert.deepEqual(answer(house.mails('INBOX')[2]), [messageId(2), `${messageId(1)} ${messageId(2)}`]);
    });

    it('never join two strangers, nor a new mail of the same subject', async () => {
      await house.deliver({ subject: 'hi', from: BOB });
      await house.deliver({ subject: 'Re: hi', from: CAROL });
      await house.deliver({ subject: 'hi', from: BOB, body: 'again' });
      for (const mail of house.mails('INBOX')) assert.deepEqual(answer(mail), [null, null]);
    });

    it('join the members of a chan', async () => {
      const { address, folder } = await house.mapping.groups.joinChan('general', '');
      await house.deliver({ to: address, chan: true, subject: 'hi', from: BOB, signatureHash: hash(1) });
      await house.deliver({ to: address, chan: true, subject: 'Re: hi', from: CAROL });
      assert.equal(answer(house.mails(folder)[1])[0], messageId(1));
    });
  });
});
