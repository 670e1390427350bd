import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeBase58 } from '../../src/bitmessage/crypto/base58.js';
import { identityKeys, withPrefix } from '../../src/bitmessage/crypto/keys.js';
import { formatWif } from '../../src/bitmessage/crypto/wif.js';
import { readKeysDat } from '../../src/migration/formats/keys-dat.js';
import type { MailFormat } from '../../src/migration/mail-files.js';
import { Contacts } from '../../src/store/contacts.js';
import { VECTORS_DIRECTORY } from '../support/vectors.js';
import { House, isRefusal, NOW } from './house.js';

const quiet = (): void => {};
const keysDat = `${VECTORS_DIRECTORY}pybitmessage-data/keys.dat`;
const [alice, bob] = readKeysDat(readFileSync(keysDat)).identities;

describe('moving mail and keys', () => {
  let house: House;
  let directory: string;
  beforeEach(() => {
    house = new House();
    directory = mkdtempSync(join(tmpdir(), 'postern-files-'));
  });
  afterEach(() => {
    house.end();
    rmSync(directory, { recursive: true });
  });
  const file = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  const import_ = (format: MailFormat, path: string, folder: string) => house.migration.importMail({ format, path, folder }, quiet);
  const taken = async (format: MailFormat, path: string, folder: string) => (await import_(format, path, folder)).counts.mails;

  const MBOX = [
    'From a@b Sat Nov 21 23:00:00 2026',
    'Status: RO',
    'X-Status: F',
    'Subject: one',
    '',
    '>From here',
    '',
    'From a@b Sun Nov 22 00:00:00 2026',
    `From: ${alice.address}@bitmessage`,
    'Subject: two',
    '',
    'text',
    '',
  ].join('\n');

  it('brings an mbox into a folder, once, with flags and dates', async () => {
    const path = file('old.mbox', MBOX);
    house.migration.importWif({
      signing: formatWif(alice.signingKey),
      encryption: formatWif(alice.encryptionKey),
      label: 'Me',
      version: 4,
    });
    assert.deepEqual(await taken('mbox', path, 'Old/2026'), { taken: 2, known: 0, refused: 0 });
    assert.deepEqual(
      house
        .mails('Old/2026')
        .map(({ flags, internalDate, identity, raw }) => [[...flags].sort(), internalDate, identity, raw.split('\r\n').at(-2)]),
      [
        [['\\Flagged', '\\Seen'], 1_795_302_000, '', 'From here'],
        [[], 1_795_305_600, alice.address, 'text'],
      ],
    );
    assert.deepEqual(await taken('mbox', path, 'Old/2026'), { taken: 0, known: 2, refused: 0 });
    assert.deepEqual(await taken('mbox', path, 'INBOX'), { taken: 2, known: 0, refused: 0 });
    assert.ok(house.mailboxes.subscriptions().includes('Old/2026'));
  });

  it('brings mails above 1 MiB among others, in pieces', async () => {
    house.migration.importWif({
      signing: formatWif(alice.signingKey),
      encryption: formatWif(alice.encryptionKey),
      label: 'Me',
      version: 4,
    });
    const text = `${'a long text, with a line that ends here\n'.repeat(40_000)}>From here\n${'y'.repeat(700_000)}\n`;
    const large = (name: string, status: string): string =>
      `From a@b Sat Nov 21 23:00:00 2026\n${status}To: ${alice.address}@bitmessage\nSubject: ${name}\n\n${text}\n`;
    const path = file(
      'large.mbox',
      `${MBOX}\n${large('three', 'Status: RO\n')}${large('deleted', 'X-Mozilla-Status: 0009\n')}${MBOX.replaceAll('one', 'four')}`,
    );
    assert.deepEqual(await taken('mbox', path, 'Large'), { taken: 4, known: 1, refused: 0 });
    const mails = house.mails('Large');
    assert.deepEqual(
      mails.map(({ raw }) => /Subject: (.*)/.exec(raw)?.[1]),
      ['one', 'two', 'three', 'four'],
    );
    const expected = `Status: RO\nTo: ${alice.address}@bitmessage\nSubject: three\n\n${text.replace('>From', 'From')}`.replaceAll(
      '\n',
      '\r\n',
    );
    assert.ok(mails[2].raw === expected);
    assert.deepEqual([mails[2].identity, mails[2].flags, mails[2].internalDate], [alice.address, ['\\Seen'], 1_795_302_000]);
    const count = (table: string): number => house.database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n;
    assert.deepEqual([count('large_messages'), count('staged_messages'), count('bodies')], [1, 0, 3]);
    assert.deepEqual(await taken('mbox', path, 'Large'), { taken: 0, known: 5, refused: 0 });
    file('one.eml', expected);
    assert.deepEqual(await taken('eml', join(directory, 'one.eml'), 'Other'), { taken: 1, known: 0, refused: 0 });
    assert.ok(house.mails('Other')[0].raw === expected);
  });

  it('leaves nothing of a mail above 1 MiB when it is stopped meanwhile', async () => {
    const path = file('large.eml', `Subject: large\n\n${'x'.repeat(20_000_000)}`);
    const running = import_('eml', path, 'Large');
    const count = (table: string): number => house.database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n;
    while (count('staged_messages') === 0) await new Promise(setImmediate);
    const stopped = house.migration.stop();
    await assert.rejects(running, isRefusal(/./));
    await stopped;
    assert.equal(count('entries'), 0);
    while (house.mailboxes.staged.deleteNext(10));
    assert.equal(count('messages'), 0);
  });

  it('brings eml files', async () => {
    file('b.eml', 'Received: from x by y; Sat, 21 Nov 2026 23:00:00 +0000\r\nSubject: b\r\n\r\n');
    file('a.EML', 'Date: Sun, 22 Nov 2026 00:00:00 +0000\nSubject: a\n\n');
    file('no.txt', 'no mail');
    assert.deepEqual(await taken('eml', directory, 'Archive'), { taken: 2, known: 0, refused: 0 });
    assert.deepEqual(
      house.mails('Archive').map(({ internalDate }) => internalDate),
      [1_795_305_600, 1_795_302_000],
    );
    assert.deepEqual(await taken('eml', join(directory, 'b.eml'), 'Archive'), { taken: 0, known: 1, refused: 0 });
  });

  it('brings a Maildir with the Maildirs in it', async () => {
    for (const part of ['cur', 'new', '.Work.Done/cur']) mkdirSync(join(directory, part), { recursive: true });
    for (const [name, text] of [
      ['cur/1.a:2,FS', 'Subject: seen\n\n'],
      ['new/2.b', 'Subject: new\n\n'],
      ['.Work.Done/cur/3.c:2,R', 'Subject: done\n\n'],
    ])
      utimesSync(file(name, text), NOW - 100, NOW - 100);
    assert.deepEqual(await taken('maildir', directory, 'Mail'), { taken: 3, known: 0, refused: 0 });
    assert.deepEqual(
      [...house.mails('Mail'), ...house.mails('Mail/Work/Done')].map(({ flags, internalDate, raw }) => [
        [...flags].sort().join(),
        internalDate,
        raw,
      ]),
      [
        ['\\Flagged,\\Seen', NOW - 100, 'Subject: seen\r\n\r\n'],
        ['', NOW - 100, 'Subject: new\r\n\r\n'],
        ['\\Answered', NOW - 100, 'Subject: done\r\n\r\n'],
      ],
    );
  });

  for (const [format, name, folder, pattern] of [
    ['mbox', 'nowhere', 'INBOX', /there is no/],
    ['mbox', '.', 'INBOX', /is a directory, not a file/],
    ['maildir', '.', 'INBOX', /is no Maildir/],
    ['eml', 'nowhere', 'INBOX', /there is no/],
    ['mbox', '.', 'Outbox', /by being sent/],
    ['mbox', '.', 'Chans/x', /join or subscribe first/],
    ['mbox', '.', 'Chans', /holds folders/],
    ['mbox', '.', 'a//b', /cannot be empty/],
  ] as const)
    it(`refuses ${format} ${name} into ${folder}: ${pattern.source}`, () =>
      assert.rejects(import_(format, join(directory, name), folder), isRefusal(pattern)));

  it('does one thing at a time', async () => {
    const path = file('old.mbox', MBOX);
    const first = import_('mbox', path, 'INBOX');
    await assert.rejects(import_('mbox', path, 'INBOX'), isRefusal(/another import or export is under way/));
    await first;
  });

  it('writes a folder as an mbox and as a Maildir, and reads both again', async () => {
    await import_('mbox', file('old.mbox', MBOX), 'Old');
    const before = house
      .mails('Old')
      .map(({ flags, internalDate, raw }) => ({ flags: [...flags].sort(), internalDate, subject: /Subject: .*/.exec(raw)?.[0] }));
    for (const [format, name] of [
      ['mbox', 'new.mbox'],
      ['maildir', 'Maildir'],
    ] as const) {
      const path = join(directory, name);
      assert.equal(await house.migration.exportMail({ format, path, folder: 'Old' }, quiet), 2);
      await import_(format, path, `From ${format}`);
      const again = house
        .mails(`From ${format}`)
        .map(({ flags, internalDate, raw }) => ({ flags: [...flags].sort(), internalDate, subject: /Subject: .*/.exec(raw)?.[0] }));
      assert.deepEqual(again, before, format);
      await assert.rejects(house.migration.exportMail({ format, path, folder: 'Old' }, quiet), isRefusal(/is there already/));
    }
    assert.equal(statSync(join(directory, 'new.mbox')).mode & 0o077, 0);
  });

  it('writes all folders below a directory', async () => {
    await import_('mbox', file('old.mbox', MBOX), 'Old/../x');
    const mboxes = join(directory, 'out');
    await house.migration.exportMail({ format: 'mbox', path: mboxes, folder: null }, quiet);
    assert.ok(readdirSync(mboxes).includes('INBOX.mbox'));
    assert.deepEqual(readdirSync(join(mboxes, 'Old')).sort(), ['__']);
    const maildir = join(directory, 'all');
    await house.migration.exportMail({ format: 'maildir', path: maildir, folder: null }, quiet);
    assert.ok(readdirSync(maildir).includes('cur') && readdirSync(maildir).includes('.Sent'));
    await assert.rejects(
      house.migration.exportMail({ format: 'mbox', path: join(directory, 'y'), folder: 'No' }, quiet),
      isRefusal(/no folder No/),
    );
  });

  it("brings notbit's keys, its own and those of others", async () => {
    const keys = identityKeys(bob.signingKey, bob.encryptionKey);
    const text = [
      `[${alice.address}]`,
      'label = Me',
      'noncetrialsperbyte = 1000',
      'payloadlengthextrabytes = 1000',
      `privsigningkey = ${formatWif(alice.signingKey)}`,
      `privencryptionkey = ${formatWif(alice.encryptionKey)}`,
      'lastpubkeysendtime = 0',
      'enabled = true',
      'decoy = false',
      '',
      `[${bob.address}]`,
      'label = Bob',
      `pubsigningkey = ${encodeBase58(withPrefix(keys.signingKey))}`,
      `pubencryptionkey = ${encodeBase58(withPrefix(keys.encryptionKey))}`,
      '',
    ].join('\n');
    const path = file('keys.dat', text);
    const { counts } = await house.migration.importKeysFile(path);
    assert.deepEqual(counts, {
      identities: { taken: 1, known: 0, refused: 0 },
      'public keys': { taken: 1, known: 0, refused: 0 },
      contacts: { taken: 1, known: 0, refused: 0 },
    });
    assert.deepEqual(
      new Contacts(house.database).all().map(({ address, label }) => [address, label]),
      [[bob.address, 'Bob']],
    );
    assert.deepEqual((await house.migration.importKeysFile(path)).counts.identities, { taken: 0, known: 1, refused: 0 });
    await assert.rejects(house.migration.importKeysFile(file('empty.dat', '[x]\n')), isRefusal(/holds no addresses/));
    await assert.rejects(house.migration.importKeysFile(join(directory, 'nowhere')), isRefusal(/there is no file/));
  });

  it('makes an identity of two keys, once', () => {
    const pair = { signing: formatWif(alice.signingKey), encryption: formatWif(alice.encryptionKey), label: 'Me', version: 4 } as const;
    assert.deepEqual(house.migration.importWif(pair), { address: alice.address, isNew: true });
    assert.deepEqual(house.migration.importWif(pair), { address: alice.address, isNew: false });
    assert.throws(() => house.migration.importWif({ ...pair, signing: 'x' }), isRefusal(/the signing key cannot be used/));
  });

  it('writes a keys.dat that gives the same identities, and the addresses as a table', async () => {
    await house.migration.importKeysFile(keysDat);
    const path = join(directory, 'keys.dat');
    assert.equal(await house.migration.exportKeys(path), 11);
    assert.equal(statSync(path).mode & 0o077, 0);
    const plain = (identities: (typeof alice)[]) => identities.map(({ pubkeySentAt: _, ...identity }) => identity);
    const read = (name: string) => plain([...readKeysDat(readFileSync(name)).identities]);
    assert.deepEqual(read(path), read(keysDat));
    await assert.rejects(house.migration.exportKeys(path), isRefusal(/is there already/));
    new Contacts(house.database).put(bob.address, '=1+1, "x"');
    const table = join(directory, 'addresses.csv');
    assert.equal(await house.migration.exportAddresses(table), 1);
    assert.equal(readFileSync(table, 'utf8'), `kind,address,label\r\ncontact,${bob.address},"'=1+1, ""x"""\r\n`);
    chmodSync(directory, 0o700);
  });
});
