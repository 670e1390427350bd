/** What a person can get wrong, or find in the way, at the start: each a clear sentence and an exit code, and never a stack. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { LEAST_NODE, nodeProblem } from '../../src/cli/node-version.js';
import { type Finished, MAIN, rigOfSuite, runCli } from '../support/gateway-rig.js';

/** Some user that is not the one of the tests. */
const FOREIGN_UID = 54_321;
/** Not compiled: it runs before the compiler does. */
const CHECK_NODE = new URL('../../../src/cli/check-node.cjs', import.meta.url).pathname;
const FREE_PORTS = ['imap.port', 'imap.tls_port', 'smtp.port', 'smtp.tls_port'].flatMap((key) => ['--set', `${key}=0`]);
const QUIET = ['--set', 'network.listen=127.0.0.1:0', '--set', 'network.profile=private', '--set', 'network.bootstrap=false'];

describe('mishaps', function () {
  this.timeout(30_000);
  const rig = rigOfSuite();
  const start = (data: string, ...set: string[]): Promise<Finished> =>
    runCli(['start', '--data', data, ...QUIET, ...FREE_PORTS, ...set.flatMap((setting) => ['--set', setting])]);
  const assertSays = ({ code, stderr }: Finished, exitCode: number, words: RegExp): void => {
    assert.equal(code, exitCode, stderr);
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, /\n {4}at /);
  };

  it('a file where the data directory should be', async () => {
    const file = join(rig.directory(), 'file');
    writeFileSync(file, '');
    assertSays(await start(file), 75, /cannot use .*: it is a file, not a directory/);
    assertSays(await runCli(['status', '--data', file]), 75, /it is a file/);
  });

  it("somebody else's data directory", function () {
    if (process.getuid?.() !== 0) this.skip(); // only root can act as somebody else
    const above = rig.directory();
    chmodSync(above, 0o755);
    const directory = join(above, 'data');
    mkdirSync(directory, { mode: 0o700 });
    chownSync(directory, 1, 1);
    for (const command of ['start', 'status']) {
      const { status, stderr } = spawnSync(process.execPath, [MAIN, command, '--data', directory], { uid: FOREIGN_UID, encoding: 'utf8' });
      assert.equal(status, 75, stderr);
      assert.match(stderr, /belongs to another user of this machine/);
    }
  });

  it('a port that another program has', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as { port: number };
    assertSays(
      await start(rig.directory(), `imap.port=${port}`),
      75,
      new RegExp(`is taken by another program\\. .*"postern start --set imap\\.port=${port + 1}"`),
    );
    squatter.close();
  });

  it('the port of PyBitmessage', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as { port: number };
    const again = new RegExp(`perhaps PyBitmessage\\. .*--set network\\.listen=127\\.0\\.0\\.1:${port + 1}"`);
    assertSays(await start(rig.directory(), `network.listen=127.0.0.1:${port}`), 75, again);
    squatter.close();
  });

  it('a place where nothing may be made', async () => {
    const file = join(rig.directory(), 'file');
    writeFileSync(file, '');
    assertSays(await start(join(file, 'data')), 75, /a part of it is a file/);
  });

  it('a command in a clone, where only npx finds it', async () => {
    const { stderr } = await runCli(['status', '--data', rig.directory()], { npm_command: 'exec' });
    assert.match(stderr, /"npx postern start --data/);
  });

  it('a gateway that runs already', async () => {
    const gateway = await rig.start();
    assertSays(await start(gateway.dataDirectory), 75, /Postern is running on it already; "postern page" opens/);
  });

  it('no gateway', async () => assertSays(await runCli(['status', '--data', rig.directory()]), 69, /Postern is not running.*starts it/));

  it('a program to set up that was not named', async () => {
    assertSays(await runCli(['setup']), 64, /needs CLIENT: thunderbird, apple, mutt/);
  });

  for (const [version, isGood] of [
    ['18.20.4', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['22.0.0', true],
    ['9.0.0', false],
  ] as const)
    it(`Node.js ${version} ${isGood ? 'will do' : 'is too old'}`, () => {
      assert.equal(nodeProblem(version) === undefined, isGood);
      if (!isGood) assert.match(nodeProblem(version)!, new RegExp(`Node.js ${version}, and Postern needs 20\\.19 or newer`));
    });

  it('lets npm start only where package.json lets it', () => {
    const { status } = spawnSync(process.execPath, [CHECK_NODE]);
    assert.equal(status, 0);
    const old = `Object.defineProperty(process, 'versions', { value: { node: '16.20.2' } }); require(${JSON.stringify(CHECK_NODE)})`;
    const refused = spawnSync(process.execPath, ['-e', old], { encoding: 'utf8' });
    assert.equal(refused.status, 78);
    assert.match(refused.stderr, /This is Node.js 16\.20\.2, and Postern needs 20\.19 or newer/);
  });

  it('asks for the same Node.js as package.json', () => {
    const { engines } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      engines: { node: string };
    };
    assert.equal(engines.node, `>=${LEAST_NODE.join('.')}`);
  });
});

describe('the doctor where no gateway runs', function () {
  this.timeout(30_000);
  const rig = rigOfSuite();
  const ask = async (data: string, ...words: string[]): Promise<[Finished, Record<string, string>]> => {
    const finished = await runCli(['doctor', '--data', data, '--json', ...words]);
    const { findings } = JSON.parse(finished.stdout) as { findings: { about: string; verdict: string }[] };
    return [finished, Object.fromEntries(findings.map(({ about, verdict }) => [about, verdict]))];
  };

  it('says so, and what a start would find', async () => {
    const gateway = await rig.start();
    await gateway.end('SIGTERM');
    const [{ code }, verdicts] = await ask(gateway.dataDirectory);
    assert.equal(code, 69);
    const { gateway: state, settings, disk, database, certificate } = verdicts;
    assert.deepEqual([state, settings, disk, database, certificate], ['fail', 'ok', 'ok', 'ok', 'ok']);
  });

  it('names a port that is taken and settings that are wrong, and keeps paths out of a report for others', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as { port: number };
    const directory = rig.directory();
    writeFileSync(join(directory, 'config.toml'), `[imap]\nport = ${port}\n`);
    assert.equal((await ask(directory))[1].imap, 'fail');
    squatter.close();
    writeFileSync(join(directory, 'config.toml'), '[imap]\nprot = 1\n');
    const [{ stdout }, verdicts] = await ask(directory, '--report');
    assert.equal(verdicts.settings, 'fail');
    assert.ok(!stdout.includes(directory), stdout);
  });

  it('finds a damaged database', async () => {
    const gateway = await rig.start();
    await gateway.end('SIGTERM');
    const path = join(gateway.dataDirectory, 'postern.sqlite');
    writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, 4096), Buffer.alloc(200_000, 0x5a)]));
    assert.equal((await ask(gateway.dataDirectory))[1].database, 'fail');
    const { code, stderr } = await runCli(['start', '--data', gateway.dataDirectory]);
    assert.equal(code, 75);
    assert.match(stderr, /database is damaged .*postern doctor.*postern restore/);
  });
});
