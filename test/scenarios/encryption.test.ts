/** Private keys encrypted on the disk: nothing of them in any file, over kill -9, and nothing lost while they are locked. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { restoreBackup } from '../../src/backup/restore.js';
import { writeSnapshot } from '../../src/store/snapshot.js';
import { explainFailure, type GatewayProcess, Rig } from '../support/gateway-rig.js';
import { readFolder, untilMail } from '../support/mailbox-watch.js';
import { heldBy } from '../support/process-memory.js';

const PASSPHRASE = 'correct horse battery';
const CHAN = 'Das geheime Wort 4711';

describe('scenario: keys encrypted on the disk', function () {
  this.timeout(240_000);
  let rig: Rig;
  beforeEach(() => (rig = new Rig()));
  afterEach(async function () {
    explainFailure(rig, this.currentTest);
    await rig.end();
  });

  it('leaves nothing of them in the files, holds what comes while they are locked, and reads and sends it after', async () => {
    const bob = await rig.start();
    const alice = await rig.start([bob.asPeer]);
    await makeHistory(alice);
    const secrets = secretsOf(alice.dataDirectory);
    assert.ok(secrets.length >= 9);
    for (const secret of secrets) assert.ok(isInFiles(alice.dataDirectory, secret), 'the search finds what is there');
    const { opensByLogin, shown } = await alice.ask('encrypt', { passphrase: PASSPHRASE, 'not-by-login': 'true' });
    assert.deepEqual([opensByLogin, shown], [false, []]);
    const assertClean = (): void => {
      for (const secret of secrets) assert.ok(!isInFiles(alice.dataDirectory, secret), secret.toString('hex'));
    };
    assertClean();
    await exchange(rig, bob, alice, 'before');

    await alice.end('SIGKILL');
    const locked = await rig.start([bob.asPeer], alice.dataDirectory);
    assert.equal(locked.ready.keys, 'locked');
    assertClean();
    await send(bob, locked, 'meanwhile');
    const { response = '' } = await send(locked, bob, 'from the locked one');
    assert.match(response, /your keys are locked/);
    await bob.untilOutbox(({ state, text }) => state === 'awaiting-ack' && text !== '');
    assert.match(
      (await locked.cli('status')).stdout,
      /Keys\n {2}Your keys are locked: nothing is read or sent before "postern unlock"\.\n/,
    );
    assert.match((await locked.cli('identity', 'new')).stderr, /your keys are locked/);
    await assert.rejects((await rig.imap(locked)).mailboxCreate('Chans/another'));
    assert.ok(!(await readFolder(await rig.imap(locked), 'INBOX')).some(({ subject }) => subject === 'meanwhile'));

    await locked.end('SIGKILL');
    const again = await rig.start([bob.asPeer], alice.dataDirectory);
    assert.equal(again.ready.keys, 'locked');
    await assert.rejects(again.ask('unlock', { passphrase: 'incorrect horse' }), /that is not the passphrase/);
    await again.ask('unlock', { passphrase: PASSPHRASE });
    await untilMail(await rig.imap(again), 'INBOX', ({ subject }) => subject === 'meanwhile');
    await untilMail(await rig.imap(bob), 'INBOX', ({ subject }) => subject === 'from the locked one');
    await untilMail(await rig.imap(again), 'Sent', ({ subject, flags }) => subject === 'from the locked one' && flags.has('$Delivered'));
    await untilMail(await rig.imap(bob), 'Sent', ({ subject, flags }) => subject === 'meanwhile' && flags.has('$Delivered'));
    assertClean();

    await again.ask('passphrase', { passphrase: 'another passphrase' });
    await assert.rejects(again.ask('decrypt', { passphrase: PASSPHRASE }), /that is not the passphrase/);
    await again.ask('decrypt', { passphrase: 'another passphrase' });
    await again.end('SIGTERM');
    for (const secret of secrets) assert.ok(isInFiles(alice.dataDirectory, secret));
    assert.equal((await rig.start([], alice.dataDirectory)).ready.keys, 'open');
  });

  it('unlocks by the login of a mail program, whose password does not lie beside them any more', async () => {
    const alice = await rig.start();
    const { password } = alice.ready.login;
    assert.ok(isInFiles(alice.dataDirectory, Buffer.from(password)));
    assert.match((await alice.ask('encrypt', { passphrase: PASSPHRASE })).state as string, /unlocked/);
    assert.ok(!isInFiles(alice.dataDirectory, Buffer.from(password)));
    await alice.end('SIGKILL');
    const next = await rig.start([], alice.dataDirectory);
    assert.deepEqual([next.ready.keys, next.ready.login.password], ['locked', null]);
    await assert.rejects(next.imap(undefined, 'a wrong password'));
    assert.equal((await next.ask('status')).keys, 'locked');
    const client = await next.imap(undefined, password);
    assert.equal((await next.ask('status')).keys, 'unlocked');
    client.close();
  });

  it('leaves none in what a backup that was killed has left', async () => {
    const alice = await rig.start();
    const secrets = secretsOf(alice.dataDirectory);
    await alice.end('SIGTERM');
    writeSnapshot(join(alice.dataDirectory, 'postern.sqlite'), join(alice.dataDirectory, 'backup-snapshot.sqlite'));
    await (await rig.start([], alice.dataDirectory)).ask('encrypt', { passphrase: PASSPHRASE });
    for (const secret of secrets) assert.ok(!isInFiles(alice.dataDirectory, secret));
  });

  it('has none of them in memory until it is unlocked', async function () {
    if (process.platform !== 'linux') this.skip();
    const alice = await rig.start();
    await alice.ask('chan join', { passphrase: CHAN, label: 'Freunde' });
    const secrets = secretsOf(alice.dataDirectory);
    await alice.ask('encrypt', { passphrase: PASSPHRASE });
    await alice.end('SIGTERM');
    const locked = await rig.start([], alice.dataDirectory);
    assert.deepEqual(heldBy(locked.child.pid!, secrets), []);
    await locked.ask('unlock', { passphrase: PASSPHRASE });
    assert.ok(heldBy(locked.child.pid!, secrets).length >= 4, 'the search finds what is there');
  });

  it('unlocks by a file, and by a backup of it elsewhere', async () => {
    const bob = await rig.start();
    const alice = await rig.start();
    await alice.ask('encrypt', { passphrase: PASSPHRASE });
    const file = join(rig.directory(), 'backup.age');
    await alice.ask('backup', { file, passphrase: 'of the backup' });
    await alice.end('SIGTERM');
    const elsewhere = join(rig.directory(), 'restored');
    await restoreBackup(file, 'of the backup', elsewhere);
    assert.equal((await rig.start([], elsewhere)).ready.keys, 'locked');
    await (await rig.start([], alice.dataDirectory)).end('SIGTERM');
    const passphraseFile = join(rig.directory(), 'passphrase');
    writeFileSync(passphraseFile, `${PASSPHRASE}\n`);
    const opened = await rig.start([bob.asPeer, `access.passphrase_file=${passphraseFile}`], alice.dataDirectory);
    assert.equal(opened.ready.keys, 'unlocked');
    assert.equal(opened.address, alice.address);
  });

  it('is done whole or not at all when the program is killed in the midst of it', async () => {
    let { dataDirectory } = await rig.start();
    const first = secretsOf(dataDirectory);
    assert.equal(first.length, 2);
    const seen = new Set<string>();
    await rig.end();
    rig = new Rig();
    dataDirectory = rig.directory();
    for (const pauseMs of [0, 300, 600, 900]) {
      const gateway = await rig.start([], dataDirectory);
      const secrets = secretsOf(dataDirectory);
      gateway.ask('encrypt', { passphrase: PASSPHRASE }).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      await gateway.end('SIGKILL');
      const next = await rig.start([], dataDirectory);
      seen.add(String(next.ready.keys));
      for (const secret of secrets) assert.equal(isInFiles(dataDirectory, secret), next.ready.keys === 'open');
      if (next.ready.keys !== 'open') await next.ask('decrypt', { passphrase: PASSPHRASE });
      assert.deepEqual(secretsOf(dataDirectory), secrets);
      await next.end('SIGKILL');
    }
    assert.ok(seen.size > 0);
  });
});

/** Rows that grew, shrank, went and came, so that copies of keys may lie wherever SQLite moved them. */
async function makeHistory(gateway: GatewayProcess): Promise<void> {
  await gateway.ask('chan join', { passphrase: CHAN, label: 'Freunde' });
  for (const label of ['one', 'two', 'three']) {
    const { address } = (await gateway.ask('identity new', { label })) as { address: string };
    for (const length of [90, 1, 60, 5]) await gateway.ask('identity set', { address, label: 'x'.repeat(length) });
  }
  await gateway.ask('chan join', { passphrase: 'short lived' });
  await gateway.ask('chan leave', { chan: 'short lived' });
}

