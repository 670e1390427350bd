import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureLoginRecord, readScram } from '../../src/access/login-record.js';
import { LoginCheck } from '../../src/access/logins.js';
import { makePassword, makeVerifier, verifyPassword } from '../../src/access/password.js';
import { deriveScramKeys } from '../../src/access/sasl.js';
import { ATTEMPTS_IN_HAND, LoginThrottle, MAX_WAITING } from '../../src/access/throttle.js';
import { ManualClock } from '../../src/base/clock.js';

const ADDRESS = 'BM-2cTnd4dWcMbrVFPSXHAFAbdgmYzUqe7vYk';
const LOCAL = '127.0.0.1';

describe('password', () => {
  it('is readable and never the same', () => {
    assert.match(makePassword(), /^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}$/);
    assert.equal(new Set(Array.from({ length: 100 }, makePassword)).size, 100);
  });

  it('fits its verifier, and no other does', async () => {
    const verifier = await makeVerifier('pässword');
    assert.equal(await verifyPassword('pässword', verifier), true);
    assert.equal(await verifyPassword('pa\u0308ssword', verifier), true);
    assert.equal(await verifyPassword('passwort', verifier), false);
    assert.equal(await verifyPassword('', verifier), false);
    assert.notEqual(await makeVerifier('pässword'), verifier);
    await assert.rejects(verifyPassword('x', 'scrypt:1'), /damaged/);
  });
});

describe('login record', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'postern-login-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is made once, private, and read again', async () => {
    const path = join(directory, 'login.json');
    const record = await ensureLoginRecord(path, 'postern');
    assert.deepEqual(await ensureLoginRecord(path, 'another'), record);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(await verifyPassword(record.password ?? '', record.verifier), true);
  });

  it('goes on without the readable password when that was taken out', async () => {
    const path = join(directory, 'login.json');
    await ensureLoginRecord(path, 'postern');
    const { password: _, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as { password: string };
    writeFileSync(path, JSON.stringify(rest));
    assert.equal((await ensureLoginRecord(path, 'postern')).password, null);
  });

  it('has the keys of SCRAM, also one of the time before SCRAM, and never makes them anew', async () => {
    const path = join(directory, 'login.json');
    const record = await ensureLoginRecord(path, 'postern');
    const keys = readScram(record.scram ?? '');
    assert.deepEqual(deriveScramKeys(record.password ?? '', keys.salt, keys.iterations), keys);
    const { scram: _, ...old } = record;
    writeFileSync(path, JSON.stringify(old));
    const completed = await ensureLoginRecord(path, 'postern');
    assert.notEqual(completed.scram, null);
    assert.deepEqual(await ensureLoginRecord(path, 'postern'), completed);
    writeFileSync(path, JSON.stringify({ ...old, password: null }));
    assert.equal((await ensureLoginRecord(path, 'postern')).scram, null);
    assert.throws(() => readScram('4096:x'), /damaged/);
  });

  it('says so when the file is damaged, and leaves it alone', async () => {
    const path = join(directory, 'login.json');
    writeFileSync(path, '{"user":');
    await assert.rejects(ensureLoginRecord(path, 'postern'), /login\.json is damaged/);
    assert.equal(readFileSync(path, 'utf8'), '{"user":');
  });
});

