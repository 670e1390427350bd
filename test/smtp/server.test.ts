import assert from 'node:assert/strict';
import { connect as connectTls } from 'node:tls';
import { createTransport } from 'nodemailer';
import { silentLogger } from '../../src/base/log.js';
import { SmtpServer } from '../../src/smtp/server.js';
import type { Submission } from '../../src/smtp/submission.js';
import { Database } from '../../src/store/database.js';
import { ALICE, address, BOB, CAROL, shortAddress } from '../mapping/house.js';
import { NO_DISK } from '../support/held-disk.js';
import { LineClient } from '../support/line-client.js';
import { ask, PASSWORD, reply, SmtpHouse, USER } from './smtp-house.js';

const MAIL = 'Subject: hi\r\n\r\nhello\r\n';

describe('smtp server', () => {
  let smtp: SmtpHouse;
  const outbox = (): number => smtp.house.entries('Outbox').length;
  const open = async (wrap?: (submission: Submission) => Submission): Promise<void> => {
    smtp = await SmtpHouse.open(wrap);
  };
  afterEach(() => smtp.close());

  /** Past DATA. */
  const writing = async (client: LineClient): Promise<void> => {
    assert.match(await ask(client, `MAIL FROM:<${ALICE}@bitmessage>`), /^250 /);
    assert.match(await ask(client, `RCPT TO:<${BOB}@bitmessage>`), /^250 /);
    assert.match(await ask(client, 'DATA'), /^354 /);
  };

  describe('with nodemailer', () => {
    for (const [name, options] of [
      ['STARTTLS, AUTH PLAIN', { requireTLS: true, authMethod: 'PLAIN' }],
      ['STARTTLS, AUTH LOGIN', { requireTLS: true, authMethod: 'LOGIN' }],
      ['implicit TLS', { secure: true }],
      ['no TLS on loopback', { ignoreTLS: true }],
    ] as const)
      it(`takes a mail over ${name}`, async () => {
        await open();
        const transport = createTransport({
          host: 'localhost',
          port: 'secure' in options ? smtp.tlsPort : smtp.port,
          auth: { user: USER, pass: PASSWORD },
          tls: { ca: smtp.certificate.ca },
          ...options,
        });
        const { response } = await transport.sendMail({
          from: `"Älice" <${ALICE}@bitmessage>`,
          to: [`${BOB}@bitmessage`, `nobody@bitmessage`],
          subject: 'Grüße aus Köln',
          text: 'Ein „Text“ mit ß.\n.\n..\nEnde',
          attachments: [{ filename: 'bild.png', content: Buffer.from([1, 2, 3]) }],
          dsn: { id: 'id1', return: 'headers', notify: ['failure', 'delay'], recipient: 'rfc822;bob@example.com' },
        });
        assert.equal(response, '250 2.0.0 queued as 1');
        const [{ to, content }] = smtp.house.node.sent;
        assert.equal(to, BOB);
        assert.ok(content.length > 0);
        assert.equal(outbox(), 1);
      });

    it('says why a recipient is refused', async () => {
      await open();
      const transport = createTransport({ host: '127.0.0.1', port: smtp.port, ignoreTLS: true, auth: { user: USER, pass: PASSWORD } });
      const sending = transport.sendMail({ from: `${ALICE}@bitmessage`, to: 'alice@example.com', text: 'x' });
      await assert.rejects(sending, { responseCode: 550, response: /^550 5\.1\.2 example\.com is not Bitmessage/ });
    });
  });

  it('answers 250 only when the mail is stored', async () => {
    const pause = gate();
    await open(
      withAccept(async (accept) => {
        await pause.opened;
        return accept();
      }),
    );
    const client = await smtp.loggedIn();
    await writing(client);
    client.write(`${MAIL}.\r\n`);
    // Another client is served meanwhile, and by then an answer to the first would have been there.
    await smtp.loggedIn();
    assert.deepEqual([client.rest(), outbox()], [[], 0]);
    pause.open();
    assert.equal(await reply(client), '250 2.0.0 queued as 1');
    assert.equal(outbox(), 1);
  });

  it('keeps nothing of a mail that breaks off', async () => {
    await open();
    const client = await smtp.loggedIn();
    await writing(client);
    client.write(MAIL);
    client.close();
    await smtp.loggedIn();
    assert.equal(outbox(), 0);
  });

  it('lets a mail that has come in be stored when it stops', async () => {
    const begun = gate();
    const pause = gate();
    await open(
      withAccept(async (accept) => {
        begun.open();
        await pause.opened;
        return accept();
      }),
    );
    const client = await smtp.loggedIn();
    await writing(client);
    client.write(`${MAIL}.\r\n`);
    await begun.opened;
    const stopped = smtp.server.stop();
    pause.open();
    assert.equal(await reply(client), '250 2.0.0 queued as 1');
    await stopped;
    assert.equal(outbox(), 1);
  });

  it('says nothing of an error of its own, and goes on', async () => {
    await open(
      withAccept(async () => {
        throw new Error('SQLITE_FULL /home/alice/postern.sqlite');
      }),
    );
    const client = await smtp.loggedIn();
    await writing(client);
    assert.equal(await ask(client, `${MAIL}.`), '451 4.3.0 Internal error, please try again');
    assert.match(await ask(client, 'NOOP'), /^250 /);
  });

  it('says that the disk is full', async () => {
    const database = new Database(':memory:');
    database.exec('PRAGMA max_page_count = 1');
    await open(
      withAccept(async () => {
        // More than the pages that making the tables has left free.
        database.exec('CREATE TABLE message AS SELECT zeroblob(10000000) AS bytes');
        return 'never';
      }),
    );
    const client = await smtp.loggedIn();
    await writing(client);
    assert.equal(await ask(client, `${MAIL}.`), '452 4.3.1 The disk is full: make room and try again');
    database.close();
  });

  it('takes commands together (PIPELINING)', async () => {
    await open();
    const client = await smtp.loggedIn();
    client.write(`MAIL FROM:<${ALICE}@bitmessage>\r\nRCPT TO:<${BOB}@bitmessage>\r\nRCPT TO:<x@example.com>\r\nDATA\r\n`);
    const codes = [];
    for (let i = 0; i < 4; i++) codes.push((await reply(client)).slice(0, 3));
    assert.deepEqual(codes, ['250', '250', '550', '354']);
    client.write(`${MAIL}.\r\nQUIT\r\n`);
    assert.deepEqual([await reply(client), (await reply(client)).slice(0, 3)], ['250 2.0.0 queued as 1', '221']);
  });

  for (const size of [1, 7, 1000])
    it(`finds the end of a mail in pieces of ${size} bytes`, async () => {
      await open();
      const client = await smtp.loggedIn();
      await writing(client);
      const bytes = Buffer.from('Subject: x\r\n\r\n..\r\n..two\r\n.\r\n');
      for (let at = 0; at < bytes.length; at += size) {
        client.write(bytes.subarray(at, at + size));
        await new Promise(setImmediate);
      }
      assert.match(await reply(client), /^250 /);
      assert.match(smtp.house.mails('Outbox')[0], /\r\n\r\n\.\r\n\.two\r\n$/);
    });

  it('drops what was sent before TLS began', async () => {
    await open();
    const client = await smtp.greeted();
    client.write(`STARTTLS\r\nAUTH PLAIN AG1lAHNlY3JldA==\r\nMAIL FROM:<${ALICE}@bitmessage>\r\n`);
    assert.match(await reply(client), /^220 /);
    await client.secure();
    assert.match(await ask(client, 'EHLO there'), /^250-localhost\n/);
    assert.deepEqual(client.rest(), []);
    assert.match(await ask(client, `MAIL FROM:<${ALICE}@bitmessage>`), /^530 5\.7\.0 /);
  });

  it('shows a certificate for localhost on both ports', async () => {
    await open();
    const socket = connectTls({ port: smtp.tlsPort, host: 'localhost', ca: smtp.certificate.ca });
    await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    assert.equal(socket.authorized, true);
    socket.destroy();
  });

  describe('limits', () => {
    it('refuses a mail that is too large, with the number, and goes on', async () => {
      await open();
      const client = await smtp.loggedIn();
      await writing(client);
      const line = `${'x'.repeat(998)}\r\n`;
      client.write('Subject: x\r\n\r\n');
      const max = smtp.house.mapping.submission.maxMessageBytes;
      for (let sent = 0; sent <= max; sent += line.length) client.write(line);
      assert.match(
        await ask(client, '.'),
        new RegExp(`^552 5\\.3\\.4 The mail has \\d+ kB; Bitmessage carries ${Math.floor(max / 1000)} kB at most\\.`),
      );
      assert.match(await ask(client, 'NOOP'), /^250 /);
      assert.equal(outbox(), 0);
    });

    it('refuses what fits into a mail but not into a Bitmessage', async () => {
      await open();
      const client = await smtp.loggedIn();
      await writing(client);
      client.write(`Subject: x\r\n\r\n${`${'x'.repeat(998)}\r\n`.repeat(300)}`);
      assert.match(await ask(client, '.'), /^552 5\.3\.4 .* carries 261500 at most/);
    });

    it('takes a hundred recipients and no more', async () => {
      await open();
      const client = await smtp.loggedIn();
      await ask(client, `MAIL FROM:<${ALICE}@bitmessage>`);
      for (let i = 0; i < 100; i++) assert.match(await ask(client, `RCPT TO:<${address(4, 1n, `r${i}`)}>`), /^250 /);
      assert.match(await ask(client, `RCPT TO:<${CAROL}>`), /^452 4\.5\.3 /);
      assert.match(await ask(client, 'DATA'), /^354 /);
      assert.match(await ask(client, `${MAIL}.`), /^250 2\.0\.0 queued as 1, .* for 100 recipients$/);
      assert.equal(smtp.house.node.sent.length, 100);
    });

    it('ends a connection that sends an endless line', async () => {
      await open();
      const client = await smtp.loggedIn();
      client.write('x'.repeat(10_000));
      assert.match(await reply(client), /^421 /);
      await client.closed();
    });

    it('ends a connection that sends an endless message', async () => {
      smtp = await SmtpHouse.open(undefined, { maxRefusedBytes: 1_000_000 });
      const client = await smtp.loggedIn();
      await writing(client);
      client.write(`Subject: x\r\n\r\n${`${'x'.repeat(998)}\r\n`.repeat(1200)}`);
      assert.equal(await reply(client), '421 4.7.0 A message without end');
      await client.closed();
      assert.equal(outbox(), 0);
    });

    it('ends a connection that says much and never logs in', async () => {
      await open();
      const client = await smtp.greeted();
      const answers = [];
      for (let i = 0; i < 20 && !answers.at(-1)?.startsWith('421'); i++) answers.push(await ask(client, 'NOOP'));
      assert.match(answers.at(-1)!, /^421 /);
      await client.closed();
    });

    it('ends a connection that makes nothing but mistakes', async () => {
      await open();
      const client = await smtp.loggedIn();
      let answer = '';
      for (let count = 0; count <= 200 && !answer.startsWith('421'); count++) answer = await ask(client, 'MAIL FROM:<x@example.com>');
      assert.equal(answer, '421 4.7.0 Too many errors on this connection');
    });

    it('turns away who speaks HTTP', async () => {
      await open();
      const client = await LineClient.connect(smtp.port);
      await reply(client);
      client.write('POST / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      assert.match(await reply(client), /^421 /);
    });

    it('says that it is full to the one beyond the last place', async () => {
      await open();
      const clients: LineClient[] = [];
      // No more at once than may wait for their turn to log in.
      while (clients.length < 100) clients.push(...(await Promise.all(Array.from({ length: 20 }, () => smtp.loggedIn()))));
      const late = await LineClient.connect(smtp.port);
      assert.match(await reply(late), /^421 /);
      for (const client of clients) client.close();
      late.close();
    });

    it('lets who does not log in give way to others', async () => {
      await open();
      const strangers = await Promise.all(Array.from({ length: 120 }, () => LineClient.connect(smtp.port)));
      const owner = await smtp.loggedIn();
      assert.match(await ask(owner, 'NOOP'), /^250 /);
      for (const stranger of strangers) stranger.close();
    });

    it('lets who does not end a handshake give way to others', async () => {
      await open();
      const strangers = await Promise.all(Array.from({ length: 120 }, () => LineClient.connect(smtp.tlsPort)));
      const owner = await LineClient.connect(smtp.tlsPort);
      await owner.secure();
      assert.match(await reply(owner), /^220 /);
      for (const stranger of strangers) stranger.close();
    });
  });

  it('says at RCPT that an address without its capital letters is looked for', async () => {
    await open();
    const client = await smtp.loggedIn();
    assert.match(await ask(client, `MAIL FROM:<${ALICE}@bitmessage>`), /^250 /);
    const stranger = `${shortAddress('stranger').toLowerCase()}@bitmessage`;
    assert.match(await ask(client, `RCPT TO:<${stranger}>`), /^250 2\.1\.5 Accepted; the address has lost its capital letters/);
    assert.equal(await ask(client, `RCPT TO:<${BOB}@bitmessage>`), '250 2.1.5 Accepted', 'and of the next one nothing');
  });

  it('does not start on a port that is taken', async () => {
    await open();
    const second = new SmtpServer(
      { host: '127.0.0.1', port: smtp.port, tlsPort: null, tls: smtp.certificate },
      {
        submission: smtp.house.mapping.submission,
        logins: { check: async () => null, checkProof: async () => null, scramKeys: null },
        onDisk: NO_DISK,
        log: silentLogger,
        words: smtp.house.words,
      },
    );
    await assert.rejects(second.start(), { code: 'EADDRINUSE' });
    await second.stop();
  });
});

/** The real submission, with something before its last step. */
function withAccept(accept: (real: () => Promise<string>) => Promise<string>): (submission: Submission) => Submission {
  return (submission) => ({
    maxMessageBytes: submission.maxMessageBytes,
    maxHoldSeconds: submission.maxHoldSeconds,
    checkSender: (login, from) => submission.checkSender(login, from),
    checkRecipient: (login, to) => submission.checkRecipient(login, to),
    accept: (envelope, message) => accept(() => submission.accept(envelope, message)),
  });
}

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
