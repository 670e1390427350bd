/** A gateway in German: its mails, its refusals in what SMTP and IMAP can carry, its orders, and a terminal and a browser of another language. */
import assert from 'node:assert/strict';
import { simpleParser } from 'mailparser';
import { type GatewayProcess, rigOfSuite, runCli } from '../support/gateway-rig.js';
import { LineClient } from '../support/line-client.js';
import { untilMail } from '../support/mailbox-watch.js';
import { orderByMail } from '../support/order-by-mail.js';

describe('scenario: in German', function () {
  this.timeout(60_000);
  const rig = rigOfSuite();
  let gateway: GatewayProcess;
  before(async () => (gateway = await rig.start(['texts.language=de', 'web.port=0'])));

  it('welcomes', async () => {
    const { source } = await untilMail(await rig.imap(gateway), 'INBOX', ({ subject }) => subject === 'Willkommen bei Bitmessage');
    const { text = '' } = await simpleParser(source);
    assert.match(text, /Groß- und Kleinbuchstaben zählen/);
    assert.match(text, new RegExp(`^ {4}${gateway.address}@bitmessage$`, 'm'));
    assert.match(text, /<mailto:control@bitmessage\?subject=join%20general>/);
    for (const line of text.split('\n')) assert.ok(line.length <= 78, line);
  });

  it('refuses in ASCII at RCPT, with the codes that every mail program knows', async () => {
    const client = await LineClient.connect(gateway.ready.smtp.port);
    await client.line();
    client.write('EHLO there\r\n');
    await client.until('250');
    const { user, password } = gateway.ready.login;
    client.write(`AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}\r\n`);
    await client.until('235');
    const ask = async (line: string): Promise<string> => {
      client.write(`${line}\r\n`);
      return client.line(line);
    };
    assert.match(await ask(`MAIL FROM:<${gateway.address}@bitmessage> SMTPUTF8`), /^250 /);
    assert.equal(
      await ask('RCPT TO:<jürgen@bitmessage>'),
      '550 5.1.1 "juergen" ist hier nicht bekannt. Schreiben Sie an die Adresse BM-..., legen Sie einen Kontakt dieses Namens an, oder treten Sie erst dem Kanal bei', // the quotes were „“
    );
    const wrong = `BM-${gateway.address.slice(3).split('').reverse().join('')}`;
    assert.equal(
      await ask(`RCPT TO:<${wrong}@bitmessage>`),
      `550 5.1.3 ${wrong} enthaelt einen Tippfehler oder ist unvollstaendig: Die Pruefziffern passen nicht`,
    );
    assert.match(await ask('RCPT TO:<anna@example.org>'), /^550 5\.1\.2 example\.org ist nicht Bitmessage/);
    client.close();
  });

  it('refuses a folder in ASCII, and in German letters to a client that takes UTF-8', async () => {
    const client = await LineClient.connect(gateway.ready.imap.port);
    await client.line();
    const { user, password } = gateway.ready.login;
    await client.command(`a LOGIN ${user} ${password}`);
    const ascii = 'Kanaele liegen direkt unter Chans. Eine Passphrase mit "/" kann kein Ordnername sein';
    assert.ok((await client.command('b CREATE Chans/x/y')).at(-1)?.startsWith(`b NO [CANNOT] ${ascii}`));
    await client.command('c ENABLE UTF8=ACCEPT');
    assert.match((await client.command('d CREATE Chans/x/y')).at(-1) ?? '', /^d NO \[CANNOT\] Kanäle .* „\/“ kann/);
    client.close();
  });

  it('does what is ordered, and answers', async () => {
    assert.match((await orderByMail(rig, gateway, 'status')).text, /^Mailprogramm\n {2}Posteingang \(IMAP\)/m);
    assert.match((await orderByMail(rig, gateway, 'Hilfe')).text, /chan join PASSPHRASE .*\n {6}Tritt einem Kanal \(Chan\) bei/);
    assert.match((await orderByMail(rig, gateway, 'leave nowhere')).text, /Nicht ausgeführt: Es gibt keinen Kanal „nowhere“\./);
  });

  it('answers a terminal and a browser in theirs', async () => {
    const list = (language: string) => runCli(['chan', 'list', '--data', gateway.dataDirectory], { POSTERN_TEXTS_LANGUAGE: language });
    assert.equal((await list('en')).stdout, 'no chans yet\n');
    assert.equal((await list('de')).stdout, 'noch keine Kanäle\n');
    const automatic = { POSTERN_TEXTS_LANGUAGE: 'auto', LC_ALL: 'de_CH.UTF-8' };
    assert.match((await runCli(['help', 'backup'], automatic)).stdout, /^Aufruf: postern\n {2}backup FILE\n {6}Schreibt Schlüssel/);
    const { stderr, code } = await runCli(['chan', 'leave', 'x', '--data', gateway.dataDirectory], automatic);
    assert.deepEqual([stderr, code], ['postern: Es gibt keinen Kanal „x“\n', 1]);
    const origin = new URL(((await gateway.ask('page')) as { url: string }).url).origin;
    for (const [language, title] of [
      ['en', 'Closed'],
      ['de', 'Geschlossen'],
      ['fr', 'Geschlossen'],
    ])
      assert.ok((await (await fetch(origin, { headers: { 'accept-language': language } })).text()).includes(`<h1>${title}</h1>`), language);
  });
});
