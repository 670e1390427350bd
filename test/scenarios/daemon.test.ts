/** The daemon as a process: first start, second start, signals, a second daemon, and the command line beside it. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { FREE_PORTS } from '../support/free-ports.js';
import { type GatewayProcess, MAIN, rigOfSuite, runCli } from '../support/gateway-rig.js';
import { readFolder } from '../support/mailbox-watch.js';

/** Settings of a gateway that needs no fixed port. */
const OFFLINE = ['network.profile=private', 'network.listen=', ...FREE_PORTS];

describe('scenario: the daemon', function () {
  this.timeout(60_000);
  const rig = rigOfSuite();
  let gateway: GatewayProcess;
  before(async () => (gateway = await rig.start()));

  it('makes everything at its first start, for its owner alone', () => {
    const { imap, smtp, network, login, identities } = gateway.ready;
    for (const { host, port, tlsPort } of [imap, smtp]) {
      assert.equal(host, '127.0.0.1');
      assert.ok(port > 0 && tlsPort > 0);
    }
    assert.ok(network !== null && network.port > 0);
    assert.equal(login.user, 'postern');
    assert.equal(identities.length, 1);
    assert.match(identities[0].address, /^BM-\w{30,40}$/);
    for (const name of ['', ...readdirSync(gateway.dataDirectory, { recursive: true })])
      assert.equal((statSync(join(gateway.dataDirectory, String(name)), { throwIfNoEntry: false })?.mode ?? 0) & 0o077, 0, String(name));
  });

  it('has the standard folders, and a welcome in the INBOX', async () => {
    const client = await rig.imap(gateway);
    const folders = new Map((await client.list()).map(({ path, specialUse, subscribed }) => [path, { specialUse, subscribed }]));
    for (const [path, use] of [
      ['INBOX', '\\Inbox'],
      ['Sent', '\\Sent'],
      ['Drafts', '\\Drafts'],
      ['Junk', '\\Junk'],
      ['Trash', '\\Trash'],
      ['Archive', '\\Archive'],
      ['Outbox', undefined],
    ] as const) {
      assert.equal(folders.get(path)?.specialUse, use, path);
      assert.equal(folders.get(path)?.subscribed, true, path);
    }
    const inbox = await readFolder(client, 'INBOX');
    assert.equal(inbox.length, 1);
    assert.ok(inbox[0].source.includes(gateway.address));
  });

  it('lets nobody in with a wrong password', async () => {
    await assert.rejects(gateway.imap('postern', 'wrong'));
    await assert.rejects(gateway.imap('nobody'));
  });

  for (const [where, keeps] of [
    ["a terminal or a file of one's own", false],
    ["systemd's journal", true],
  ] as const) {
    it(`${keeps ? 'keeps what lets anybody in out of' : 'says what lets one in to'} ${where}`, async () => {
      const directory = rig.directory();
      const output = join(directory, 'output');
      const fd = openSync(output, 'w', 0o600);
      const { dev, ino } = fstatSync(fd);
      const words = ['start', '--data', join(directory, 'data'), ...OFFLINE.flatMap((setting) => ['--set', setting])];
      const child = spawn(process.execPath, [MAIN, ...words], {
        stdio: ['ignore', fd, 'ignore'],
        env: { ...process.env, POSTERN_NETWORK_LOOPBACK_ONLY: 'true', JOURNAL_STREAM: keeps ? `${dev}:${ino}` : '1:1' },
      });
      const ended = once(child, 'exit');
      // The file is there before the last line of the greeting is.
      while (!readFileSync(output, 'utf8').includes('Ctrl-C')) await sleep(20);
      child.kill('SIGTERM');
      assert.deepEqual(await ended, [0, null]);
      closeSync(fd);
      const text = readFileSync(output, 'utf8');
      const { password } = JSON.parse(readFileSync(join(directory, 'data', 'login.json'), 'utf8')) as { password: string };
      assert.equal(text.includes(password), !keeps);
      assert.equal(text.includes('ticket='), !keeps);
    });
  }

  it('speaks TLS that a mail program can verify by the name localhost', async () => {
    const ca = readFileSync(join(gateway.dataDirectory, 'certificates', 'ca.pem'));
    for (const port of [gateway.ready.imap.tlsPort, gateway.ready.smtp.tlsPort]) {
      const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca });
      await once(socket, 'secureConnect');
      assert.equal(socket.authorized, true);
      socket.destroy();
    }
  });

  it('answers the command line while it runs', async () => {
    const made = await gateway.cli('identity', 'new', '--label', 'Wörk', '--json');
    assert.equal(made.code, 0, made.stderr);
    const { address } = JSON.parse(made.stdout) as { address: string };
    assert.match(address, /^BM-/);
    const listed = await gateway.cli('identity', 'list', '--json');
    const { identities } = JSON.parse(listed.stdout) as { identities: { address: string; label: string }[] };
    assert.deepEqual(
      identities.map(({ label }) => label),
      [gateway.ready.identities[0].label, 'Wörk'],
    );
    // The new identity has a login of its own at once, in whatever case its mail program writes it.
    for (const user of [`${address}@bitmessage`, address, address.toLowerCase()]) (await gateway.imap(user)).close();
    const chan = await gateway.cli('chan', 'join', 'command line', '--label', 'Terminal', '--json');
    assert.equal(chan.code, 0, chan.stderr);
    assert.match((JSON.parse(chan.stdout) as { address: string }).address, /^BM-/);
    const subscription = await gateway.cli('subscribe', address, '--label', 'Selbst', '--json');
    assert.equal((JSON.parse(subscription.stdout) as { address: string }).address, address);
    const folders = (await (await rig.imap(gateway)).list()).map(({ path }) => path);
    assert.ok(folders.includes('Chans/Terminal') && folders.includes('Subscriptions/Selbst'), folders.join());
    const status = JSON.parse((await gateway.cli('status', '--json')).stdout) as Record<string, unknown[]>;
    assert.deepEqual([status.peers.length, status.outbox.length, status.identities.length], [0, 0, 2]);
    assert.deepEqual([status.subscriptions.length, status.chans.length, typeof status.objects], [1, 1, 'number']);
    assert.equal((await gateway.cli('chan', 'leave', 'Terminal')).code, 0);
    assert.equal((await gateway.cli('unsubscribe', 'Selbst')).code, 0);
    const left = JSON.parse((await gateway.cli('status', '--json')).stdout) as Record<string, unknown[]>;
    assert.deepEqual([left.subscriptions, left.chans], [[], []]);
  });

  for (const [words, reason] of [
    [['subscribe', 'BM-nonsense'], /BM-nonsense/],
    [['chan', 'leave', 'nothing'], /no chan "nothing"/],
  ] as const)
    it(`says why "${words.join(' ')}" cannot be done`, async () => {
      const { code, stderr, stdout } = await gateway.cli(...words);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, reason);
    });

  it('refuses a second daemon on the same data directory, and goes on itself', async () => {
    const { code, stderr, stdout } = await runCli(['start', '--ready-json', '--data', gateway.dataDirectory]);
    assert.deepEqual([code, stdout], [75, '']);
    assert.match(stderr, /running on it already/);
    assert.equal((await gateway.cli('status')).code, 0);
  });

  it('says which setting to change when a port is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    const settings = [...OFFLINE, `imap.port=${port}`];
    const { code, stderr } = await runCli(['start', '--data', rig.directory(), ...settings.flatMap((setting) => ['--set', setting])]);
    squatter.close();
    assert.equal(code, 75);
    assert.match(stderr, new RegExp(`127\\.0\\.0\\.1 port ${port} is taken.*imap\\.port`));
  });

  it('ends with the npm that started it', async function () {
    if (process.platform === 'win32') this.skip();
    const directory = rig.directory();
    const words = ['start', '--ready-json', '--data', directory, ...OFFLINE.flatMap((setting) => ['--set', setting])];
    // As npm does it: a shell between, which does not pass signals on.
    const command = [process.execPath, MAIN, ...words].map((word) => `'${word}'`).join(' ');
    const environment = { ...process.env, npm_lifecycle_event: 'start', POSTERN_NETWORK_LOOPBACK_ONLY: 'true' };
    const shell = spawn('sh', ['-c', `${command}; exit`], { stdio: ['ignore', 'pipe', 'ignore'], env: environment });
    await once(createInterface({ input: shell.stdout }), 'line');
    const ended = once(shell.stdout, 'close');
    shell.kill('SIGTERM');
    await ended;
    assert.equal(existsSync(join(directory, 'control.json')), false);
  });

  it('says why it cannot use a data directory', async () => {
    const directory = rig.directory();
    writeFileSync(join(directory, 'file'), '');
    const blocked = await runCli(['start', '--data', join(directory, 'file')]);
    assert.deepEqual([blocked.code, /cannot use .*file: /.test(blocked.stderr)], [75, true], blocked.stderr);
    writeFileSync(join(directory, 'login.json'), '{');
    const damaged = await runCli(['start', '--data', directory, ...OFFLINE.flatMap((setting) => ['--set', setting])]);
    assert.deepEqual([damaged.code, /login\.json is damaged/.test(damaged.stderr)], [75, true], damaged.stderr);
  });

  it('explains a wrong setting, and starts nothing', async () => {
    const directory = join(rig.directory(), 'data');
    const { code, stderr } = await runCli(['start', '--data', directory, '--set', 'network.profile=mian']);
    assert.equal(code, 78);
    assert.match(stderr, /network\.profile cannot be "mian"/);
    assert.equal(existsSync(directory), false);
  });

  it('says that no gateway is running where none is', async () => {
    const { code, stderr } = await runCli(['status', '--data', rig.directory()]);
    assert.equal(code, 69);
    assert.match(stderr, /Postern is not running/);
  });

  it('ends within five seconds of SIGTERM, with a mail program in IDLE, and comes back the same', async () => {
    const { login, identities } = gateway.ready;
    const client = await rig.imap(gateway);
    await client.mailboxOpen('INBOX');
    const uids = (await readFolder(client, 'INBOX')).map(({ uid }) => uid);
    const { uidValidity } = await client.mailboxOpen('INBOX');
    void client.idle().catch(() => {});
    const { code, milliseconds } = await gateway.end('SIGTERM');
    assert.equal(code, 0, gateway.log);
    assert.ok(milliseconds < 5000, `${milliseconds} ms`);
    assert.equal(existsSync(join(gateway.dataDirectory, 'control.json')), false);
    const again = await rig.start([], gateway.dataDirectory);
    assert.deepEqual(again.ready.login, login);
    assert.equal(again.ready.identities[0].address, identities[0].address);
    const back = await rig.imap(again);
    assert.equal((await back.mailboxOpen('INBOX')).uidValidity, uidValidity);
    assert.deepEqual(
      (await readFolder(back, 'INBOX')).map(({ uid }) => uid),
      uids,
    );
  });

  it('ends well when nobody reads any more what it prints', async () => {
    const gateway = await rig.start();
    gateway.child.stdout.destroy();
    gateway.child.stderr.destroy();
    assert.equal((await gateway.end('SIGTERM')).code, 0);
    const left = readdirSync(gateway.dataDirectory).filter((name) => /-wal$|-journal$|^control\.json$/.test(name));
    assert.deepEqual(left, []);
  });

  // Threads open the file by its name: opening a pipe that nobody writes to is a call of the database that does not return.
  it('ends within five seconds or little more when a thread hangs in the file system', async function () {
    if (process.platform === 'win32') this.skip();
    const stuck = await rig.start();
    const [client, other] = [await rig.imap(stuck), await rig.imap(stuck)];
    // Fewer are read without asking the index.
    for (let mails = 0; mails < 100; mails++) await client.append('INBOX', 'Subject: One of many\r\n\r\n');
    await client.mailboxOpen('INBOX');
    const file = join(stuck.dataDirectory, 'postern.sqlite');
    // At one stroke: the thread that shortens the log makes a file where there is none.
    execFileSync('mkfifo', [`${file}.pipe`]);
    renameSync(`${file}.pipe`, file);
    void client.search({ body: 'welcome' }).catch(() => {});
    await other.noop();
    const { code, milliseconds } = await stuck.end('SIGTERM');
    assert.equal(code, null, 'by SIGKILL');
    assert.match(stuck.log, /could not stop in time/);
    assert.ok(milliseconds < 6000, `${milliseconds} ms`);
  });

  it('ends at once at a second signal', async () => {
    const asked = await rig.start();
    const [{ code }] = await Promise.all([asked.end('SIGTERM'), asked.end('SIGINT')]);
    assert.equal(code, null, 'by SIGKILL');
  });
});
