/** Mail programs, really run with the settings that `postern setup` writes for them. What is not installed is skipped. */
import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import { type GatewayProcess, rigOfSuite } from '../support/gateway-rig.js';
import { readFolder } from '../support/mailbox-watch.js';

describe('scenario: mail programs with the settings of "postern setup"', function () {
  this.timeout(60_000);
  const rig = rigOfSuite();
  let gateway: GatewayProcess;
  let home: string;
  before(async () => {
    gateway = await rig.start();
    home = rig.directory();
  });

  /** The file with the settings. */
  const write = async (client: string, ...more: string[]): Promise<string> => {
    const path = join(home, `${client}-${more.length}`);
    const { code, stderr } = await gateway.cli('setup', client, '--write', path, ...more);
    assert.equal(code, 0, stderr);
    return path;
  };
  /** Runs a program with a home of its own; skips the test where it is not installed. */
  const run = async (test: Mocha.Context, program: string, words: string[], input = ''): Promise<string> => {
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) test.skip();
    const child = spawn(program, words, { env: { ...process.env, HOME: home, TERM: 'dumb' } });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdin.end(input);
    const [code] = (await once(child, 'close')) as [SpawnSyncReturns<string>['status']];
    assert.equal(code, 0, said);
    return said;
  };
  const untilSent = async (subject: string): Promise<void> => {
    const client = await rig.imap(gateway);
    // It goes from Outbox to Sent when it is on the network.
    const countIn = async (folder: string): Promise<number> =>
      (await readFolder(client, folder)).filter(({ source }) => source.includes(subject)).length;
    while ((await countIn('Outbox')) > 0);
    assert.equal(await countIn('Sent'), 1, `one copy of "${subject}"`);
  };
  const mail = (subject: string): string =>
    `From: ${gateway.address}@bitmessage\nTo: ${gateway.address}@bitmessage\nSubject: ${subject}\n\nHello\n`;

  it('msmtp sends', async function () {
    const path = await write('msmtp');
    await run(this, 'msmtp', ['-C', path, `${gateway.address}@bitmessage`], mail('by msmtp'));
    await untilSent('by msmtp');
  });

  it('msmtp sends with the login of one identity', async function () {
    const path = await write('msmtp', '--identity', gateway.address);
    await run(this, 'msmtp', ['-C', path, `${gateway.address}@bitmessage`], mail('by msmtp, one identity'));
    await untilSent('by msmtp, one identity');
  });

  it('mbsync brings all folders', async function () {
    const path = await write('mbsync');
    const maildir = join(home, 'Mail', 'postern');
    mkdirSync(maildir, { recursive: true });
    await run(this, 'mbsync', ['-c', path, '-a']);
    assert.ok(readdirSync(maildir).includes('Sent'));
    assert.ok(readdirSync(join(maildir, 'INBOX', 'new')).length + readdirSync(join(maildir, 'INBOX', 'cur')).length >= 1);
    rmSync(maildir, { recursive: true });
  });

  it('offlineimap brings all folders', async function () {
    const path = await write('offlineimap');
    await run(this, 'offlineimap', ['-c', path, '-o', '-u', 'basic']);
    assert.ok(readdirSync(join(home, 'Mail', 'postern')).includes('Sent'));
  });

  for (const client of ['mutt', 'neomutt'])
    it(`${client} sends, and keeps its copy in Sent`, async function () {
      const path = await write(client);
      await run(this, client, ['-n', '-F', path, '-s', `by ${client}`, `${gateway.address}@bitmessage`], 'Hello\n');
      await untilSent(`by ${client}`);
    });

  it('imapflow and nodemailer read and send', async () => {
    const path = join(home, 'postern-mail.mjs');
    assert.equal((await gateway.cli('setup', 'imapflow', '--write', path)).code, 0);
    const settings = (await import(path)) as {
      imap: ConstructorParameters<typeof ImapFlow>[0];
      smtp: Parameters<typeof createTransport>[0];
      from: string;
    };
    const client = new ImapFlow({ ...settings.imap, logger: false });
    await client.connect();
    const inbox = await client.status('INBOX', { messages: true });
    assert.ok(inbox !== false && (inbox.messages ?? 0) >= 1);
    await client.logout();
    await createTransport(settings.smtp).sendMail({ from: settings.from, to: settings.from, subject: 'by nodemailer', text: 'Hello' });
    await untilSent('by nodemailer');
  });
});
