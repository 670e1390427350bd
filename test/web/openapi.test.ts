/** The description of the programming interface, held against the interface itself. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { silentLogger } from '../../src/base/log.js';
import { checkArguments } from '../../src/control/operation.js';
import { OPERATIONS } from '../../src/control/operations.js';
import { WebServer } from '../../src/web/server.js';
import { FAKE_LOGINS, fakeControl } from '../support/fake-control.js';
import { NO_DISK } from '../support/held-disk.js';

interface Schema {
  readonly properties: Readonly<Record<string, { readonly type: string; readonly enum?: readonly string[]; readonly maxLength: number }>>;
  readonly required?: readonly string[];
}

interface Description {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly post: {
          readonly operationId: string;
          readonly requestBody: { readonly content: Record<string, { readonly schema: Schema }> };
        };
      }
    >
  >;
}

describe('the description of the programming interface', () => {
  const server = new WebServer(
    { host: '127.0.0.1', port: 0, token: 'token', operations: OPERATIONS },
    { control: fakeControl(), logins: FAKE_LOGINS, onDisk: NO_DISK, log: silentLogger },
  );
  let port: number;
  let description: Description;
  const call = (method: string, path: string, headers: Record<string, string> = {}): Promise<[number, string]> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve([response.statusCode ?? 0, text]));
      });
      outgoing.on('error', reject);
      outgoing.end();
    });

  before(async () => {
    ({ port } = await server.start());
    const [status, text] = await call('GET', '/openapi.json');
    assert.equal(status, 200);
    description = JSON.parse(text) as Description;
  });
  after(() => server.stop());

  it('is OpenAPI 3.1, for where it was asked', () => {
    assert.equal(description.openapi, '3.1.0');
    assert.deepEqual(description.servers, [{ url: `http://127.0.0.1:${port}` }]);
  });

  it('points at nothing that it does not hold', () => {
    const text = JSON.stringify(description);
    for (const [, path] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = path.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], description);
      assert.ok(found !== undefined, path);
    }
  });

  it('has each operation once, and no other', () => {
    const ids = Object.values(description.paths).map(({ post }) => post.operationId);
    assert.deepEqual(
      ids,
      OPERATIONS.map(({ name }) => name.replaceAll(' ', '-')),
    );
    assert.equal(new Set(ids).size, ids.length);
  });

  it('has paths that the server knows, for POST alone', async () => {
    for (const path of Object.keys(description.paths)) {
      const [status] = await call('GET', path, { authorization: 'Bearer token' });
      assert.equal(status, 405, path);
    }
  });

  for (const operation of OPERATIONS)
    it(`says of "${operation.name}" what its arguments are`, () => {
      const { schema } = description.paths[`/api/${operation.name.replaceAll(' ', '/')}`].post.requestBody.content['application/json'];
      const all = Object.fromEntries(Object.entries(schema.properties).map(([name, value]) => [name, value.enum?.[0] ?? '/x']));
      assert.deepEqual(checkArguments(operation, all), all);
      for (const name of schema.required ?? []) {
        const { [name]: _, ...rest } = all;
        assert.throws(() => checkArguments(operation, rest), /needs/);
      }
      assert.throws(() => checkArguments(operation, { ...all, other: 'x' }), /knows no other/);
    });
});