/** All private keys, and the passphrases of chans, as they lie in the store. */
function secretsOf(dataDirectory: string): Buffer[] {
  const database = new DatabaseSync(join(dataDirectory, 'postern.sqlite'), { readOnly: true });
  try {
    const keys = database.prepare('SELECT signing_private_key AS one, encryption_private_key AS two FROM identities').all() as {
      one: Uint8Array;
      two: Uint8Array;
    }[];
    const chans = database.prepare("SELECT passphrase FROM group_folder WHERE passphrase <> '' AND joined = 1").all() as {
      passphrase: string;
    }[];
    return [
      ...keys.flatMap(({ one, two }) => [Buffer.from(one), Buffer.from(two)]),
      ...chans.map(({ passphrase }) => Buffer.from(passphrase)),
    ].filter(({ length }) => length > 0);
  } finally {
    database.close();
  }
}

function isInFiles(directory: string, bytes: Buffer): boolean {
  return readdirSync(directory, { recursive: true, withFileTypes: true }).some(
    (entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(bytes),
  );
}

function send(from: GatewayProcess, to: GatewayProcess, subject: string): Promise<{ response?: string }> {
  return from.smtp().sendMail({ from: `${from.address}@bitmessage`, to: `${to.address}@bitmessage`, subject, text: 'x' });
}

async function exchange(rig: Rig, from: GatewayProcess, to: GatewayProcess, subject: string): Promise<void> {
  await send(from, to, subject);
  await untilMail(await rig.imap(to), 'INBOX', (mail) => mail.subject === subject);
  await untilMail(await rig.imap(from), 'Sent', (mail) => mail.subject === subject && mail.flags.has('$Delivered'));
}
