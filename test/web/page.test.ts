/** The local page: who is let in, what everybody may read, and that nothing foreign becomes HTML. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../src/base/log.js';
import type { OutgoingMessage } from '../../src/bitmessage/node.js';
import type { ControlRooms } from '../../src/control/operation.js';
import { OPERATIONS } from '../../src/control/operations.js';
import { html } from '../../src/web/html.js';
import { WebServer } from '../../src/web/server.js';
import { Sessions } from '../../src/web/sessions.js';
import { FAKE_LOGINS, fakeControl, MAIL } from '../support/fake-control.js';
import { NO_DISK } from '../support/held-disk.js';

const EVIL = '<script>alert("x")</script>';
const mining: OutgoingMessage = {
  id: 1,
  kind: 'message',
  from: 'BM-a',
  to: `BM-b${EVIL}`,
  outgoing: { state: 'mining' },
  since: 1_700_000_000,
  createdAt: 1_600_000_000,
  attempts: 0,
  progress: 0.25,
  objectHash: null,
};

const PAGES = ['/', '/addresses', '/groups', '/contacts', '/setup', '/backup', '/health'];

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function get(port: number, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    call.on('error', reject);
    call.end();
  });
}

describe('local page', () => {
  let directory: string;
  let rooms: ControlRooms;
  let server: WebServer;
  let port: number;
  let cookie: string;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'postern-page-'));
    const caPath = join(directory, 'ca.pem');
    writeFileSync(caPath, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    rooms = { ...fakeControl([mining]), mail: { ...MAIL, caPath } };
    await rooms.node.createIdentity({ label: EVIL, passphrase: 'one' });
    await rooms.groups.joinChan(EVIL, '');
    await rooms.groups.subscribe(`BM-${EVIL}`, '');
    server = new WebServer(
      { host: '127.0.0.1', port: 0, token: 'token', operations: OPERATIONS },
      { control: rooms, logins: FAKE_LOGINS, onDisk: NO_DISK, log: silentLogger },
    );
    ({ port } = await server.start());
    const { headers } = await get(port, ticketPath(server));
    cookie = headers['set-cookie']?.[0].split(';')[0] ?? '';
  });
  after(async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  });
  const ticketPath = (of: WebServer): string => of.openPage().replace(/^http:\/\/[^/]+/, '');
  const open = (path: string): Promise<Reply> => get(port, path, { cookie });

  it('takes the ticket out of the address bar, and gives a cookie that no script and no other page can use', async () => {
    const path = ticketPath(server);
    const first = await get(port, path);
    assert.deepEqual([first.status, first.headers.location], [303, '/']);
    assert.match(first.headers['set-cookie']?.[0] ?? '', /^postern-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
    assert.equal((await get(port, path)).status, 401, 'a ticket is good once');
  });

  for (const path of [...PAGES, '/setup/mutt', '/setup/apple/postern.mobileconfig', '/metrics', '/nothing'])
    for (const [who, headers] of [
      ['nobody', {}],
      ['a wrong cookie', { cookie: 'postern-1=x' }],
      ['a wrong token', { authorization: 'Bearer x' }],
    ] as const)
      it(`keeps ${path} from ${who}`, async () => {
        const { status, body } = await get(port, path, headers);
        assert.equal(status, 401);
        assert.match(body, /postern page/);
        assert.doesNotMatch(body, /BM-|pass-word/);
      });

  it('does not let a cookie do what a token does', async () => {
    assert.equal((await get(port, '/api/status', { cookie }, 'POST')).status, 401);
  });

  it('is closed to the name of an attacker and to the pages of others', async () => {
    for (const headers of [{ host: 'evil.example' }, { origin: 'http://evil.example' }] as Record<string, string>[])
      for (const path of ['/', '/healthz', '/mail/config-v1.1.xml'])
        assert.equal((await get(port, path, { cookie, ...headers })).status, 403);
    assert.equal((await get(port, '/', { cookie }, 'PUT')).status, 405);
  });

  for (const path of [...PAGES, '/setup/mutt', '/setup?identity=BM-4one', '/nothing', '/setup/%3Cscript%3E'])
    it(`shows ${path} without script, and takes nothing foreign for HTML`, async () => {
      const { headers, body } = await open(path);
      assert.doesNotMatch(body, /<script|style=|onload=|javascript:/);
      assert.match(String(headers['content-security-policy']), /^default-src 'none'; style-src 'self';/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.match(body, /^<!doctype html>/);
    });

  for (const [path, status, expected] of [
    ['/', 200, /25% of what is usual.*value="0\.25"/],
    ['/', 200, /127\.0\.0\.1:8444/],
    ['/addresses', 200, /<img [^>]*src="\/qr\/BM-4one\.svg".*BM-4one@bitmessage/s],
    ['/qr/BM-4one.svg', 200, /^<svg /],
    ['/qr/BM-other.svg', 404, /no such page/],
    ['/groups', 200, /Chans\/&#60;script/],
    ['/setup', 200, /Port <code class="value">1143<\/code> STARTTLS/],
    ['/backup', 200, /name="directory" value="\/home\/alice\/\.config\/PyBitmessage"/],
    ['/setup/mutt', 200, /set imap_pass {4}= &#34;pass-word/],
    ['/setup/mutt?identity=BM-4one', 200, /imap:\/\/BM-4one%40bitmessage@localhost/],
    ['/setup/apple/postern.mobileconfig', 200, /<plist/],
    ['/setup/mutt/passwd', 404, /no such page/],
    ['/setup/constructor', 404, /no such page/],
    ['/setup/mutt?identity=BM-other', 404, /is not one of your addresses/],
    ['/backup', 200, /postern backup/],
    ['/metrics', 200, /^postern_outgoing_messages\{state="mining"\} 1$/m],
  ] as const)
    it(`answers ${path} with ${status} and ${expected}`, async () => {
      const reply = await open(path);
      assert.equal(reply.status, status);
      assert.match(reply.body, expected);
    });

  it('speaks the language of the browser, and that of the gateway to whoever wants another', async () => {
    for (const [wanted, language, heading] of [
      ['de-DE,de;q=0.9,en;q=0.5', 'de', 'Unterwegs'],
      ['en', 'en', 'On its way'],
      ['fr', 'en', 'On its way'],
    ]) {
      const { body } = await get(port, '/', { cookie, 'accept-language': wanted });
      assert.ok(body.includes(`<html lang="${language}">`) && body.includes(`<h2>${heading}</h2>`), wanted);
    }
    const { body } = await get(port, '/setup?identity=BM-other', { cookie, 'accept-language': 'de' });
    assert.match(body, /<h1>Nicht gefunden<\/h1>\s*<p>„BM-other“ ist keine Ihrer Adressen\.<\/p>/);
  });

  it('tells everybody on this machine that it lives, and how to set up Thunderbird, and no secret', async () => {
    assert.equal((await get(port, '/healthz')).body, 'ok\n');
    const { headers, body } = await get(port, '/mail/config-v1.1.xml?emailaddress=BM-x%40bitmessage');
    assert.match(headers['content-type'] ?? '', /^text\/xml/);
    assert.match(body, /<hostname>localhost<\/hostname>\s*<port>1143<\/port>/);
    assert.doesNotMatch(body, /pass-word/);
    assert.match((await get(port, '/style.css')).headers['content-type'] ?? '', /^text\/css/);
  });

  it('gives the metrics to whoever has the token, and to everybody when that is set', async () => {
    const { body } = await get(port, '/metrics', { authorization: 'Bearer token' });
    assert.match(body, /^# TYPE postern_peers gauge\npostern_peers\{direction="inbound"\} 0\npostern_peers\{direction="outbound"\} 1$/m);
    assert.doesNotMatch(body, /BM-|127\.0\.0\.1/);
    const options = { host: '127.0.0.1', port: 0, token: 'token', operations: [], openMetrics: true };
    const openServer = new WebServer(options, { control: rooms, logins: FAKE_LOGINS, onDisk: NO_DISK, log: silentLogger });
    const opened = await openServer.start();
    assert.equal((await get(opened.port, '/metrics')).status, 200);
    await openServer.stop();
  });

  it('takes another port where its own is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const taken = (squatter.address() as AddressInfo).port;
    const other = new WebServer(
      { host: '127.0.0.1', port: taken, token: 't', operations: [] },
      { control: rooms, logins: FAKE_LOGINS, onDisk: NO_DISK, log: silentLogger },
    );
    const opened = await other.start();
    assert.notEqual(opened.port, taken);
    assert.equal((await get(opened.port, '/healthz')).status, 200);
    await other.stop();
    squatter.close();
  });
});

describe('sessions', () => {
  it('end a ticket after ten minutes', () => {
    let now = 0;
    const sessions = new Sessions(() => now);
    const [early, late] = [sessions.issue(), sessions.issue()];
    now = 600_000;
    const session = sessions.redeem(early);
    assert.ok(session !== undefined && sessions.knows(session));
    now = 600_001;
    assert.equal(sessions.redeem(late), undefined);
    assert.equal(sessions.knows(late), false);
    assert.equal(sessions.knows(''), false);
  });

  it('forget the oldest of too many', () => {
    const sessions = new Sessions();
    const tickets = Array.from({ length: 11 }, () => sessions.issue());
    assert.equal(sessions.redeem(tickets[0]), undefined);
    const first = sessions.redeem(tickets[1])!;
    for (let i = 0; i < 49; i++) sessions.redeem(sessions.issue());
    assert.equal(sessions.knows(first), true);
    sessions.redeem(sessions.issue());
    assert.equal(sessions.knows(first), false);
  });
});

describe('html', () => {
  it('escapes values, and lists of values, but not what is HTML', () => {
    assert.equal(html`<p title="${'"\'&'}">${['<', html`<b>${'>'}</b>`, 7]}</p>`.html, '<p title="&#34;&#39;&#38;">&#60;<b>&#62;</b>7</p>');
  });
});
