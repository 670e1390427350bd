/** The forms of the local page: what they do, and for whom they do nothing. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { silentLogger } from '../../src/base/log.js';
import type { ControlRooms, Operation } from '../../src/control/operation.js';
import { OPERATIONS } from '../../src/control/operations.js';
import { MigrationRefusal } from '../../src/migration/refusal.js';
import { AGAIN, readFormOrder } from '../../src/web/form-orders.js';
import { WebServer } from '../../src/web/server.js';
import { FAKE_LOGINS, fakeControl } from '../support/fake-control.js';
import { NO_DISK } from '../support/held-disk.js';
import { until } from '../support/nodes.js';

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('forms of the local page', () => {
  let rooms: ControlRooms;
  let server: WebServer;
  let port: number;
  let cookie: string;
  beforeEach(async () => {
    rooms = fakeControl();
    await openServer();
  });
  const openServer = async (): Promise<void> => {
    server = new WebServer(
      { host: '127.0.0.1', port: 0, token: 'token', operations: OPERATIONS },
      { control: rooms, logins: FAKE_LOGINS, onDisk: NO_DISK, log: silentLogger },
    );
    ({ port } = await server.start());
    cookie = await enter();
  };
  /** With what was changed in the rooms. */
  const reopen = async (): Promise<void> => {
    await server.stop();
    await openServer();
  };
  afterEach(() => server.stop());

  const call = (method: string, path: string, headers: Record<string, string>, body = ''): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  const cookieOf = ({ headers }: Reply): string => headers['set-cookie']?.[0].split(';')[0] ?? '';
  const enter = async (): Promise<string> => cookieOf(await call('GET', server.openPage().replace(/^http:\/\/[^/]+/, ''), {}));
  const open = (path: string, as = cookie): Promise<Reply> => call('GET', path, { cookie: as });
  const tokenOf = async (as: string): Promise<string> => /name="form" value="([^"]+)"/.exec((await open('/groups', as)).body)![1];
  const submit = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Reply> =>
    call('POST', path, { cookie, origin: `http://127.0.0.1:${port}`, ...headers }, new URLSearchParams(fields).toString());

  it('do what they say, tell it once, and lead back', async () => {
    const form = await tokenOf(cookie);
    const { status, headers } = await submit('/do/chan/join', { form, back: '/groups', passphrase: 'gardening', label: '' });
    assert.deepEqual([status, headers.location], [303, '/groups']);
    assert.deepEqual(
      rooms.groups.chans().map(({ folder }) => folder),
      ['Chans/gardening'],
    );
    assert.match(
      (await open('/groups')).body,
      /class="notice good lines"><span>BM-chan-gardening\n<\/span><span>Folder: Chans\/gardening\n</,
    );
    assert.doesNotMatch((await open('/groups')).body, /class="notice/);
  });

  it('say why something cannot be done', async () => {
    await submit('/do/chan/leave', { form: await tokenOf(cookie), back: '/groups', chan: 'nothing' });
    assert.match((await open('/groups')).body, /class="notice bad">Not done: there is no chan &#34;nothing&#34;\.</);
    await submit('/do/chan/join', { form: await tokenOf(cookie), back: '/groups' });
    assert.match((await open('/groups')).body, /&#34;chan join&#34; needs passphrase/);
  });

  for (const [what, fields, headers, status] of [
    ['a form without its token', { form: '' }, {}, 403],
    ['the token of another browser', { form: 'other' }, {}, 403],
    ['a form of another page', {}, { origin: 'http://evil.example' }, 403],
    ['a form that hides where it stood', {}, { origin: 'null' }, 403],
    ["an attacker's name for this machine", {}, { host: 'evil.example' }, 403],
    ['nobody', {}, { cookie: '' }, 401],
    ['the token of programs in place of a cookie', {}, { cookie: '', authorization: 'Bearer token' }, 401],
  ] as const)
    it(`do nothing for ${what}`, async () => {
      const form = what === 'the token of another browser' ? await tokenOf(await enter()) : await tokenOf(cookie);
      const all = { form, back: '/groups', passphrase: 'x', ...(fields as { form?: string }) };
      const reply = await submit('/do/chan/join', what === 'the token of another browser' ? { ...all, form } : all, headers);
      assert.equal(reply.status, status);
      assert.deepEqual(rooms.groups.chans(), []);
    });

  it('do nothing without an Origin', async () => {
    const body = new URLSearchParams({ form: await tokenOf(cookie), passphrase: 'x' }).toString();
    assert.equal((await call('POST', '/do/chan/join', { cookie }, body)).status, 403);
    assert.deepEqual(rooms.groups.chans(), []);
  });

  for (const [back, location] of [
    ['//evil.example/', '/'],
    ['https://evil.example/', '/'],
    ['/\r\nset-cookie: a=b', '/'],
    ['/contacts', '/contacts'],
  ])
    it(`lead from ${JSON.stringify(back)} to ${location}`, async () => {
      const { headers } = await submit('/do/chan/join', { form: await tokenOf(cookie), back, passphrase: 'x' });
      assert.equal(headers.location, location);
    });

  it('ask for nothing that writes files of any name but a backup, nor reads them as mail, nor for what there is not', async () => {
    const form = await tokenOf(cookie);
    for (const path of [
      '/do/import/notbit',
      '/do/export/mbox',
      '/do/import/mbox',
      '/do/setup',
      '/do/page',
      '/do/constructor',
      '/do/',
      '/other',
    ])
      assert.equal((await submit(path, { form, file: '/etc/passwd', client: 'mutt', write: '/tmp/x' })).status, 404, path);
  });

  describe('that bring a file', () => {
    const directory = mkdtempSync(join(tmpdir(), 'postern-downloads-'));
    after(() => rmSync(directory, { recursive: true }));
    beforeEach(() => {
      Object.assign(rooms.premises, { dataDirectory: directory });
      Object.assign(rooms.migration, {
        exportMail: async ({ path, folder }: { path: string; folder: string | null }) => {
          if (folder === 'gone') throw new MigrationRefusal(({ moving }) => moving.noFolder('gone'));
          assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
          writeFileSync(path, 'From somebody\n'.repeat(100_000), { flag: 'wx' });
          return 1;
        },
        exportKeys: async (path: string) => {
          writeFileSync(path, '[keys]\n', { flag: 'wx' });
          return 1;
        },
      });
      return reopen();
    });
    const left = (): string[] => (existsSync(join(directory, 'downloads')) ? readdirSync(join(directory, 'downloads')) : []);

    it('bring it whole, under a name for the browser, and leave nothing behind', async () => {
      const { status, headers, body } = await submit('/get/export/mbox', { form: await tokenOf(cookie), folder: 'Chans/gärtnern "x"' });
      assert.deepEqual([status, body.length], [200, 1_400_000]);
      assert.equal(headers['content-disposition'], 'attachment; filename="Chans_g_rtnern_x_.mbox"');
      assert.deepEqual([headers['content-type'], headers['x-content-type-options']], ['application/octet-stream', 'nosniff']);
      await until(() => left().length === 0);
    });

    it('leave nothing behind of one that the browser calls off', async () => {
      const form = await tokenOf(cookie);
      await new Promise<void>((resolve, reject) => {
        const headers = { cookie, origin: `http://127.0.0.1:${port}` };
        const outgoing = request(
          { host: '127.0.0.1', port, path: '/get/export/mbox', method: 'POST', headers, agent: false },
          (response) => {
            response.destroy();
            resolve();
          },
        );
        outgoing.on('error', reject);
        outgoing.end(new URLSearchParams({ form, folder: 'INBOX' }).toString());
      });
      await until(() => left().length === 0);
    });

    it('say on the page why there is none', async () => {
      const form = await tokenOf(cookie);
      const { status, headers } = await submit('/get/export/mbox', { form, back: '/backup', folder: 'gone' });
      assert.deepEqual([status, headers.location, left()], [303, '/backup', []]);
      assert.match((await open('/backup')).body, /Not done: there is no folder gone/);
    });

    it('bring readable keys for the password alone', async () => {
      const form = await tokenOf(cookie);
      for (const password of ['', 'wrong']) {
        assert.equal((await submit('/get/export/keys', { form, back: '/backup', password })).status, 303);
        assert.match((await open('/backup')).body, /That is not the password/);
      }
      assert.equal((await submit('/get/export/keys', { form, password: 'pass-word' })).body, '[keys]\n');
    });

    it('take no path from a form, and know nothing else', async () => {
      const form = await tokenOf(cookie);
      const { body } = await submit('/get/export/mbox', { form, folder: 'INBOX', path: '/etc/passwd' });
      assert.match(body, /^From somebody/);
      for (const path of ['/get/export/maildir', '/get/identity/new', '/get/', '/get/constructor'])
        assert.equal((await submit(path, { form })).status, 404, path);
    });

    for (const [what, fields, headers, status] of [
      ['a form without its token', { form: '' }, {}, 403],
      ['a form of another page', {}, { origin: 'http://evil.example' }, 403],
      ['nobody', {}, { cookie: '' }, 401],
    ] as const)
      it(`bring nothing to ${what}`, async () => {
        const reply = await submit('/get/export/mbox', { form: await tokenOf(cookie), folder: 'INBOX', ...fields }, headers);
        assert.equal(reply.status, status);
        assert.deepEqual(left(), []);
      });

    it('leave nothing of a run that was killed', async () => {
      mkdirSync(join(directory, 'downloads', 'd-old'), { recursive: true });
      await reopen();
      assert.deepEqual(left(), []);
    });
  });

  describe('that bring a file along', () => {
    const directory = mkdtempSync(join(tmpdir(), 'postern-uploads-'));
    after(() => rmSync(directory, { recursive: true }));
    let brought: { folder: string; text: string; name: string } | undefined;
    beforeEach(() => {
      brought = undefined;
      Object.assign(rooms.premises, { dataDirectory: directory });
      Object.assign(rooms.migration, {
        importMail: async ({ path, folder }: { path: string; folder: string }) => {
          if (folder === 'gone') throw new MigrationRefusal(({ moving }) => moving.holdsFolders(folder));
          assert.equal(statSync(path).mode & 0o777, 0o600);
          brought = { folder, text: readFileSync(path, 'utf8'), name: basename(path) };
          return { counts: {}, notes: [] };
        },
      });
      return reopen();
    });
    const left = (): string[] => (existsSync(join(directory, 'downloads')) ? readdirSync(join(directory, 'downloads')) : []);
    const part = (name: string, value: string): string => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const put = async (
      path: string,
      fields: Record<string, string>,
      headers: Record<string, string> = {},
      end = '\r\n--b--\r\n',
    ): Promise<Reply> => {
      const all = Object.entries({ form: await tokenOf(cookie), back: '/backup', ...fields });
      const file = '--b\r\nContent-Disposition: form-data; name="path"; filename="../../Alte Mails.mbox"\r\n\r\nFrom a\r\n\r\nä';
      const body = all.map(([name, value]) => part(name, value)).join('') + file + end;
      const type = { 'content-type': 'multipart/form-data; boundary=b' };
      return call('POST', path, { cookie, origin: `http://127.0.0.1:${port}`, ...type, ...headers }, body);
    };

    it('hand it over whole, and leave nothing behind', async () => {
      const { status, headers } = await put('/put/import/mbox', { folder: 'Archive' });
      assert.deepEqual([status, headers.location], [303, '/backup']);
      assert.deepEqual(brought, { folder: 'Archive', text: 'From a\r\n\r\nä', name: 'Alte_Mails.mbox' });
      assert.deepEqual(left(), []);
    });

    it('say why it cannot be used', async () => {
      await put('/put/import/mbox', { folder: 'gone' });
      assert.match((await open('/backup')).body, /Not done: gone holds folders, not mail/);
      assert.deepEqual(left(), []);
    });

    for (const [what, path, fields, headers, end, status] of [
      ['without its token', '/put/import/mbox', { form: '' }, {}, undefined, 403],
      ['of another page', '/put/import/mbox', {}, { origin: 'http://evil.example' }, undefined, 403],
      ['of nobody', '/put/import/mbox', {}, { cookie: '' }, undefined, 401],
      ['without a boundary', '/put/import/mbox', {}, { 'content-type': 'text/plain' }, undefined, 400],
      ['cut short', '/put/import/mbox', {}, {}, '', 400],
      ['that nobody has', '/put/import/maildir', {}, {}, undefined, 404],
      ['for a path', '/put/import/pybitmessage', {}, {}, undefined, 404],
    ] as const)
      it(`do nothing for a form ${what}`, async () => {
        const reply = await put(path, { folder: 'Archive', ...fields }, headers, end);
        assert.equal(reply.status, status);
        assert.deepEqual([brought, left()], [undefined, []]);
      });
  });

  it('open with the password, and close again', async () => {
    const wrong = await submit('/login', { password: 'wrong' }, { cookie: '' });
    assert.equal(wrong.status, 401);
    assert.match(wrong.body, /That is not the password/);
    assert.equal((await submit('/login', { password: 'pass-word' }, { cookie: '', origin: 'http://evil.example' })).status, 403);
    const right = await submit('/login', { password: 'pass-word' }, { cookie: '' });
    assert.deepEqual([right.status, right.headers.location], [303, '/']);
    const entered = cookieOf(right);
    assert.equal((await open('/', entered)).status, 200);
    await submit('/logout', { form: await tokenOf(entered) }, { cookie: entered });
    assert.equal((await open('/', entered)).status, 401);
  });
});

describe('form orders', () => {
  const backup = OPERATIONS.find(({ name }) => name === 'backup') as Operation;
  const read = (fields: Record<string, string>): unknown => readFormOrder('/do/backup', new URLSearchParams(fields), [backup])?.values;

  it('want a new secret twice, and leave out what is empty or unknown', () => {
    assert.deepEqual(read({ file: '/a', passphrase: 'p', [`passphrase${AGAIN}`]: 'p', other: 'x' }), { file: '/a', passphrase: 'p' });
    assert.throws(() => read({ file: '/a', passphrase: 'p', [`passphrase${AGAIN}`]: 'q' }), /not typed the same twice/);
    assert.deepEqual(read({ file: '' }), {});
  });
});
