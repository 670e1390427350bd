/** The settings that are printed: each program's form, odd names and passwords, and where they may be written. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import { type ControlRooms, checkArguments } from '../../../src/control/operation.js';
import type { SetupAccount } from '../../../src/control/setup/account.js';
import { autoconfigXml } from '../../../src/control/setup/autoconfig.js';
import { SETUPS } from '../../../src/control/setup/clients.js';
import { setup } from '../../../src/control/setup.js';
import { english } from '../../../src/words/english/english.js';
import { fakeControl, MAIL } from '../../support/fake-control.js';

const ACCOUNT: SetupAccount = {
  imap: MAIL.imap,
  smtp: MAIL.smtp,
  user: 'BM-2cABC@bitmessage',
  password: 'pa"ss&$w`d%\\',
  address: 'BM-2cABC@bitmessage',
  label: 'A & <B>',
  caPath: '/my "data"/ca.pem',
  ca: '-----BEGIN CERTIFICATE-----\nAAAA\nBBBB\n-----END CERTIFICATE-----\n',
  fingerprint: 'AB:CD',
  words: english,
};
/** As a reader of the guides has it. */
const DOCUMENTED: SetupAccount = {
  ...ACCOUNT,
  user: 'postern',
  password: '35tx-8zrv-es5z-udq8',
  address: 'BM-2cVhwzVLDxgNswDzvNxNgJzKyTvU9mdayy@bitmessage',
  label: 'Me',
  caPath: '/home/alice/.local/share/postern/certificates/ca.pem',
};
const textOf = (client: string, account = ACCOUNT): string =>
  SETUPS[client](account)
    .files.map(({ text }) => text)
    .join('\n');

describe('setup', () => {
  let directory: string;
  let rooms: ControlRooms;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'postern-setup-'));
    const caPath = join(directory, 'ca.pem');
    writeFileSync(caPath, ACCOUNT.ca);
    rooms = { ...fakeControl(), mail: { ...MAIL, caPath } };
    await rooms.node.createIdentity({ label: 'Me', passphrase: 'one' });
    await rooms.node.createIdentity({ label: 'Work', passphrase: 'two' });
  });
  after(() => rmSync(directory, { recursive: true }));
  const ask = (given: Record<string, string>) => setup.run(checkArguments(setup, given), rooms);

  for (const client of Object.keys(SETUPS)) {
    it(`has servers, login and address for ${client}, and never a number as the server's name`, () => {
      const text = textOf(client);
      assert.match(text, /localhost/);
      assert.doesNotMatch(text, /127\.0\.0\.1/);
      assert.match(text, /BM-2cABC(@|%40|&#64;)bitmessage/);
    });
    it(`says where the password goes when ${client} cannot be given it`, () => {
      assert.match(textOf(client, { ...ACCOUNT, password: null }), client === 'alpine' ? /asks for the password/ : /PASSWORD|username>/);
    });
  }

  for (const [client, expected] of [
    ['mutt', 'set imap_pass    = "pa\\"ss&\\$w\\`d%\\\\"'],
    ['aerc', ':pa%22ss%26%24w%60d%25%5C@localhost:1993'],
    ['offlineimap', 'remotepass = pa"ss&$w`d%%\\'],
    ['imapflow', 'pass: "pa\\"ss&$w`d%\\\\"'],
    ['apple', 'pa&#34;ss&#38;$w`d%\\'],
  ])
    it(`writes an odd password as ${client} reads it`, () => assert.ok(textOf(client).includes(expected), textOf(client)));

  for (const [client, page] of [
    ['mutt', 'mutt'],
    ['aerc', 'aerc'],
    ['alpine', 'alpine'],
    ['mbsync', 'mbsync-msmtp'],
    ['msmtp', 'mbsync-msmtp'],
  ])
    it(`is what the guide docs/clients/${page}.md shows of ${client}`, () => {
      const guide = readFileSync(new URL(`../../../../docs/clients/${page}.md`, import.meta.url), 'utf8');
      assert.ok(guide.includes(`\n${textOf(client, DOCUMENTED)}\`\`\`\n`), textOf(client, DOCUMENTED));
    });

  it('makes XML that is well-formed', () => {
    for (const xml of [autoconfigXml(ACCOUNT, ACCOUNT.password), textOf('apple')]) {
      const document = new DOMParser({ onError: (level, message) => assert.fail(`${level}: ${message}`) }).parseFromString(xml, 'text/xml');
      assert.ok(document.documentElement !== null);
    }
  });

  it('keeps the password out of the description that everybody can fetch', () => {
    assert.doesNotMatch(autoconfigXml(ACCOUNT, null), /password>/);
  });

  it('gives the combined login, or that of one identity by address or label', async () => {
    assert.match((await ask({ client: 'msmtp' })).text, /user "postern"\npassword "pass-word"\nfrom BM-4one@bitmessage/);
    for (const identity of ['BM-4two', 'bm-4TWO@Bitmessage', 'work'])
      assert.match((await ask({ client: 'MSMTP', identity })).text, /user "BM-4two@bitmessage"/);
  });

  for (const [what, given, reason] of [
    ['an unknown program', { client: 'pine' }, /"pine" is none of/],
    ['a name from the language itself', { client: 'constructor' }, /is none of/],
    ["somebody else's address", { client: 'mutt', identity: 'BM-4three' }, /is not one of your addresses/],
  ] as const)
    it(`refuses ${what}`, () => assert.throws(() => ask(given), reason));

  it('writes a file for its owner alone, and never over another', async () => {
    const write = join(directory, 'muttrc');
    await ask({ client: 'mutt', write });
    assert.equal(statSync(write).mode & 0o777, 0o600);
    assert.match(readFileSync(write, 'utf8'), /^set spoolfile/m);
    assert.throws(() => ask({ client: 'mbsync', write }), /is there already/);
    assert.match(readFileSync(write, 'utf8'), /^set spoolfile/m);
    assert.throws(() => ask({ client: 'mutt', write: join(directory, 'no', 'where') }), /cannot be written/);
  });

  it('writes a profile for Thunderbird into a directory that is new or empty', async () => {
    const write = join(directory, 'profile');
    await ask({ client: 'thunderbird', write });
    assert.deepEqual(readdirSync(write).sort(), ['cert_override.txt', 'isp', 'policies.json', 'user.js']);
    for (const name of ['user.js', 'isp/bitmessage.xml']) assert.equal(statSync(join(write, name)).mode & 0o777, 0o600);
    assert.throws(() => ask({ client: 'thunderbird', write }), /is not empty/);
  });
});