describe('logins', () => {
  let verifier: string;
  /** The names that were asked for. */
  let asked: string[];
  const named = async (label: string): Promise<string | null> => {
    asked.push(label);
    return label === 'nobody' ? null : `BM-${label}`;
  };
  before(async () => (verifier = await makeVerifier('secret')));
  beforeEach(() => (asked = []));
  const logins = (): LoginCheck =>
    new LoginCheck(
      { user: 'postern', verifier, scramKeys: null, domain: 'bitmessage' },
      { throttle: new LoginThrottle(new ManualClock(1)), identities: () => [ADDRESS], named },
    );

  for (const [user, identity] of [
    ['postern', null],
    ['Postern', null],
    ['postern@bitmessage', null],
    [`${ADDRESS}@bitmessage`, ADDRESS],
    [`${ADDRESS}@BitMessage`, ADDRESS],
    [ADDRESS, ADDRESS],
    [ADDRESS.toLowerCase(), ADDRESS],
    [ADDRESS.slice(3), ADDRESS],
    [` ${ADDRESS} `, ADDRESS],
  ] as const)
    it(`lets "${user}" in as ${identity ?? 'the combined login'}`, async () =>
      assert.deepEqual(await logins().check(user, 'secret', LOCAL), { user: identity ?? 'postern', identity }));

  for (const [user, label] of [
    ['new+Work', 'Work'],
    ['NEW+Work@bitmessage', 'Work'],
    ['new+Häuser & Höfe', 'Häuser & Höfe'],
    ['new+a@b@bitmessage', 'a@b'],
  ])
    it(`lets "${user}" in as the identity of that name`, async () => {
      assert.deepEqual(await logins().check(user, 'secret', LOCAL), { user: `BM-${label}`, identity: `BM-${label}` });
      assert.deepEqual(asked, [label]);
    });

  it('makes no identity for who does not know the password, in whatever way it is asked', async () => {
    assert.equal(await logins().check('new+Work', 'wrong', LOCAL), null);
    assert.equal(await logins().checkProof('new+Work', () => null, LOCAL), null);
    assert.deepEqual(asked, []);
    assert.equal((await logins().checkProof('new+Work', () => new Uint8Array(32), LOCAL))?.identity, 'BM-Work');
  });

  it('keeps out who wants a name that cannot be', async () => {
    for (const user of ['new+nobody', 'new+', 'new', 'new+Work@example.org'])
      assert.equal(await logins().check(user, 'secret', LOCAL), null);
  });

  for (const user of [
    '',
    'root',
    'postern@example.org',
    `${ADDRESS}@example.org`,
    `${ADDRESS.slice(0, -1)}z`,
    'BM-',
    '@bitmessage',
    'a@b@bitmessage',
  ])
    it(`keeps "${user}" out`, async () => assert.equal(await logins().check(user, 'secret', LOCAL), null));

  for (const password of ['', 'Secret', 'secret ', 'x'.repeat(100_000)])
    it(`keeps a wrong password of ${password.length} characters out`, async () =>
      assert.equal(await logins().check('postern', password, LOCAL), null));

  it('lets in who proves to know the password, by the same names', async () => {
    assert.deepEqual(await logins().checkProof(ADDRESS, () => new Uint8Array(32), LOCAL), { user: ADDRESS, identity: ADDRESS });
    assert.equal(await logins().checkProof(ADDRESS, () => null, LOCAL), null);
    assert.equal(await logins().checkProof('root', () => new Uint8Array(32), LOCAL), null);
  });

  it('lets twenty connections of a mail program in at once, and still refuses a wrong password after', async () => {
    const house = logins();
    const all = await Promise.all(Array.from({ length: 20 }, () => house.check('postern', 'secret', LOCAL)));
    assert.ok(all.every((login) => login !== null));
    assert.equal(await house.check('postern', 'wrong', LOCAL), null);
    assert.notEqual(await house.check('postern', 'secret', LOCAL), null);
  });
});

describe('login throttle', () => {
  const exhaust = async (throttle: LoginThrottle, address: string): Promise<void> => {
    for (let i = 0; i < ATTEMPTS_IN_HAND; i++) await throttle.enter(address);
  };
  const isPending = async (promise: Promise<unknown>): Promise<boolean> => {
    const later = Symbol('later');
    return (await Promise.race([promise, new Promise((resolve) => setImmediate(resolve, later))])) === later;
  };

  it('never slows down good passwords', async () => {
    const throttle = new LoginThrottle(new ManualClock(1));
    for (let i = 0; i < 10 * ATTEMPTS_IN_HAND; i++) (await throttle.enter(LOCAL))?.succeeded();
  });

  it('makes guessing wait: ten seconds for another machine, one for this one', async () => {
    for (const [address, seconds] of [
      ['192.0.2.1', 10],
      [LOCAL, 1],
      ['::ffff:127.0.0.1', 1],
    ] as const) {
      const clock = new ManualClock(1);
      const throttle = new LoginThrottle(clock);
      await exhaust(throttle, address);
      const next = throttle.enter(address);
      if (seconds > 1) clock.advance(seconds - 1);
      assert.equal(await isPending(next), true);
      clock.advance(1);
      assert.notEqual(await next, null);
    }
  });

  it('lets a waiting one in as soon as another attempt turns out good', async () => {
    const throttle = new LoginThrottle(new ManualClock(1));
    const attempt = await throttle.enter(LOCAL);
    for (let i = 1; i < ATTEMPTS_IN_HAND; i++) await throttle.enter(LOCAL);
    const next = throttle.enter(LOCAL);
    attempt?.succeeded();
    assert.notEqual(await next, null);
  });

  it('refuses unread what would make too long a queue', async () => {
    const throttle = new LoginThrottle(new ManualClock(1));
    await exhaust(throttle, LOCAL);
    const waiting = Array.from({ length: MAX_WAITING }, () => throttle.enter(LOCAL));
    assert.equal(await throttle.enter(LOCAL), null);
    assert.equal(await isPending(waiting[0]), true);
  });

  it('sends those who wait away when the gateway stops', async () => {
    const throttle = new LoginThrottle(new ManualClock(1));
    await exhaust(throttle, LOCAL);
    const waiting = throttle.enter(LOCAL);
    throttle.stop();
    assert.equal(await waiting, null);
  });

  it('counts each address for itself, but a whole IPv6 /64 as one', async () => {
    const throttle = new LoginThrottle(new ManualClock(1));
    await exhaust(throttle, '2001:db8::1');
    assert.equal(await isPending(throttle.enter('2001:db8:0:0:ffff::2')), true);
    assert.notEqual(await throttle.enter('2001:db8:0:1::1'), null);
    assert.notEqual(await throttle.enter('192.0.2.1'), null);
  });
});
