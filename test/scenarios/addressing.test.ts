/** The ways to write to somebody: every form of an address, names, links and Namecoin; and how the sender shows. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ImapFlow } from 'imapflow';
import { simpleParser } from 'mailparser';
import { explainFailure, type GatewayProcess, Rig } from '../support/gateway-rig.js';
import { untilFolder, untilMail } from '../support/mailbox-watch.js';
import { orderByMail } from '../support/order-by-mail.js';

describe('scenario: addressing', function () {
  this.timeout(60_000);
  const rig = new Rig();
  let alice: GatewayProcess;
  let bob: GatewayProcess;
  let atBob: ImapFlow;
  let namecoin: Server;

  before(async () => {
    namecoin = await serveNames((name) => (name === 'id/bob' ? JSON.stringify({ bitmessage: bob.address }) : null));
    bob = await rig.start();
    const rpc = `namecoin.rpc=127.0.0.1:${(namecoin.address() as AddressInfo).port}`;
    const carddav = ['carddav.enabled=true', 'carddav.port=0', 'carddav.tls_port=0'];
    alice = await rig.start([bob.asPeer, rpc, 'namecoin.user=rpc', 'namecoin.password=secret', ...carddav]);
    atBob = await rig.imap(bob);
  });
  afterEach(function () {
    explainFailure(rig, this.currentTest);
  });
  after(async () => {
    namecoin.closeAllConnections();
    namecoin.close();
    await rig.end();
  });

  const order = async (line: string): Promise<string> => (await orderByMail(rig, alice, line)).text;
  /** To is the header, which decides nothing; the envelope is what a mail program makes of it. */
  const send = (subject: string, envelopeTo: string, to = envelopeTo): Promise<{ response?: string }> =>
    alice.smtp().sendMail({
      from: `${alice.address}@bitmessage`,
      to,
      envelope: { from: `${alice.address}@bitmessage`, to: envelopeTo },
      subject,
      text: 'x',
    });
  const arrives = (subject: string): Promise<unknown> => untilMail(atBob, 'INBOX', (mail) => mail.subject === subject);

  it('reaches the same person by every form of the address', async () => {
    const digits = bob.address.slice(3);
    const [alias] = /b32-\w+/.exec((await orderByMail(rig, bob, `identity show ${bob.address}`)).text) ?? assert.fail();
    const forms = [
      bob.address,
      `${bob.address}@bitmessage`,
      `${digits}@bitmessage`,
      `bm-${digits}@BitMessage`,
      `"${bob.address}"@bitmessage`,
      `${bob.address}@bm.addr`,
      `${bob.address}@bitmessage.ch`,
      `${bob.address}+ttl=2d@bitmessage`,
      `${alias}@bitmessage`,
      `${alias.toUpperCase()}@bitmessage`,
    ];
    for (const [index, form] of forms.entries()) await send(`Form ${index}`, form);
    const wanted = forms.map((_, index) => `Form ${index}`);
    const mails = await untilFolder(atBob, 'INBOX', (seen) => wanted.every((subject) => seen.some((mail) => mail.subject === subject)));
    assert.equal(mails.filter(({ subject }) => subject.startsWith('Form ')).length, forms.length);
  });

  it('reaches addresses of version 3, and takes display names, comments and groups in the header for what they are', async () => {
    const old = await orderByMail(rig, bob, 'new identity Alt --passphrase "an old one" --address-version 3');
    const [v3] = /^BM-\w+$/m.exec(old.text) ?? assert.fail(old.text);
    await send('Fassung 3', `${v3}@bitmessage`, `Freunde: "Bob, der Alte" <${v3}@bitmessage> (ein Kommentar);`);
    await arrives('Fassung 3');
  });

  it('shows strangers as such, contacts by name, oneself and the voice of a chan', async () => {
    const client = await rig.imap(alice);
    const received = async (subject: string, path = 'INBOX'): Promise<{ from: string; trust: string }> => {
      const { source } = await untilMail(client, path, (mail) => mail.subject === subject);
      const { from } = await simpleParser(source);
      return { from: from?.text ?? '', trust: /x-bitmessage-signature=pass \((\w+)\)/.exec(source)?.[1] ?? '' };
    };
    const fromBob = (subject: string): Promise<unknown> =>
      bob.smtp().sendMail({ from: `${bob.address}@bitmessage`, to: `${alice.address}@bitmessage`, subject, text: 'x' });
    await fromBob('Als Fremder');
    assert.deepEqual(await received('Als Fremder'), { from: `${bob.address}@bitmessage`, trust: 'unknown' });
    assert.match(await order(`contact add ${bob.address} Bob Baumeister`), /bob\.baumeister@bitmessage/);
    await fromBob('Als Bekannter');
    assert.deepEqual(await received('Als Bekannter'), { from: `"Bob Baumeister" <${bob.address}@bitmessage>`, trust: 'known' });
    await send('An mich', `${alice.address}@bitmessage`);
    assert.equal((await received('An mich')).trust, 'own');
    const [chan] = /BM-\w+/.exec(await order('join Hörsaal')) ?? assert.fail();
    await alice.smtp().sendMail({ from: `${chan}@bitmessage`, to: `${chan}@bitmessage`, subject: 'Als Chan', text: 'x' });
    assert.equal((await received('Als Chan', 'Chans/Hörsaal')).trust, 'chan');
  });

  it('reaches contacts by their names, and asks about names that are nearly right', async () => {
    for (const [index, name] of ['bob.baumeister', 'Bob_Baumeister', 'BOB-BAUMEISTER'].entries())
      await send(`Name ${index}`, `${name}@bitmessage`);
    await untilFolder(atBob, 'INBOX', (seen) => seen.filter(({ subject }) => subject.startsWith('Name ')).length === 3);
    await assert.rejects(send('Fast', 'bob.baumeisster@bitmessage'), /550 5\.1\.1 .*Did you mean bob\.baumeister@bitmessage/);
    await assert.rejects(send('Niemand', 'carol@bitmessage'), /550 5\.1\.1 Nobody called "carol" is known here/);
    await assert.rejects(send('Woandershin', 'bob@example.org'), /550 5\.1\.2 example\.org is not Bitmessage/);
  });

  it('has the names that an address book program writes, and shows it the others', async () => {
    const [, port] = /address books can be reached.*\bport=(\d+)/.exec(alice.log) ?? assert.fail(alice.log);
    const { user, password } = alice.ready.login;
    const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
    const cards = `http://127.0.0.1:${port}/books/contacts/`;
    const list = await (await fetch(cards, { method: 'PROPFIND', headers: { ...headers, depth: '1' } })).text();
    const [, name] = /books\/contacts\/([^<]+\.vcf)/.exec(list) ?? assert.fail(list);
    const before = await (await fetch(cards + name, { headers })).text();
    assert.match(before, /FN:Bob Baumeister\r/);
    const after = before.replace('FN:Bob Baumeister', 'FN:Robert');
    assert.equal((await fetch(cards + name, { method: 'PUT', headers, body: after })).status, 204);
    await send('An Robert', 'robert@bitmessage');
    await arrives('An Robert');
    await bob.smtp().sendMail({ from: `${bob.address}@bitmessage`, to: `${alice.address}@bitmessage`, subject: 'Von Robert', text: 'x' });
    const { source } = await untilMail(await rig.imap(alice), 'INBOX', ({ subject }) => subject === 'Von Robert');
    assert.equal((await simpleParser(source)).from?.value[0].name, 'Robert');
  });

  it('passes an address on as link, picture and card, and takes a link', async () => {
    const text = await order(`identity show ${alice.address}`);
    const [link] = /bitmessage:BM-\S+/.exec(text) ?? assert.fail(text);
    assert.match(await order(`identity show ${alice.address} --vcard`), /BEGIN:VCARD[\s\S]*EMAIL[^\n]*BM-\w+@bitmessage[\s\S]*END:VCARD/);
    assert.match(await order(`identity show ${alice.address} --qr`), /[█▀▄]{5}/);
    assert.match((await orderByMail(rig, bob, `contact add ${link} Alice`)).text, /alice@bitmessage/);
    const mail = { from: `${bob.address}@bitmessage`, to: 'alice@bitmessage', subject: 'Über den Link', text: 'x' };
    await bob.smtp().sendMail(mail);
    await untilMail(await rig.imap(alice), 'INBOX', ({ subject }) => subject === 'Über den Link');
  });

  it('reaches a Namecoin name, and says which address it stands for', async () => {
    for (const [index, name] of ['bob.bit', 'id/bob', '"id/bob"'].entries()) {
      assert.match(
        (await send(`Namecoin ${index}`, `${name}@bitmessage`)).response ?? '',
        new RegExp(`bob.* is ${bob.address}@bitmessage`),
      );
      await arrives(`Namecoin ${index}`);
    }
    await assert.rejects(send('Keiner', 'nobody.bit@bitmessage'), /550 5\.1\.1 "nobody\.bit"/);
    const without = bob.smtp().sendMail({ from: `${bob.address}@bitmessage`, to: 'bob.bit@bitmessage', text: 'x' });
    await assert.rejects(without, /550 5\.1\.1 .*no Namecoin node is configured/);
  });
});

/** What a Namecoin node answers to name_show. */
async function serveNames(addressBehind: (name: string) => string | null): Promise<Server> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { params } = JSON.parse(body) as { params: string[] };
      const value = addressBehind(params[0]);
      const isAllowed = request.headers.authorization === `Basic ${Buffer.from('rpc:secret').toString('base64')}`;
      response.writeHead(!isAllowed ? 401 : value === null ? 500 : 200);
      response.end(
        JSON.stringify(value === null ? { error: { code: -4, message: 'name not found' } } : { result: { value, expired: false } }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
