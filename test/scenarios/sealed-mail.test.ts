/** The whole database encrypted: nothing of it in any file, opened by the first login, and no mail lost whatever happens on the way. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImapFlow } from 'imapflow';
import { restoreBackup } from '../../src/backup/restore.js';
import { Database } from '../../src/store/database.js';
import { formOf } from '../../src/store/file-form.js';
import { missingForSealed } from '../../src/store/sealed-driver.js';
import { explainFailure, type GatewayProcess, Rig, runCli } from '../support/gateway-rig.js';
import { readFolder, untilMail } from '../support/mailbox-watch.js';
import { ask, filesWith, needsSealedDriver } from '../support/sealed.js';

const PASSPHRASE = 'correct horse battery';
const LEAST_PAGES_BYTES = 4096;

/** One is the gateway's own, a welcome. */
const MAILS = 31;
/** What may stand in no file: subjects, texts, names, senders, what is searched for. */
const READABLE = ['Quarterly figures', 'needle in the haystack', 'Steuern 2031', 'Aunt Ottilie', 'wombat', 'Chatham House'];

describe('scenario: mail encrypted on the disk', function () {
  this.timeout(240_000);
  needsSealedDriver();
  let rig: Rig;
  beforeEach(() => (rig = new Rig()));
  afterEach(async function () {
    explainFailure(rig, this.currentTest);
    await rig.end();
  });

  /** Some mail, and its keys encrypted; the same, with the mail encrypted as well. */
  const templates = { filled: '', sealed: '' };
  let password: string;
  before(async () => {
    if (missingForSealed() !== null) return;
    const own = new Rig();
    const gateway = await own.start();
    await fill(own, gateway);
    password = gateway.ready.login.password;
    templates.filled = mkdtempSync(join(tmpdir(), 'postern-filled-'));
    cpSync(gateway.dataDirectory, templates.filled, { recursive: true });
    assert.equal((await ask(['mail', 'encrypt'], gateway.dataDirectory, PASSPHRASE)).code, 0);
    templates.sealed = mkdtempSync(join(tmpdir(), 'postern-sealed-'));
    cpSync(gateway.dataDirectory, templates.sealed, { recursive: true });
    await own.end();
  });
  after(() => {
    for (const directory of Object.values(templates)) if (directory !== '') rmSync(directory, { recursive: true });
  });
  const copyOf = (kind: keyof typeof templates): string => {
    const directory = rig.directory();
    cpSync(templates[kind], directory, { recursive: true });
    return directory;
  };
  const assertUnreadable = (directory: string): void => {
    for (const text of [...READABLE, 'SQLite format']) assert.deepEqual(filesWith(directory, text), [], text);
  };

  it('leaves nothing of it in any file, running, killed and stopped, and has all of it when a mail program has logged in', async () => {
    const bob = await rig.start();
    const dataDirectory = copyOf('filled');
    for (const text of READABLE.slice(0, 5))
      assert.ok(filesWith(dataDirectory, text).length > 0, `the search finds what is there: ${text}`);
    assert.equal((await ask(['mail', 'encrypt'], dataDirectory, PASSPHRASE)).code, 0);
    assertUnreadable(dataDirectory);

    const locked = await rig.start([bob.asPeer], dataDirectory);
    const { keys, mailIsSealed, network, identities, login } = locked.ready;
    assert.deepEqual([keys, mailIsSealed, network, identities, login.password], ['locked', true, null, [], null]);
    await assert.rejects(locked.ask('identity list'), /your mail is locked: "postern unlock" first/);
    await assert.rejects(locked.imap(undefined, 'a wrong password'));
    assert.equal((await locked.ask('status')).keys, 'locked');
    // Ten at once, as mail programs come: each waits until the one house is open.
    const clients = await Promise.all(Array.from({ length: 10 }, () => locked.imap(undefined, password)));
    assert.equal((await locked.ask('status')).keys, 'unlocked');
    assert.equal((await readFolder(clients[0], 'INBOX')).length, MAILS);
    const [tax] = await readFolder(clients[1], 'Steuern 2031');
    assert.deepEqual([tax.subject, tax.flags.has('\\Flagged')], ['Quarterly figures', true]);
    await untilFound(clients[2], 'INBOX', 'wombat 7');
    assert.equal(
      ((await locked.ask('doctor')).findings as { about: string; verdict: string }[]).find((f) => f.about === 'database')?.verdict,
      'ok',
    );
    const [{ address }] = (await locked.ask('identity list')).identities as { address: string }[];
    await locked
      .smtp(password)
      .sendMail({ from: `${address}@bitmessage`, to: `${bob.address}@bitmessage`, subject: 'Quarterly figures', text: 'x' });
    await untilMail(await rig.imap(bob), 'INBOX', ({ subject }) => subject === 'Quarterly figures');
    await bob.smtp().sendMail({ from: `${bob.address}@bitmessage`, to: `${address}@bitmessage`, subject: 'Steuern 2031', text: 'wombat' });
    await untilMail(clients[3], 'INBOX', ({ subject }) => subject === 'Steuern 2031');
    assertUnreadable(dataDirectory);
    for (const client of clients) client.close();
    await locked.end('SIGKILL');
    assertUnreadable(dataDirectory);

    const again = await rig.start([bob.asPeer], dataDirectory);
    await assert.rejects(again.ask('unlock', { passphrase: 'incorrect horse' }), /that is not the passphrase/);
    await again.ask('unlock', { passphrase: PASSPHRASE });
    await again.ask('passphrase', { passphrase: 'another passphrase' });
    await assert.rejects(again.ask('decrypt', { passphrase: 'another passphrase' }), /"postern mail decrypt" first/);
    await again.end('SIGTERM');
    assertUnreadable(dataDirectory);

    assert.match((await ask(['mail', 'decrypt'], dataDirectory, PASSPHRASE)).stderr, /that is not the passphrase/);
    assert.equal((await ask(['mail', 'decrypt'], dataDirectory, 'another passphrase')).code, 0);
    assert.ok(!existsSync(join(dataDirectory, 'key-slots.json')));
    const plain = await rig.start([], dataDirectory);
    assert.deepEqual([plain.ready.keys, plain.ready.mailIsSealed, plain.address], ['locked', false, address]);
    await plain.ask('unlock', { passphrase: 'another passphrase' });
    const client = await plain.imap(undefined, password);
    assert.equal((await readFolder(client, 'INBOX')).length, MAILS + 1);
    client.close();
  });

  it('tells mail programs why they have to wait, where no login is to open it', async () => {
    const dataDirectory = copyOf('sealed');
    const path = join(dataDirectory, 'key-slots.json');
    const { format, slots } = JSON.parse(readFileSync(path, 'utf8')) as { format: number; slots: { kind: string }[] };
    // As after `encrypt --not-by-login`.
    writeFileSync(path, JSON.stringify({ format, slots: slots.filter(({ kind }) => kind === 'passphrase') }));
    const locked = await rig.start([], dataDirectory);
    await assert.rejects(locked.imap(undefined, password), (error: { serverResponseCode?: string; response?: string }) => {
      assert.match(JSON.stringify(error), /UNAVAILABLE.*Your mail is encrypted, and locked/);
      return true;
    });
    const mail = { from: 'a@bitmessage', to: 'b@bitmessage', subject: 'x', text: 'x' };
    await assert.rejects(locked.smtp(password).sendMail(mail), { responseCode: 454 });
    const page = new URL(((await locked.ask('page')) as { url: string }).url);
    const told = await fetch(page);
    assert.equal(told.status, 401);
    assert.match(await told.text(), /Your mail is encrypted, and locked/);
    assert.equal((await fetch(new URL('/healthz', page))).status, 200);
    await locked.ask('unlock', { passphrase: PASSPHRASE });
    (await locked.imap(undefined, password)).close();
  });

  it('is opened by a file, and takes a new password of the mail programs for its own', async () => {
    const dataDirectory = copyOf('sealed');
    const passphraseFile = join(rig.directory(), 'passphrase');
    writeFileSync(passphraseFile, `${PASSPHRASE}\n`);
    rmSync(join(dataDirectory, 'login.json'));
    const opened = await rig.start([`access.passphrase_file=${passphraseFile}`], dataDirectory);
    assert.equal(opened.ready.keys, 'unlocked');
    const chosen = opened.ready.login.password;
    (await opened.imap()).close();
    await opened.end('SIGTERM');
    // What still stood readable in login.json opens it once more, and is taken away by that.
    await (await rig.start([], dataDirectory)).end('SIGTERM');
    assert.deepEqual(filesWith(dataDirectory, chosen), []);
    const next = await rig.start([], dataDirectory);
    assert.equal(next.ready.keys, 'locked');
    (await next.imap(undefined, chosen)).close();
    assert.equal((await next.ask('status')).keys, 'unlocked');
  });

  it('has backups that are encrypted by themselves, and are as good as others', async () => {
    const dataDirectory = copyOf('sealed');
    const gateway = await rig.start([], dataDirectory);
    const client = await gateway.imap(undefined, password);
    const before = await uidNext(client);
    client.close();
    const file = join(rig.directory(), 'backup.age');
    await gateway.ask('backup', { file, passphrase: 'of the backup' });
    await gateway.end('SIGTERM');
    const elsewhere = join(rig.directory(), 'restored');
    assert.equal((await restoreBackup(file, 'of the backup', elsewhere)).isSealed, true);
    assertUnreadable(elsewhere);
    const restored = await rig.start([], elsewhere);
    assert.deepEqual([restored.ready.keys, restored.ready.mailIsSealed], ['locked', true]);
    const again = await restored.imap(undefined, password);
    assert.equal((await readFolder(again, 'INBOX')).length, MAILS);
    assert.ok((await uidNext(again)) > before + 1_000_000, 'no UID is given twice');
    again.close();
  });

  it('says what is wrong with a file that is damaged or of another directory, and writes nothing over it', async () => {
    const dataDirectory = copyOf('sealed');
    const path = join(dataDirectory, 'postern.sqlite');
    const kept = join(rig.directory(), 'kept');
    copyFileSync(path, kept);
    const refused = async (): Promise<void> => {
      const before = hash(path);
      const gateway = await rig.start([], dataDirectory);
      await assert.rejects(gateway.imap(undefined, password), /./);
      await assert.rejects(gateway.ask('unlock', { passphrase: PASSPHRASE }), /the mail could not be opened; the log says why/);
      assert.match(gateway.log, /the mail could not be opened/);
      await gateway.end('SIGTERM');
      assert.equal(hash(path), before);
    };
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(bytes[100] ^ 1, 100, 101));
    await refused();
    rmSync(path);
    new Database({ path, key: new Uint8Array(randomBytes(32)) }).close();
    await refused();
    // In the middle, it is met when it is read, or by the doctor.
    const whole = readFileSync(kept);
    const middle = Math.floor(whole.length / 2 / LEAST_PAGES_BYTES) * LEAST_PAGES_BYTES + 77;
    whole[middle] ^= 1;
    writeFileSync(path, whole);
    const gateway = await rig.start([], dataDirectory);
    await gateway.ask('unlock', { passphrase: PASSPHRASE }).catch(() => {});
    if ((await gateway.ask('status')).identities !== undefined) {
      const { findings } = (await gateway.ask('doctor')) as { findings: { about: string; verdict: string }[] };
      assert.equal(findings.find(({ about }) => about === 'database')?.verdict, 'fail');
    }
    await gateway.end('SIGTERM');
    copyFileSync(kept, path);
    const mended = await rig.start([], dataDirectory);
    (await mended.imap(undefined, password)).close();
    await mended.end('SIGTERM');
    rmSync(path);
    const { code, stderr } = await runCli(['start', '--data', dataDirectory]);
    assert.equal(code, 75);
    assert.match(stderr, /key-slots\.json is there and postern\.sqlite is not/);
    assert.ok(!existsSync(path));
  });

  it('can be killed at any moment on the way there and back', async () => {
    const dataDirectory = copyOf('filled');
    const path = join(dataDirectory, 'postern.sqlite');
    const seen = new Set<string>();
    let whole = (await ask(['mail', 'encrypt'], dataDirectory, PASSPHRASE)).milliseconds;
    for (let round = 0; round < 6; round++) {
      const was = formOf(path);
      // The first half is the start of the program and scrypt.
      const killAfterMs = whole * (0.45 + 0.6 * ((round >> 1) / 2));
      const { milliseconds, code } = await ask(['mail', was === 'plain' ? 'encrypt' : 'decrypt'], dataDirectory, PASSPHRASE, killAfterMs);
      if (code === 0) whole = milliseconds;
      const is = formOf(path);
      seen.add(`${was} ${code === null ? 'killed' : 'done'} ${is}`);
      assert.notEqual(is, 'none');
      const next = await rig.start([], dataDirectory);
      assert.equal(next.ready.mailIsSealed, is === 'sealed');
      if (is === 'sealed') assertUnreadable(dataDirectory);
      const client = await next.imap(undefined, password);
      assert.equal((await readFolder(client, 'INBOX')).length, MAILS);
      assert.equal((await readFolder(client, 'Steuern 2031')).length, 1);
      client.close();
      await next.end('SIGTERM');
      assert.deepEqual([`${path}.new`, `${path}.old`].filter(existsSync), []);
    }
    assert.ok(
      [...seen].some((each) => each.includes('killed')),
      [...seen].join(', '),
    );
  });
});

