import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ManualClock } from '../../src/base/clock.js';
import { NamecoinNames, parseNamecoinName } from '../../src/mapping/namecoin-names.js';
import { NameResolver } from '../../src/namecoin/name-resolver.js';
import { BOB, COMBINED, House } from '../mapping/house.js';

const VALUES: Record<string, unknown> = {
  'id/bob': { result: { value: JSON.stringify({ bitmessage: BOB, name: 'Bob' }), expired: false }, error: null },
  'd/shop': { result: { value: BOB }, error: null },
  'id/old': { result: { value: BOB, expired: true }, error: null },
  'id/blank': { result: { value: JSON.stringify({ bitmessage: ` ${BOB}\n` }) }, error: null },
  'id/list': { result: { value: '["x"]' }, error: null },
  'id/null': { result: { value: 'null' }, error: null },
  'id/wrong': { result: { value: 'BM-nonsense' }, error: null },
  'id/odd': 7,
  'id/long': { result: { value: 'x'.repeat(70_000) }, error: null },
};

describe('namecoin', () => {
  let server: Server;
  let house: House;
  const clock = new ManualClock(1_800_000_000);
  const asked: string[] = [];
  let names: NamecoinNames;
  const resolverAt = (port: number, password = 'secret') => new NameResolver({ host: '127.0.0.1', port, user: 'rpc', password }, { clock });

  before(async () => {
    server = createServer((request, response) => {
      if (request.headers.authorization !== `Basic ${Buffer.from('rpc:secret').toString('base64')}`) {
        response.writeHead(401).end();
        return;
      }
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const { method, params } = JSON.parse(body) as { method: string; params: string[] };
        asked.push(`${method} ${params[0]}`);
        if (params[0] === 'id/slow') return;
        const known = VALUES[params[0]];
        response.writeHead(known === undefined ? 500 : 200);
        response.end(JSON.stringify(known ?? { result: null, error: { code: -4, message: 'name not found' } }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(async () => {
    house = await House.open();
    asked.length = 0;
    names = new NamecoinNames({ submission: house.mapping.submission, resolver: resolverAt((server.address() as AddressInfo).port) });
  });
  afterEach(() => house.close());
  const send = (to: string) =>
    names.accept(
      { login: COMBINED, from: house.node.identities()[0].address, recipients: [{ address: to, notify: [] }] },
      Buffer.from('Subject: hi\r\n\r\nhello\r\n'),
    );

  it('names lead to addresses, and the answer says to which', async () => {
    assert.match(await send('bob.bit+ttl=2d@bitmessage'), new RegExp(`bob\\.bit\\+ttl=2d@bitmessage is ${BOB}`));
    await send('id/Bob@bitmessage');
    await send('"shop.bit"@bitmessage');
    assert.deepEqual(
      house.node.sent.map(({ to, ttlSeconds }) => [to, ttlSeconds === 172_800]),
      [
        [BOB, true],
        [BOB, false],
        [BOB, false],
      ],
    );
    assert.deepEqual(asked, ['name_show id/bob', 'name_show id/shop', 'name_show d/shop']);
  });

  it('answers are kept for ten minutes', async () => {
    for (let i = 0; i < 3; i++) await names.checkRecipient(COMBINED, 'bob.bit@bitmessage');
    assert.equal(asked.length, 1);
    await clock.advance(601_000);
    await names.checkRecipient(COMBINED, 'bob.bit@bitmessage');
    assert.equal(asked.length, 2);
  });

  it('blanks around an address are nothing', async () => {
    await names.checkRecipient(COMBINED, 'id/blank@bitmessage');
  });

  it('a node that did not answer is asked again at once', async () => {
    let isUp = false;
    const absent = createServer((_, response) => (isUp ? response.end(JSON.stringify(VALUES['id/bob'])) : response.destroy()));
    await new Promise<void>((resolve) => absent.listen(0, '127.0.0.1', resolve));
    const resolver = resolverAt((absent.address() as AddressInfo).port);
    assert.equal((await resolver.resolve('id/bob')).result, 'unreachable');
    isUp = true;
    assert.deepEqual(await resolver.resolve('id/bob'), { result: 'found', address: BOB });
    absent.close();
  });

  for (const [name, words] of [
    ['id/nobody', /unknown to Namecoin \(name not found\)/],
    ['id/old', /expired/],
    ['id/list', /names no Bitmessage address/],
    ['id/null', /names no Bitmessage address/],
    ['id/wrong', /is no Bitmessage address/],
    ['id/odd', /has no value/],
    ['id/long', /longer than 65536 bytes/],
    ['id/slow', /cannot be looked up now/],
  ] as const)
    it(`${name} is refused in words`, async function () {
      this.timeout(10_000);
      await assert.rejects(names.checkRecipient(COMBINED, `${name}@bitmessage`), words);
    });

  it('a wrong password, a missing node and no configuration are told apart', async () => {
    const { submission } = house.mapping;
    const check = (resolver: NameResolver | null) =>
      new NamecoinNames({ submission, resolver }).checkRecipient(COMBINED, 'bob.bit@bitmessage');
    await assert.rejects(check(resolverAt((server.address() as AddressInfo).port, 'wrong')), /namecoin\.password/);
    await assert.rejects(check(resolverAt(1)), { code: 451 });
    await assert.rejects(check(null), /no Namecoin node is configured/);
  });

  for (const text of [`${BOB}@bitmessage`, 'alice@bitmessage', 'a.b.bit@bitmessage', 'x.bit@example.com', `${'x'.repeat(300)}.bit`])
    it(`leaves ${text.slice(0, 40)} alone`, () => assert.equal(parseNamecoinName(text), null));
});
