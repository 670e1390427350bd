/** What leaves: the exact plaintext of the objects that common programs' mails become. */
import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';
import { decodeContent } from '../../src/bitmessage/wire/content.js';
import { attachmentNote } from '../../src/mapping/to-bitmessage.js';
import { CLIENT_MAILS, IDENTIFYING } from './client-mails.js';
import { FORMATTED_MAILS } from './formatted-mails.js';
import { ALICE, BOB, COMBINED, House } from './house.js';

describe('what leaves', () => {
  let house: House;
  beforeEach(async () => {
    house = await House.open();
  });
  afterEach(() => house.close());

  for (const { program, mail, subject, body, files } of [...CLIENT_MAILS, ...FORMATTED_MAILS])
    it(`of a mail by ${program}`, async () => {
      const raw = Buffer.from(mail.replaceAll('\n', '\r\n'), 'latin1');
      const envelope = { login: COMBINED, from: `${ALICE}@bitmessage`, recipients: [{ address: `${BOB}@bitmessage`, notify: [] }] };
      await house.mapping.submission.accept(envelope, raw);
      const [{ encoding, content }] = house.node.sent;
      const note = attachmentNote(
        files.filter(({ name }) => name !== 'message.html').map(({ name, content }) => ({ name, content: Buffer.from(content) })),
      );
      if (files.length === 0) {
        assert.equal(encoding, 2);
        assert.equal(Buffer.from(content).toString(), `Subject:${subject}\nBody:${body}`);
      } else {
        assert.equal(encoding, 3);
        const decoded = decodeContent(encoding, content);
        assert.ok(decoded.kind === 'message');
        assert.deepEqual(
          {
            ...decoded.content,
            files: decoded.content.files.map(({ data, ...file }) => ({ ...file, content: Buffer.from(data).toString() })),
          },
          { subject, body: body + note, parents: [], files },
        );
      }
      const plaintext = (encoding === 3 ? inflateSync(content) : Buffer.from(content)).toString();
      for (const trace of IDENTIFYING) assert.doesNotMatch(plaintext.replace(/\[PATCH\]/, ''), trace);
      assert.equal(
        house.messages.raw(house.entries('Outbox')[0].messageId).subarray(-raw.length).equals(raw),
        true,
        'our own copy is as it was',
      );
    });

  it('is nothing at all of a mail in the Rich Text format of Outlook', async () => {
    const mail = `From: ${ALICE}@bitmessage\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b\nContent-Type: application/ms-tnef; name=winmail.dat\n\nx\n--b--\n`;
    await assert.rejects(house.submit(BOB, mail), /Rich Text format \(winmail\.dat\)/);
    assert.deepEqual([house.node.sent, house.entries('Outbox')], [[], []]);
  });
});