async function fill(rig: Rig, gateway: GatewayProcess): Promise<void> {
  const client = await rig.imap(gateway);
  await client.mailboxCreate('Steuern 2031');
  await client.append('Steuern 2031', 'Subject: Quarterly figures\r\n\r\nA needle in the haystack\r\n', ['\\Flagged']);
  for (let i = 1; i < MAILS; i++) await client.append('INBOX', `Subject: mail ${i}\r\n\r\nwombat ${i} ${'x'.repeat(3000)}\r\n`);
  await gateway.ask('contact add', { name: 'Aunt Ottilie', address: 'BM-2cUHPL71hWMztt13z2QtiVFM7nogPxQZZU' });
  await gateway.ask('chan join', { passphrase: 'Chatham House' });
  await untilFound(client, 'INBOX', 'wombat 7');
  await gateway.ask('encrypt', { passphrase: PASSPHRASE });
  await gateway.end('SIGTERM');
}

async function untilFound(client: ImapFlow, folder: string, text: string): Promise<void> {
  const lock = await client.getMailboxLock(folder);
  try {
    assert.equal(((await client.search({ body: text })) as number[]).length, 1);
  } finally {
    lock.release();
  }
}

async function uidNext(client: ImapFlow): Promise<number> {
  const status = await client.status('INBOX', { uidNext: true });
  assert.ok(status !== false);
  return Number(status.uidNext);
}

function hash(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
