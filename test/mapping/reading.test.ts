import assert from 'node:assert/strict';
import { decodeContent, encodeContent } from '../../src/bitmessage/wire/content.js';
import { extractImages } from '../../src/mapping/data-images.js';
import { SmtpRefusal } from '../../src/smtp/submission.js';
import { ALICE, address, BOB, CAROL, House } from './house.js';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const mailWith = (type: string, name: string, more = ''): string =>
  `From: ${ALICE}@bitmessage\nSubject: hi\n${more}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\nContent-Type: ${type}\nContent-Disposition: attachment; filename="${name}"\nContent-Transfer-Encoding: base64\n\n${PIXEL}\n--b--\n`;
const QUOTED = `answer\n\n${'-'.repeat(54)}\nquestion`;

describe('what a recipient reads', () => {
  let house: House;
  beforeEach(async () => {
    house = await House.open();
  });
  afterEach(() => house.close());
  const encodings = (): number[] => house.node.sent.map(({ encoding }) => encoding);

  it('is not known of a stranger: attachments travel, with a note for programs that show none', async () => {
    await house.submit([BOB, CAROL], mailWith('application/pdf', 'a.pdf'));
    await house.deliver({ from: BOB, body: 'plain text says nothing' });
    await house.submit(BOB, mailWith('application/pdf', 'b.pdf'));
    assert.deepEqual(encodings(), [3, 3, 3]);
  });

  it('is plain where the program quotes as PyBitmessage does: images stand in the text', async () => {
    await house.deliver({ from: BOB, body: QUOTED });
    await house.submit([BOB, CAROL], mailWith('image/png', 'dot "1".png'));
    assert.deepEqual(encodings(), [2, 3]);
    const read = decodeContent(2, house.node.sent[0].content);
    assert.ok(read.kind === 'message');
    assert.match(read.content.body, /^hello\n\n<img alt="[^"]+" src="data:image\/png;base64,iVBOR[^"]+" \/>$/);
    const { text, images } = extractImages(read.content.body);
    assert.equal(text.trim(), 'hello');
    assert.equal(Buffer.from(images[0].content).toString('base64'), PIXEL);
  });

  it('is plain: any other file is refused, with the name of the recipient, and nothing is sent to anybody', async () => {
    await house.deliver({ from: BOB, body: 'see <img alt="x" src="data:image/png;base64,AAAA" />' });
    await assert.rejects(
      house.submit([CAROL, BOB], mailWith('application/pdf', 'a.pdf')),
      (error) =>
        error instanceof SmtpRefusal && error.enhanced === '5.6.1' && error.message.startsWith(`${BOB} reads plain messages only: "a.pdf"`),
    );
    assert.deepEqual([house.node.sent, house.entries('Outbox')], [[], []]);
    house.mapping.readings.tell(BOB, 'extended');
    await house.submit(BOB, mailWith('application/pdf', 'a.pdf'));
    assert.deepEqual(encodings(), [3]);
  });

  it('stays extended once it was seen, and what the owner said stays in any case', async () => {
    const parents = [new Uint8Array(32)];
    const content = { encoding: 3, content: encodeContent(3, { subject: 'x', body: 'y', parents, files: [] }) };
    await house.deliver({ from: BOB, ...content });
    await house.deliver({ from: BOB, body: QUOTED });
    assert.equal(house.mapping.readings.of(BOB), 'extended');
    house.mapping.readings.tell(BOB, 'plain');
    await house.deliver({ from: BOB, ...content, signatureHash: new Uint8Array(32).fill(9) });
    assert.equal(house.mapping.readings.of(BOB), 'plain');
  });

  it('is not known by encoding 3 alone: PyBitmessage writes it and reads no files', async () => {
    await house.deliver({ from: BOB, encoding: 3, content: house.extended({ subject: 'x', body: 'y' }) });
    assert.equal(house.mapping.readings.of(BOB), undefined);
    await house.deliver({ from: BOB, encoding: 3, content: house.extended({ subject: 'x', body: QUOTED }) });
    assert.equal(house.mapping.readings.of(BOB), 'plain');
  });

  it('decides whether an answer names what it answers; without files that is encoding 3 only for who is known to read it', async () => {
    const hash = new Uint8Array(32).fill(5);
    await house.deliver({ from: BOB, subject: 'hi', objectHash: hash, signatureHash: hash });
    const id = /^Message-ID:\s+(<[^>]*>)/m.exec(house.mails('INBOX')[0])?.[1] ?? assert.fail();
    const answer = (number: number): string =>
      `From: ${ALICE}@bitmessage\nSubject: Re: hi\nMessage-ID: <${number}@client>\nIn-Reply-To: ${id}\n\nyes\n`;
    await house.submit(BOB, answer(1));
    house.mapping.readings.see(BOB, 'extended');
    await house.submit(BOB, answer(2));
    await house.submit(BOB, answer(3).replace(/In-Reply-To.*\n/, ''));
    assert.deepEqual(encodings(), [2, 3, 2]);
    const read = decodeContent(3, house.node.sent[1].content);
    assert.ok(read.kind === 'message');
    assert.deepEqual(
      read.content.parents.map((parent) => [...parent]),
      [[...hash]],
    );
  });

  it('is not asked of a chan', async () => {
    const chan = address(4, 1n, 'chan');
    house.node.add({ address: chan, chan: true });
    await house.deliver({ from: chan, to: chan, chan: true, body: QUOTED });
    await house.submit(chan, mailWith('application/pdf', 'a.pdf'));
    assert.deepEqual(encodings(), [3]);
  });
});
