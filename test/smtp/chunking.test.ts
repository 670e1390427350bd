/** BDAT, RFC 3030, where a dialog cannot show it: pieces, broken lines, sizes. What is said is in test/dialogs/smtp/17-chunking. */
import assert from 'node:assert/strict';
import { ALICE, BOB } from '../mapping/house.js';
import type { LineClient } from '../support/line-client.js';
import { ask, SmtpHouse } from './smtp-house.js';

const MESSAGE = Buffer.from(`From: <${ALICE}@bitmessage>\r\nSubject: grüße\r\n\r\n.\r\n..\r\nBDAT 5 LAST\r\n`);

describe('smtp, messages in chunks', () => {
  let smtp: SmtpHouse;
  let client: LineClient;
  beforeEach(async () => {
    smtp = await SmtpHouse.open();
    client = await smtp.loggedIn();
  });
  afterEach(() => smtp.close());

  const outbox = (): number => smtp.house.entries('Outbox').length;
  const begin = async (): Promise<void> => {
    assert.match(await ask(client, `MAIL FROM:<${ALICE}@bitmessage>`), /^250 /);
    assert.match(await ask(client, `RCPT TO:<${BOB}@bitmessage>`), /^250 /);
  };
  const chunks = (message: Buffer, size: number): Buffer => {
    const parts: Buffer[] = [];
    for (let at = 0; at < message.length; at += size) {
      const part = message.subarray(at, at + size);
      parts.push(Buffer.from(`BDAT ${part.length}${at + size >= message.length ? ' LAST' : ''}\r\n`), part);
    }
    return Buffer.concat(parts);
  };

  for (const size of [1, 7, 1000]) {
    for (const piece of [1, 5, 4096]) {
      it(`takes chunks of ${size} bytes that come ${piece} at a time`, async () => {
        await begin();
        const bytes = Buffer.concat([chunks(MESSAGE, size), Buffer.from('NOOP\r\n')]);
        for (let at = 0; at < bytes.length; at += piece) {
          client.write(bytes.subarray(at, at + piece));
          await new Promise(setImmediate);
        }
        const count = Math.ceil(MESSAGE.length / size);
        for (let chunk = 1; chunk < count; chunk++) assert.match(await client.line(), /^250 2\.0\.0 \d+ octets received$/);
        assert.match(await client.line(), /^250 2\.0\.0 queued as 1$/);
        assert.match(await client.line(), /^250 2\.0\.0 OK$/);
        const [mail] = smtp.house.mails('Outbox');
        assert.ok(mail?.includes(MESSAGE.subarray(MESSAGE.indexOf('Subject')).toString()), mail);
      });
    }
  }

  for (const [what, sent] of [
    ['in the midst of a chunk', 'BDAT 100\r\nSubject: x\r\n'],
    ['between two chunks', 'BDAT 12\r\nSubject: x\r\n'],
  ]) {
    it(`keeps nothing of a message whose line breaks ${what}`, async () => {
      await begin();
      client.write(sent);
      client.close();
      // Who comes now is answered, and the server stops without waiting for the rest (afterEach).
      client = await smtp.loggedIn();
      assert.match(await ask(client, 'NOOP'), /^250 /);
      assert.equal(outbox(), 0);
    });
  }

  it('reads a message that is too large to its end, and refuses it', async () => {
    await begin();
    const large = Buffer.alloc(2_000_000, 'a line\r\n');
    client.write(chunks(large, 1_000_000));
    assert.match(await client.line(), /^250 2\.0\.0 1000000 octets received$/);
    assert.match(await client.line(), /^552 5\.3\.4 /);
    assert.match(await ask(client, 'NOOP'), /^250 /);
    assert.equal(outbox(), 0);
  });

  it('does not wait for a chunk without end', async () => {
    await begin();
    assert.match(await ask(client, 'BDAT 1073741825 LAST'), /^421 4\.7\.0 /);
    await client.closed();
  });
});
