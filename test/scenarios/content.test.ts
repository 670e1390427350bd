/** What is written in one mail program is what is read in another, two gateways apart: files, HTML, quotes, threads. */
import assert from 'node:assert/strict';
import { simpleParser } from 'mailparser';
import type { SendMailOptions } from 'nodemailer';
import { type GatewayProcess, rigOfSuite } from '../support/gateway-rig.js';
import { untilMail } from '../support/mailbox-watch.js';
import { orderByMail } from '../support/order-by-mail.js';

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

describe('scenario: what arrives', function () {
  this.timeout(90_000);
  const rig = rigOfSuite();
  let alice: GatewayProcess;
  let bob: GatewayProcess;
  let carol: GatewayProcess;

  before(async () => {
    alice = await rig.start();
    [bob, carol] = await Promise.all([rig.start([alice.asPeer]), rig.start([alice.asPeer])]);
  });

  const mailOf = ({ address }: GatewayProcess): string => `${address}@bitmessage`;
  /** Sends it, and answers it as the other end reads it. */
  const carry = async (from: GatewayProcess, to: GatewayProcess, mail: SendMailOptions) => {
    const reader = await rig.imap(to);
    await from.smtp().sendMail({ from: mailOf(from), to: mailOf(to), ...mail });
    const { source } = await untilMail(
      reader,
      'INBOX',
      ({ subject, source: seen }) => subject === mail.subject && seen.includes(mailOf(from)),
    );
    return { source, ...(await simpleParser(source)) };
  };

  it('files of any kind, with their names, and a text whose every line is kept', async () => {
    const text = `${'Ein Absatz ohne Umbruch. '.repeat(80)}\n  eingerückt\t\n> zitiert \n\nשלום 😀`;
    const attachments = [
      { filename: 'Übersicht 2026.csv', content: 'a;b\r\n1;2\r\n', contentType: 'text/csv' },
      { filename: 'bild.png', content: PIXEL, contentType: 'image/png' },
      { filename: 'leer.bin', content: Buffer.alloc(0) },
    ];
    const got = await carry(alice, bob, { subject: 'Dateien', text, attachments });
    assert.equal(got.text?.trimEnd(), text);
    assert.deepEqual(
      got.attachments.map(({ filename, contentType, content }) => [filename, contentType, content.toString('base64')]),
      [
        ['Übersicht 2026.csv', 'text/csv', Buffer.from('a;b\r\n1;2\r\n').toString('base64')],
        ['bild.png', 'image/png', PIXEL.toString('base64')],
        ['leer.bin', 'application/octet-stream', ''],
      ],
    );
  });

  it('HTML that says more than its text, with the image that it shows, and without what nobody asked for', async () => {
    const html =
      '<html><head><meta name="generator" content="X"></head><body><h1 class="y">Neues</h1><p onclick="x()">Siehe <b>hier</b>: <img src="cid:a@laptop.example"><img src="https://tracker.example/1.gif"></p></body></html>';
    const attachments = [{ filename: 'punkt.png', content: PIXEL, cid: 'a@laptop.example' }];
    const got = await carry(alice, bob, { subject: 'Formatiert', text: 'Neues\n\nSiehe hier.', html, attachments });
    assert.equal(got.text?.trim(), 'Neues\n\nSiehe hier.');
    assert.match(String(got.html), /<h1>Neues<\/h1><p>Siehe <b>hier<\/b>: <img src="data:image\/png;base64,/);
    assert.doesNotMatch(got.source, /tracker|generator|onclick|laptop/);
    assert.match(got.source, /multipart\/alternative[\s\S]*multipart\/related/);
  });

  it('nothing but the words, where the HTML says no more than they do', async () => {
    const got = await carry(alice, bob, {
      subject: 'Schlicht',
      text: 'Hallo.',
      html: '<p class="x">Hallo.</p>',
      headers: { 'User-Agent': 'Mailer/1.0 (laptop)', 'X-Originating-IP': '192.0.2.1' },
    });
    assert.deepEqual([got.text?.trim(), got.html], ['Hallo.', false]);
    assert.doesNotMatch(got.source, /Mailer|laptop|192\.0\.2\.1/);
    assert.match(got.source, /^X-Bitmessage-Encoding: 2\r$/m);
  });

  it('an image to who reads plain text only, and no other file', async () => {
    await orderByMail(rig, alice, `reads ${bob.address} plain`);
    const file = (filename: string) => ({ subject: filename, text: 'Siehe:', attachments: [{ filename, content: PIXEL }] });
    const got = await carry(alice, bob, file('punkt.png'));
    assert.match(got.source, /^X-Bitmessage-Encoding: 2\r$/m);
    assert.deepEqual([got.text?.trim(), got.attachments.map(({ content }) => content.equals(PIXEL))], ['Siehe:', [true]]);
    await assert.rejects(
      carry(alice, bob, file('akte.pdf')),
      /554 5\.6\.1 .* reads plain messages only: "akte\.pdf" would not be shown there/,
    );
    await orderByMail(rig, alice, `reads ${bob.address} unknown`);
  });

  it('a conversation in one thread at both ends', async () => {
    const first = await carry(alice, bob, { subject: 'Faden', text: 'eins', messageId: '<one@alice>' });
    const second = await carry(bob, alice, {
      subject: 'Re: Faden',
      text: '> eins\n\nzwei',
      inReplyTo: first.messageId,
      references: first.messageId,
    });
    assert.deepEqual([second.inReplyTo, second.references], ['<one@alice>', '<one@alice>']);
    // The subject may change in between: the header, or what the message names, tells.
    await alice.smtp().sendMail({
      from: mailOf(alice),
      to: mailOf(bob),
      subject: 'Re: Faden',
      text: 'drei',
      inReplyTo: second.messageId,
      references: ['<one@alice>', String(second.messageId)],
    });
    const reader = await rig.imap(bob);
    const third = await untilMail(reader, 'INBOX', ({ source }) => source.includes('drei'));
    assert.match(third.source, new RegExp(`References:\\s+${first.messageId?.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
  });

  it('the mails of two strangers with the subject "hi", apart', async () => {
    const hi = await carry(bob, alice, { subject: 'hi', text: 'from bob' });
    const { inReplyTo, references } = await carry(carol, alice, { subject: 'Re: hi', text: 'from carol', inReplyTo: hi.messageId });
    assert.deepEqual([inReplyTo, references], [undefined, undefined]);
    const own = await carry(bob, alice, { subject: 'Re: hi', text: 'bob once more' });
    assert.equal(own.inReplyTo, hi.messageId);
  });
});
