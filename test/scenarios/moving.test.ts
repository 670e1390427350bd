/** Moving in from PyBitmessage by the command line while the gateway runs, and moving to another machine by a backup. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImapFlow } from 'imapflow';
import { type Finished, type GatewayProcess, MAIN, rigOfSuite } from '../support/gateway-rig.js';
import { VECTORS_DIRECTORY } from '../support/vectors.js';

const VECTOR = `${VECTORS_DIRECTORY}pybitmessage-data`;
const PASSPHRASE = 'correct horse battery';

/** Runs `postern …`, seen from a directory, with something on standard input. */
async function cli(directory: string, input: string, ...words: string[]): Promise<Finished> {
  const child = spawn(process.execPath, [MAIN, ...words], { cwd: directory, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  // It may end without reading.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** Every folder with its UIDVALIDITY, and the UID, flags and Message-ID of every mail. */
async function everything(client: ImapFlow): Promise<unknown[]> {
  const folders: unknown[] = [];
  for (const { path, flags } of await client.list()) {
    if (flags.has('\\Noselect') || flags.has('\\NonExistent')) continue;
    const lock = await client.getMailboxLock(path);
    try {
      const mails: unknown[] = [];
      const { uidValidity, exists } = client.mailbox as { uidValidity: bigint; exists: number };
      if (exists > 0)
        for await (const mail of client.fetch('1:*', { uid: true, flags: true, envelope: true, internalDate: true }))
          mails.push([mail.uid, [...mail.flags!].sort(), mail.envelope!.messageId, mail.envelope!.subject, String(mail.internalDate)]);
      folders.push([path, uidValidity, mails]);
    } finally {
      lock.release();
    }
  }
  return folders;
}

async function mailsIn(client: ImapFlow, path: string): Promise<number> {
  const status = await client.status(path, { messages: true });
  return status === false ? 0 : (status.messages ?? 0);
}

describe('scenario: moving', function () {
  this.timeout(120_000);
  const rig = rigOfSuite();
  let gateway: GatewayProcess;
  before(async () => (gateway = await rig.start()));
  const run = (...words: string[]) => gateway.cli(...words);

  it('takes over what PyBitmessage kept, and says what it did', async () => {
    const { code, stdout, stderr } = await run('import', 'pybitmessage', VECTOR);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^received mails +12 new$/m);
    assert.match(stdout, /^identities +8 new$/m);
    assert.match(stdout, /"nobody answers" was not sent yet/);
    assert.match(stderr, /^identity BM-/m);
    const client = await rig.imap(gateway);
    // With the welcome.
    assert.equal(await mailsIn(client, 'INBOX'), 9);
    assert.equal(await mailsIn(client, 'Sent'), 8);
    assert.equal(await mailsIn(client, 'Chans/lab chan one'), 2);
    assert.equal(await mailsIn(client, 'Subscriptions/Daily news'), 1);
    const { outbox, identities } = (await gateway.ask('status')) as { outbox: unknown[]; identities: { label: string }[] };
    assert.deepEqual(outbox, []);
    assert.ok(identities.some(({ label }) => label === 'Alice (no acks)'));
  });

  it('shows an imported identity in a login of its own', async () => {
    const client = await gateway.imap('BM-2cVuLCxCopKQ1eVaiF8gnQ7A6BRuvc15GM@bitmessage');
    assert.ok((await mailsIn(client, 'INBOX')) >= 4);
    client.close();
  });

  it('is harmless the second time', async () => {
    const client = await rig.imap(gateway);
    const before = await everything(client);
    const { code, stdout } = await run('import', 'pybitmessage', VECTOR, '--json');
    assert.equal(code, 0);
    const { counts } = JSON.parse(stdout) as { counts: Record<string, { taken: number }> };
    assert.deepEqual(new Set(Object.values(counts).map(({ taken }) => taken)), new Set([0]));
    assert.deepEqual(await everything(client), before);
  });

  it('takes and gives mail and keys as files, named from where the command is given', async () => {
    const directory = rig.directory();
    writeFileSync(join(directory, 'old.mbox'), 'From a@b Sat Nov 21 23:00:00 2026\nSubject: old\n\ntext\n');
    const data = ['--data', gateway.dataDirectory];
    const imported = await cli(directory, '', 'import', 'mbox', 'old.mbox', '--folder', 'Old', ...data);
    assert.equal(imported.code, 0, imported.stderr);
    assert.match(imported.stdout, /^mails +1 new$/m);
    for (const words of [
      ['mbox', 'new.mbox', '--folder', 'Old'],
      ['maildir', 'mail'],
      ['keys', 'keys.dat'],
      ['addresses', 'addresses.csv'],
    ])
      assert.equal((await cli(directory, '', 'export', ...words, ...data)).code, 0, words.join(' '));
    assert.match(readFileSync(join(directory, 'new.mbox'), 'utf8'), /^From .*\nStatus: O\nX-Status: \nSubject: old\n\ntext\n\n$/);
    assert.ok(existsSync(join(directory, 'mail', '.Chans.lab chan one', 'cur')));
    assert.equal(readFileSync(join(directory, 'keys.dat'), 'utf8').split('privsigningkey').length - 1, 12);
    const again = await cli(directory, '', 'export', 'keys', 'keys.dat', ...data);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /is there already/);
    const known = await cli(directory, '', 'import', 'notbit', 'keys.dat', ...data);
    assert.match(known.stdout, /^identities +0 new +9 known already$/m);
  });

  it('moves to another machine by a backup: the same UIDs, keys and password', async () => {
    const directory = rig.directory();
    const data = ['--data', gateway.dataDirectory];
    const unspoken = await cli(directory, '', 'backup', 'mine.age', ...data);
    assert.equal(unspoken.code, 64, unspoken.stderr);
    const weak = await cli(directory, 'short\n', 'backup', 'mine.age', ...data);
    assert.equal(weak.code, 1);
    assert.match(weak.stderr, /at least 10 characters/);
    const made = await cli(directory, `${PASSPHRASE}\n`, 'backup', 'mine.age', ...data);
    assert.equal(made.code, 0, made.stderr);

    const before = await everything(await rig.imap(gateway));
    const { identities, chans, subscriptions } = await gateway.ask('status');
    const { user, password } = gateway.ready.login;
    await gateway.end('SIGTERM');

    const target = join(rig.directory(), 'data');
    const wrong = await cli(directory, 'another passphrase\n', 'restore', 'mine.age', '--data', target);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /passphrase is wrong/);
    assert.ok(!existsSync(target));
    const restored = await cli(directory, `${PASSPHRASE}\n`, 'restore', 'mine.age', '--data', target);
    assert.equal(restored.code, 0, restored.stderr);

    const other = await rig.start([], target);
    assert.deepEqual([other.ready.login.user, other.ready.login.password], [user, password]);
    assert.deepEqual(await everything(await rig.imap(other)), before);
    const status = await other.ask('status');
    assert.deepEqual([status.identities, status.chans, status.subscriptions], [identities, chans, subscriptions]);
    const taken = await cli(directory, `${PASSPHRASE}\n`, 'restore', 'mine.age', '--data', target);
    assert.equal(taken.code, 1);
    assert.match(taken.stderr, /is not empty/);
  });
});
