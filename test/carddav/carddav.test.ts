import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCertificate, type ServerCertificate } from '../../src/access/certificate.js';
import type { Login } from '../../src/access/login.js';
import { CarddavServer } from '../../src/carddav/server.js';
import { parseXml } from '../../src/carddav/xml.js';
import { ALICE, BOB, CAROL, House } from '../mapping/house.js';
import { NO_DISK } from '../support/held-disk.js';

const LOGINS: Record<string, Login> = { me: { user: 'me', identity: null }, [ALICE]: { user: ALICE, identity: ALICE } };
const vcard = (uid: string, name: string, email: string): string =>
  `BEGIN:VCARD\r\nVERSION:4.0\r\nUID:${uid}\r\nFN:${name}\r\nEMAIL:${email}\r\nTEL:+49 1\r\nEND:VCARD\r\n`;
const props = (...names: string[]): string =>
  `<propfind xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav" xmlns:S="http://calendarserver.org/ns/"><prop>${names.map((name) => `<${name}/>`).join('')}</prop></propfind>`;

describe('carddav', () => {
  let house: House;
  let server: CarddavServer;
  let base: string;
  let certificate: ServerCertificate;
  const directory = mkdtempSync(join(tmpdir(), 'postern-carddav-'));
  before(async () => {
    certificate = await ensureCertificate(directory, []);
  });
  after(() => rmSync(directory, { recursive: true }));
  beforeEach(async () => {
    house = await House.open();
    server = new CarddavServer(
      { host: '127.0.0.1', port: 0, tlsPort: 0, tls: certificate },
      {
        books: house.mapping.addressBooks,
        logins: { check: async (user: string, password: string) => (password === 'good' ? (LOGINS[user] ?? null) : null) } as never,
        onDisk: NO_DISK,
        log: house.log,
      },
    );
    base = `http://127.0.0.1:${(await server.start()).port}`;
  });
  afterEach(async () => {
    await server.stop();
    await house.close();
  });

  const ask = async (
    method: string,
    path: string,
    body = '',
    headers: Record<string, string> = {},
    user = 'me:good',
  ): Promise<{ status: number; text: string; headers: Headers }> => {
    const authorization = `Basic ${Buffer.from(user).toString('base64')}`;
    const answer = await fetch(base + path, {
      method,
      headers: { authorization, ...headers },
      ...(body === '' ? {} : { body }),
      redirect: 'manual',
    });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  const put = (name: string, text: string, headers = {}) => ask('PUT', `/books/contacts/${name}`, text, headers);
  const sync = (token: string, book = 'contacts') =>
    ask(
      'REPORT',
      `/books/${book}/`,
      `<sync-collection xmlns="DAV:"><sync-token>${token}</sync-token><prop><getetag/></prop></sync-collection>`,
    );
  const tokenOf = (text: string): string => /<D:sync-token>(.*?)<\/D:sync-token>/.exec(text)![1];

  it('is found, and wants a password', async () => {
    const known = await ask('GET', '/.well-known/carddav', '', {}, 'x:y');
    assert.deepEqual([known.status, known.headers.get('location')], [301, '/']);
    assert.equal((await ask('PROPFIND', '/', '', {}, 'me:bad')).status, 401);
    assert.equal((await fetch(base)).status, 401);
    for (const origin of ['http://evil.example', 'null', `ftp://${new URL(base).host}`, 'http://localhost:1'])
      assert.equal((await ask('PROPFIND', '/', '', { origin })).status, 403, origin);
    // As Thunderbird says where it asks.
    assert.equal((await ask('PROPFIND', '/', '', { origin: new URL(base).origin })).status, 207);
    const root = await ask('PROPFIND', '/', props('current-user-principal'), { depth: '0' });
    assert.match(root.text, /<D:current-user-principal><D:href>\/principal\//);
    assert.match((await ask('PROPFIND', '/principal/', props('C:addressbook-home-set'))).text, /\/books\//);
    const home = await ask('PROPFIND', '/books/', props('displayname', 'resourcetype', 'S:getctag', 'nonsense'), { depth: '1' });
    for (const name of ['Contacts', 'My addresses', 'Subscriptions', 'Chans']) assert.ok(home.text.includes(`<D:displayname>${name}<`));
    assert.match(home.text, /<D:nonsense\/><\/D:prop><D:status>HTTP\/1.1 404/);
    assert.match((await ask('OPTIONS', '/')).headers.get('dav') ?? '', /addressbook/);
  });

  it('makes contacts of cards, and cards of contacts, unknown lines kept', async () => {
    assert.equal((await put('a.vcf', vcard('a', 'Bob Müller', `${BOB}@bitmessage`), { 'if-none-match': '*' })).status, 201);
    assert.equal(house.mapping.contacts.find('bob.müller').address, BOB);
    const { text, headers } = await ask('GET', '/books/contacts/a.vcf');
    assert.match(text, /FN:Bob Müller\r\n/);
    assert.match(text, /TEL:\+49 1\r\n/);
    assert.match(text, /VERSION:4\.0/);
    assert.match((await ask('GET', '/books/contacts/a.vcf', '', { accept: 'text/vcard; version=3.0' })).text, /VERSION:3\.0/);
    assert.equal((await put('a.vcf', vcard('a', 'x', BOB), { 'if-none-match': '*' })).status, 412);
    house.mapping.contacts.rename(BOB, 'Robert');
    assert.equal((await put('a.vcf', vcard('a', 'x', BOB), { 'if-match': headers.get('etag')! })).status, 412);
    assert.match((await ask('GET', '/books/contacts/a.vcf')).text, /FN:Robert/);
    assert.equal((await ask('DELETE', '/books/contacts/a.vcf')).status, 204);
    assert.deepEqual(house.mapping.contacts.list(), []);
    assert.equal((await ask('GET', '/books/contacts/a.vcf')).status, 404);
  });

  it('keeps Internet addresses beside a Bitmessage one, and takes no card without', async () => {
    const both = vcard('a', 'Bob', `bob@example.com`).replace('TEL', `EMAIL:${BOB}@bitmessage\r\nTEL`);
    assert.equal((await put('a.vcf', both)).status, 201);
    assert.match((await ask('GET', '/books/contacts/a.vcf')).text, /EMAIL:bob@example\.com/);
    const without = await put('b.vcf', vcard('b', 'Eve', 'eve@example.com'));
    assert.deepEqual([without.status, /valid-address-data/.test(without.text)], [403, true]);
    assert.match((await put('b.vcf', vcard('b', 'Bob', BOB))).text, /already/);
    assert.match((await put('b.vcf', vcard('a', 'Carol', CAROL))).text, /no-uid-conflict/);
    assert.match((await put('b.vcf', vcard('b', 'me', ALICE))).text, /your own/);
    assert.match((await put('b.vcf', vcard('b', 'x'.repeat(300_000), CAROL))).text, /max-resource-size/);
  });

  it('tells what changed since, and forgets nothing that was removed', async () => {
    await put('a.vcf', vcard('a', 'Bob', BOB));
    const first = tokenOf((await sync('')).text);
    assert.doesNotMatch((await sync(first)).text, /<D:response>/);
    house.mapping.contacts.add(CAROL, 'Carol');
    house.mapping.contacts.remove('bob');
    const { text } = await sync(first);
    assert.match(text, /a\.vcf<\/D:href><D:status>HTTP\/1\.1 404/);
    assert.equal(text.match(/<D:response>/g)?.length, 2);
    for (const token of ['nonsense', first.replace(/\d+$/, '999999'), first.replace('contacts', 'chans')])
      assert.match((await sync(token)).text, /valid-sync-token/);
    const chans = tokenOf((await sync('', 'chans')).text);
    assert.equal((await sync(chans, 'chans')).status, 207);
    await house.mapping.groups.joinChan('general', '');
    assert.equal((await sync(chans, 'chans')).status, 403);
  });

  it('answers queries and multigets', async () => {
    house.mapping.contacts.add(BOB, 'Bob Müller');
    house.mapping.contacts.add(CAROL, 'Carol <&">');
    const query = (filter: string) =>
      ask(
        'REPORT',
        '/books/contacts/',
        `<C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><C:address-data version="4.0"/></D:prop>${filter}</C:addressbook-query>`,
      );
    assert.equal((await query('')).text.match(/VERSION:4\.0/g)?.length, 2);
    const named = await query(
      '<C:filter><C:prop-filter name="FN"><C:text-match match-type="starts-with">BOB M</C:text-match></C:prop-filter></C:filter>',
    );
    assert.ok(named.text.includes(BOB) && !named.text.includes(CAROL));
    assert.doesNotMatch((await query('<C:filter><C:prop-filter name="TEL"/></C:filter>')).text, /<D:response>/);
    const [{ name }] = house.mapping.contacts.cards();
    const multiget = await ask(
      'REPORT',
      '/books/contacts/',
      `<C:addressbook-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><D:getetag/><C:address-data/></D:prop><D:href>/books/contacts/${name}</D:href><D:href>/books/contacts/gone.vcf</D:href><D:href>/books/chans/x.vcf</D:href></C:addressbook-multiget>`,
    );
    assert.equal(multiget.text.match(/404 Not Found/g)?.length, 2);
    assert.ok(multiget.text.includes(BOB));
  });

  it('renames chans and subscriptions with their folders, and makes or removes none', async () => {
    const chan = await house.mapping.groups.joinChan('general', '');
    const path = `/books/chans/${chan.address}.vcf`;
    assert.equal((await ask('PUT', path, vcard(chan.address, 'Everybody', 'x'))).status, 204);
    assert.ok(house.paths().includes('Chans/Everybody'));
    assert.equal((await ask('DELETE', path)).status, 403);
    assert.equal((await ask('PUT', '/books/chans/new.vcf', vcard('n', 'New', BOB))).status, 403);
    assert.match((await ask('GET', `/books/identities/${ALICE}.vcf`)).text, /FN:alice/);
  });

  it("shows an identity login its own address, and nobody's groups", async () => {
    const { text } = await ask('PROPFIND', '/books/', '', { depth: '1' }, `${ALICE}:good`);
    assert.ok(text.includes('/books/identities/') && !text.includes('/books/chans/'));
    assert.equal((await ask('PROPFIND', '/books/chans/', '', {}, `${ALICE}:good`)).status, 404);
  });

  const bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>';
  for (const [xml, why] of [
    [bomb, 'entities'],
    ['<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 'a document type'],
    ['<a><b></a>', 'no XML'],
    ['<a>'.repeat(33) + '</a>'.repeat(33), 'more than 32 levels'],
    ['<a>'.repeat(20_000) + '</a>'.repeat(20_000), 'a tower'],
    [`<a>${'<b/>'.repeat(60_000)}</a>`, 'more elements than any request has'],
    ['<a>&nbsp;</a>', 'an unknown entity'],
    ['', 'nothing'],
  ])
    it(`refuses ${why}`, async () => {
      assert.equal(parseXml(xml), null);
      assert.equal((await ask('REPORT', '/books/contacts/', xml)).status, 400);
    });

  it('reads no more than 2 MiB', async () => {
    const status = await ask('REPORT', '/books/contacts/', 'x'.repeat(2 * 1024 * 1024 + 1)).then(
      (answer) => answer.status,
      () => 413, // the connection may end while the rest is still being sent
    );
    assert.equal(status, 413);
  });

  for (const path of ['/books/contacts/%', '/books/contacts/a%2Fb.vcf', '/books/contacts/../../etc', '/nowhere', '/books/nowhere/'])
    it(`finds nothing at ${path}`, async () => assert.equal((await ask('PROPFIND', path)).status, 404));
});
