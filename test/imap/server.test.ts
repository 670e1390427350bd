/** The line below the conversation: TLS, compression, time-outs, limits, pieces of any size, clients that do not read. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib';
import { ImapFlow } from 'imapflow';
import { ensureCertificate, type ServerCertificate } from '../../src/access/certificate.js';
import { capabilities } from '../../src/imap/capability.js';
import { isLoopback } from '../../src/imap/session.js';
import { describeMessage } from '../../src/mime/describe.js';
import { type ImapHouse, openImapHouse, PASSWORD, USER } from '../support/imap-house.js';
import { LineClient } from '../support/line-client.js';
import { heldOutsideHeap } from '../support/memory.js';
import { processorMs } from '../support/processor-time.js';

const MAIL = Buffer.from(`From: a@b.example\r\nSubject: big\r\n\r\n${'0123456789'.repeat(2000)}\r\n`);

function fill(house: ImapHouse, count: number): void {
  const entry = { raw: MAIL, flags: [], internalDate: 1_700_000_000, identity: '' };
  house.mailboxes.append(house.mailboxes.find('INBOX')!.id, Array(count).fill(entry));
}

describe('imap server', () => {
  let house: ImapHouse;
  let directory: string;
  let certificate: ServerCertificate;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'postern-imap-'));
    certificate = await ensureCertificate(directory, []);
  });
  after(() => rmSync(directory, { recursive: true }));
  afterEach(() => house.stop());

  const open = async (options: Parameters<typeof openImapHouse>[1] = {}): Promise<ImapHouse> =>
    (house = await openImapHouse(describeMessage, options));
  const tls = (): { tls: { key: string; cert: string }; tlsPort: number } => ({ tls: certificate, tlsPort: 0 });

  it('speaks TLS from the first byte on its own port', async () => {
    await open(tls());
    const client = await LineClient.connect(house.tlsPort!);
    await client.secure();
    assert.match(await client.line(), /^\* OK \[CAPABILITY (?!.*STARTTLS).*AUTH=PLAIN/);
    assert.match((await client.command(`a LOGIN ${USER} ${PASSWORD}`))[0], /^a OK/);
    client.close();
  });

  it('speaks TLS after STARTTLS, and forgets what was said before', async () => {
    await open(tls());
    const client = await LineClient.connect(house.port);
    assert.match(await client.line(), /STARTTLS/);
    client.write(`a STARTTLS\r\nb LOGIN ${USER} ${PASSWORD}\r\n`);
    assert.match(await client.line(), /^a OK/);
    await client.secure();
    assert.deepEqual((await client.command('c CAPABILITY')).length, 2);
    assert.match((await client.command('d SELECT INBOX'))[0], /^d BAD/);
    assert.match((await client.command('e STARTTLS'))[0], /^e BAD/);
    client.close();
  });

  it('finds what is looked for in other charsets, and in ISO 8859-1 that does not say so, as JavaMail writes it', async () => {
    await open();
    const raw = Buffer.from('Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nhello\r\n');
    house.mailboxes.append(house.mailboxes.find('INBOX')!.id, [{ raw, flags: [], internalDate: 1_700_000_000, identity: '' }]);
    const client = await house.loggedIn();
    await client.command('a SELECT INBOX');
    client.write(Buffer.from('b SEARCH SUBJECT "Grü"\r\n', 'latin1'));
    assert.deepEqual(await client.until('b'), ['* SEARCH 1', 'b OK SEARCH completed']);
    client.write(Buffer.from('c SEARCH CHARSET ISO-8859-1 SUBJECT "Grü"\r\n', 'latin1'));
    assert.deepEqual(await client.until('c'), ['* SEARCH 1', 'c OK SEARCH completed']);
    assert.deepEqual(await client.command('d SEARCH CHARSET utf8 SUBJECT Gr'), ['* SEARCH 1', 'd OK SEARCH completed']);
    client.close();
  });

  it('closes when the handshake is nonsense', async () => {
    await open(tls());
    const client = await LineClient.connect(house.port);
    await client.line();
    await client.command('a STARTTLS');
    client.write('this is no TLS\r\n');
    await client.closed();
  });

  it('compresses both ways', async () => {
    await open();
    fill(house, 20);
    const client = await house.loggedIn();
    await client.command('a SELECT INBOX');
    assert.match((await client.command('b COMPRESS DEFLATE'))[0], /^b OK/);
    const socket = client.detach();
    const inflate = createInflateRaw();
    const deflate = createDeflateRaw();
    let received = 0;
    let text = '';
    socket.on('data', (chunk) => (received += chunk.length));
    socket.pipe(inflate);
    deflate.pipe(socket);
    deflate.write('c COMPRESS DEFLATE\r\nd FETCH 1:* BODY.PEEK[]\r\n');
    deflate.flush(constants.Z_SYNC_FLUSH);
    for await (const chunk of inflate) {
      text += chunk;
      if (text.includes('\r\nd OK')) break;
    }
    assert.match(text, /^c NO \[COMPRESSIONACTIVE\]/);
    assert.equal(text.split('0123456789'.repeat(2000)).length, 21);
    assert.ok(received < text.length / 20, `${received} bytes for ${text.length}`);
    socket.destroy();
  });

  for (const line of ['plain', 'tls', 'deflate'] as const)
    it(`says long answers of small pieces as they are to a client that reads with pauses (${line})`, async () => {
      await open(tls());
      const mails = Array.from({ length: 2000 }, (_, index) => Buffer.from(`Subject: ${index}\r\n\r\n${`${index} `.repeat(1000)}\r\n`));
      const { id } = house.mailboxes.find('INBOX')!;
      house.mailboxes.append(
        id,
        mails.map((raw) => ({ raw, flags: [], internalDate: 1_700_000_000, identity: '' })),
      );
      const client = await house.greeted();
      if (line === 'tls') {
        await client.command('a STARTTLS');
        await client.secure();
      }
      await client.command(`b LOGIN ${USER} ${PASSWORD}`);
      await client.command('c SELECT INBOX');
      if (line === 'deflate') await client.command('d COMPRESS DEFLATE');
      client.pause();
      const socket = client.detach();
      const deflate = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH });
      if (line === 'deflate') deflate.pipe(socket);
      const output = line === 'deflate' ? deflate : socket;
      const input = line === 'deflate' ? socket.pipe(createInflateRaw()) : socket;
      output.write('e FETCH 1:* BODY.PEEK[]\r\n');
      // More than the lines in between hold is under way.
      for (let turn = 0; turn < 200; turn++) await setImmediate();
      const chunks: Buffer[] = [];
      for await (const chunk of input) {
        chunks.push(chunk as Buffer);
        if (chunks.at(-1)!.includes('e OK')) break;
        if (chunks.length % 10 === 0) await setImmediate();
      }
      const expected = mails.map((raw, index) => `* ${index + 1} FETCH (BODY[] {${raw.length}}\r\n${raw})\r\n`).join('');
      assert.ok(Buffer.concat(chunks).toString().startsWith(expected));
      socket.destroy();
    });

  it('serves imapflow over TLS with compression', async () => {
    await open(tls());
    fill(house, 3);
    const flow = new ImapFlow({
      host: '127.0.0.1',
      port: house.tlsPort!,
      secure: true,
      tls: { rejectUnauthorized: false },
      auth: { user: USER, pass: PASSWORD },
      logger: false,
      qresync: true,
    });
    await flow.connect();
    const lock = await flow.getMailboxLock('INBOX');
    const message = await flow.fetchOne('3', { source: true });
    assert.ok(message);
    assert.deepEqual(message.source, MAIL);
    lock.release();
    await flow.logout();
  });

  it('says good bye when nobody logs in', async () => {
    await open({ loginTimeoutMs: 50 });
    const client = await house.greeted();
    assert.match(await client.line(), /^\* BYE/);
    await client.closed();
  });

  it('says good bye to a client that is idle for too long, in IDLE too', async () => {
    await open({ idleTimeoutMs: 50 });
    const silent = await house.loggedIn();
    const idling = await house.loggedIn();
    idling.write('a IDLE\r\n');
    assert.match(await silent.line(), /^\* BYE/);
    await silent.closed();
    assert.match(await idling.line(), /^\+/);
    assert.match(await idling.line(), /^\* BYE/);
    await idling.closed();
  });

  it('counts as idle only the time since the last command', async () => {
    const idleTimeoutMs = 500;
    await open({ idleTimeoutMs });
    const client = await house.loggedIn();
    for (const start = performance.now(); performance.now() - start < 1.5 * idleTimeoutMs; ) {
      assert.deepEqual(await client.command('a NOOP'), ['a OK NOOP completed']);
    }
    assert.match(await client.closed(), /^\* BYE Idle for too long/);
  });

  it('has room for a certain number of clients', async () => {
    await open({ maxConnections: 2 });
    const first = await house.loggedIn();
    await house.loggedIn();
    const third = await LineClient.connect(house.port);
    assert.match(await third.line(), /^\* BYE \[UNAVAILABLE\]/);
    await third.closed();
    first.close();
    await first.closed();
    // The server hears of it in its own time; a client is let in as soon as it did.
    for (;;) {
      const next = await LineClient.connect(house.port);
      if ((await next.line()).startsWith('* OK')) break;
    }
  });

  it('lets who does not log in give way to others', async () => {
    await open({ maxConnections: 3 });
    const owner = await house.loggedIn();
    const strangers = [await house.greeted(), await house.greeted()];
    const late = [await house.loggedIn(), await house.loggedIn()];
    for (const stranger of strangers) assert.match(await stranger.closed(), /\* BYE Too many connections/);
    for (const client of [owner, ...late]) assert.match((await client.command('a NOOP'))[0], /^a OK/);
  });

  it('says that the disk is full, and goes on when there is room again', async () => {
    await open();
    const client = await house.loggedIn();
    const [{ page_count: pages }] = house.database.all<{ page_count: number }>('PRAGMA page_count');
    house.database.exec(`PRAGMA max_page_count = ${pages}`);
    // More than the pages that the steps of the schema have left free.
    const append = `a APPEND INBOX {200000+}\r\n${'x'.repeat(200_000)}`;
    assert.match((await client.command(append))[0], /^a NO \[OVERQUOTA\] The disk is full/);
    assert.match((await client.command('b STATUS INBOX (MESSAGES)'))[0], /MESSAGES 0/);
    house.database.exec('PRAGMA max_page_count = 100000');
    assert.match((await client.command(append))[0], /^a OK/);
  });

  it('says BYE and stops within a second, whatever its clients are doing', async () => {
    await open();
    fill(house, 200);
    const idling = await house.loggedIn();
    await idling.command('a SELECT INBOX');
    idling.write('b IDLE\r\n');
    await idling.line();
    const deaf = await house.loggedIn();
    await deaf.command('a SELECT INBOX');
    deaf.pause();
    deaf.write('b FETCH 1:* BODY.PEEK[]\r\n');
    const half = await house.loggedIn();
    half.write('a APPEND INBOX {100}\r\n');
    await half.line();
    const started = performance.now();
    await house.server.stop();
    assert.ok(performance.now() - started < 1000);
    assert.match(await idling.line(), /^\* BYE/);
    assert.match(await half.line(), /^\* BYE/);
  });

  for (const size of [1, 7, 1000]) {
    it(`understands a conversation that comes in pieces of ${size}`, async () => {
      await open();
      const client = await house.greeted();
      const bytes = Buffer.from(
        `a LOGIN {${USER.length}+}\r\n${USER} "${PASSWORD}"\r\nb APPEND INBOX (\\Seen) {${MAIL.length}+}\r\n${MAIL.toString()}\r\nc STATUS INBOX (SIZE)\r\n`,
      );
      const limit = size === 1 ? 2000 : bytes.length; // byte by byte only as far as it is interesting
      for (let at = 0; at < bytes.length; ) {
        const end = at + (at < limit ? size : 10_000);
        client.write(bytes.subarray(at, end));
        at = end;
      }
      const lines = await client.until('c');
      assert.match(lines[0], /^a OK/);
      assert.match(lines[1], /^b OK \[APPENDUID/);
      assert.equal(lines[2], `* STATUS INBOX (SIZE ${MAIL.length})`);
    });
  }

  it('streams a large folder to a client that does not read, and holds little of it', async function () {
    this.timeout(60_000);
    await open();
    fill(house, 3000); // 60 MB, of one content
    const client = await house.loggedIn();
    await client.command('a SELECT INBOX');
    const slow = connect(house.port, '127.0.0.1');
    slow.write(`a LOGIN ${USER} ${PASSWORD}\r\nb SELECT INBOX\r\nc FETCH 1:* BODY.PEEK[]\r\n`);
    await new Promise((resolve) => slow.once('data', resolve));
    slow.pause();
    const before = heldOutsideHeap();
    // Each of these is answered while the other waits.
    for (let round = 0; round < 50; round++) await client.command(`n${round} NOOP`);
    assert.ok(heldOutsideHeap() - before < 30_000_000);
    let received = 0;
    let last = '';
    slow.on('data', (chunk) => {
      received += chunk.length;
      last = chunk.toString('latin1').slice(-200);
    });
    slow.resume();
    while (!/(?:^|\r\n)c OK .*\r\n$/.test(last)) await new Promise((resolve) => slow.once('data', resolve));
    assert.ok(received > 3000 * MAIL.length);
    slow.destroy();
  });

  for (const command of ['SEARCH TEXT 0123', 'FETCH 1:* (BODY.PEEK[TEXT]<0.10>)', 'UID STORE 1:* +FLAGS ($x)']) {
    it(`goes on with ${command} while messages vanish`, async () => {
      await open();
      for (let count = 0; count < 10; count++) fill(house, 200);
      const inbox = house.mailboxes.find('INBOX')!.id;
      const client = await house.loggedIn();
      await client.command('a SELECT INBOX');
      client.write(`b ${command}\r\n`);
      // Between the first slices, one message after the other from behind.
      let uid = 2000;
      const timer = setInterval(() => house.mailboxes.expunge(inbox, [uid--, uid--, uid--]), 1);
      const answer = await client.until('b');
      clearInterval(timer);
      assert.match(answer.at(-1)!, /^b OK/);
      assert.match((await client.command('c NOOP')).at(-1)!, /^c OK/);
      assert.match((await client.command('d STATUS INBOX (MESSAGES)'))[0], new RegExp(`MESSAGES ${uid}\\)`));
    });
  }

  it('lets others have their turn while it fetches and flags everything', async () => {
    await open();
    fill(house, 5000);
    const client = await house.loggedIn();
    await client.command('a SELECT INBOX');
    let longest = 0;
    let last = processorMs();
    const timer = setInterval(() => {
      longest = Math.max(longest, processorMs() - last);
      last = processorMs();
    }, 5);
    await client.command('b FETCH 1:* (FLAGS ENVELOPE BODYSTRUCTURE)');
    await client.command('c STORE 1:* +FLAGS.SILENT (\\Seen)');
    clearInterval(timer);
    // 50 ms is the aim; the machine of a test may be busy with others.
    assert.ok(longest < 200, `blocked for ${longest} ms`);
  });

  it('answers together what was sent at once', async () => {
    await open();
    const client = await house.loggedIn();
    const { write } = Socket.prototype;
    let writes = 0;
    Socket.prototype.write = function (this: Socket, ...given: Parameters<typeof write>): boolean {
      if (this.localPort === house.port) writes++;
      return write.apply(this, given);
    } as typeof write;
    try {
      client.write(Array.from({ length: 100 }, (_, index) => `n${index} NOOP\r\n`).join(''));
      const answers = await client.until('n99');
      assert.deepEqual(
        answers,
        Array.from({ length: 100 }, (_, index) => `n${index} OK NOOP completed`),
      );
    } finally {
      Socket.prototype.write = write;
    }
    assert.ok(writes < 10, `${writes} writes`);
    client.close();
  });

  it('says that it is still at it in a long command, and not while it waits', async () => {
    await open({ progressIntervalMs: 1 });
    fill(house, 2000);
    const client = await house.loggedIn();
    await client.command('a SELECT INBOX');
    const lines = await client.command('b SEARCH TEXT "98765"');
    assert.ok(lines.includes('* OK [INPROGRESS ("b" NIL NIL)] Still at it'), lines[0]);
    assert.deepEqual(lines.at(-2), '* SEARCH');
    client.write('c IDLE\r\n');
    await client.until('+');
    fill(house, 500);
    client.write('DONE\r\n');
    assert.doesNotMatch((await client.until('c')).join(), /INPROGRESS/);
    client.close();
  });
});

describe('imap login policy', () => {
  it('offers no login on a line that others can read', () => {
    const facts = { loggedIn: false, secure: false, compressed: false, canStartTls: true };
    assert.deepEqual(capabilities({ ...facts, mechanisms: [] }).slice(-2), ['STARTTLS', 'LOGINDISABLED']);
    assert.deepEqual(capabilities({ ...facts, mechanisms: ['PLAIN'] }).slice(-2), ['STARTTLS', 'AUTH=PLAIN']);
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) assert.equal(isLoopback(address), true);
    for (const address of ['192.168.0.1', '::2', '1.127.0.1', '::ffff:10.0.0.1', '']) assert.equal(isLoopback(address), false);
  });
});
