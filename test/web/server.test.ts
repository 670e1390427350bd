import assert from 'node:assert/strict';
import { request } from 'node:http';
import { silentLogger } from '../../src/base/log.js';
import { ControlRefusal, type Operation } from '../../src/control/operation.js';
import { OPERATIONS } from '../../src/control/operations.js';
import { WebServer } from '../../src/web/server.js';
import { FAKE_LOGINS, fakeControl } from '../support/fake-control.js';
import { NO_DISK } from '../support/held-disk.js';

const broken: Operation = {
  name: 'broken',
  help: () => '',
  parameters: [],
  run: () => {
    throw new Error('a secret of ours');
  },
};

const slow: Operation = {
  name: 'slow',
  help: () => '',
  parameters: [{ name: 'fail', place: 'flag', isRequired: false, help: () => '' }],
  run: ({ fail }, _, progress = () => {}) => {
    progress(() => 'half');
    progress(() => 'nearly');
    if (fail === 'true') throw new ControlRefusal(() => 'no');
    return { value: { done: true }, text: 'done' };
  },
};

describe('web server', () => {
  let server: WebServer;
  let port: number;
  before(async () => {
    server = new WebServer(
      { host: '127.0.0.1', port: 0, token: 'token', operations: [...OPERATIONS, broken, slow] },
      { control: fakeControl(), logins: FAKE_LOGINS, onDisk: NO_DISK, log: silentLogger },
    );
    ({ port } = await server.start());
  });
  after(() => server.stop());

  const call = (options: { method?: string; path?: string; headers?: Record<string, string>; body?: string }): Promise<[number, string]> =>
    new Promise((resolve, reject) => {
      const { method = 'POST', path = '/api/status', headers = {}, body = '' } = options;
      const all = { authorization: 'Bearer token', 'content-length': String(Buffer.byteLength(body)), ...headers };
      const outgoing = request({ host: '127.0.0.1', port, path, method, headers: all, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve([response.statusCode ?? 0, text]));
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });

  it('carries out an operation', async () => {
    const [status, text] = await call({ path: '/api/identity/new', body: '{"label":"Wörk"}' });
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(text), { value: { address: 'BM-4random', label: 'Wörk' }, text: 'BM-4random' });
  });

  it('tells how far an operation is, in lines before the answer, to who accepts them', async () => {
    const headers = { accept: 'application/x-ndjson' };
    const [status, text] = await call({ path: '/api/slow', headers });
    const lines = text.split('\n').map((line) => JSON.parse(line) as unknown);
    assert.deepEqual([status, ...lines], [200, { progress: 'half' }, { progress: 'nearly' }, { value: { done: true }, text: 'done' }]);
    const [, failed] = await call({ path: '/api/slow', headers, body: '{"fail":"true"}' });
    assert.deepEqual(JSON.parse(failed.split('\n').at(-1)!), { error: 'no' });
    assert.deepEqual(await call({ path: '/api/slow' }), [200, '{"value":{"done":true},"text":"done"}']);
    assert.equal((await call({ path: '/api/slow', body: '{"fail":"true"}' }))[0], 400);
  });

  it('takes its other names on this machine for its own', async () => {
    for (const host of [`localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`])
      assert.equal((await call({ headers: { host } }))[0], 200);
    assert.equal((await call({ headers: { origin: `http://localhost:${port}` } }))[0], 200);
  });

  for (const [what, options, status] of [
    ['no token', { headers: { authorization: '' } }, 401],
    ['a wrong token', { headers: { authorization: 'Bearer tokem' } }, 401],
    ['a longer token', { headers: { authorization: 'Bearer token1' } }, 401],
    ['the host name of an attacker', { headers: { host: 'evil.example:80' } }, 403],
    ['another port', { headers: { host: '127.0.0.1:1' } }, 403],
    ['the page of an attacker', { headers: { origin: 'http://evil.example' } }, 403],
    ['a page without an origin', { headers: { origin: 'null' } }, 403],
    ['GET', { method: 'GET' }, 405],
    ['an unknown operation', { path: '/api/nothing' }, 404],
    ['a path beside the operation', { path: '/api/status/' }, 404],
    ['a body that is not JSON', { body: '{' }, 400],
    ['arguments that are not asked for', { body: '{"x":"y"}' }, 400],
    ['an endless body', { body: `"${'x'.repeat(70_000)}"` }, 413],
  ] as const)
    it(`answers ${status} to ${what}`, async () => assert.equal((await call(options))[0], status));

  it('says nothing of our own bugs', async () => {
    const [status, text] = await call({ path: '/api/broken' });
    assert.equal(status, 500);
    assert.ok(!text.includes('secret'));
  });
});
