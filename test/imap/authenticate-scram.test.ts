/** SCRAM with a client of its own: the proof over the whole exchange, with and without binding to the TLS connection. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCertificate, type ServerCertificate } from '../../src/access/certificate.js';
import { describeMessage } from '../../src/mime/describe.js';
import { type ImapHouse, openImapHouse, PASSWORD, USER } from '../support/imap-house.js';
import { LineClient } from '../support/line-client.js';
import { type ScramAttempt, ScramClient } from '../support/scram-client.js';

/** Answers the tagged line. */
async function authenticate(client: LineClient, attempt: ScramAttempt): Promise<string> {
  const scram = new ScramClient(USER, PASSWORD, attempt);
  client.write(`a AUTHENTICATE ${attempt.mechanism ?? 'SCRAM-SHA-256'}${attempt.initial === true ? ` ${scram.first()}` : ''}\r\n`);
  if (attempt.initial !== true) {
    const invitation = await client.line();
    if (invitation !== '+ ') return invitation;
    client.write(`${scram.first()}\r\n`);
  }
  const challenge = await client.line();
  if (!challenge.startsWith('+ ')) return challenge;
  client.write(`${scram.final(challenge.slice(2))}\r\n`);
  const last = await client.line();
  if (!last.startsWith('+ ')) return last;
  scram.checkServer(last.slice(2));
  client.write('\r\n');
  return client.line();
}

describe('imap SCRAM', () => {
  let house: ImapHouse;
  let directory: string;
  let certificate: ServerCertificate;
  let client: LineClient;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'postern-scram-'));
    certificate = await ensureCertificate(directory, []);
  });
  after(() => rmSync(directory, { recursive: true }));
  beforeEach(async () => {
    house = await openImapHouse(describeMessage, { tls: certificate, tlsPort: 0 });
  });
  afterEach(async () => {
    client.close();
    await house.stop();
  });

  const plain = async (): Promise<LineClient> => (client = await house.greeted());
  const secure = async (): Promise<{ client: LineClient; binding: Buffer; greeting: string }> => {
    client = await LineClient.connect(house.tlsPort!);
    await client.secure();
    return { client, binding: client.channelBinding(), greeting: await client.line() };
  };

  for (const initial of [false, true])
    it(`lets in who knows the password, ${initial ? 'with' : 'without'} an initial response`, async () => {
      assert.match(await authenticate(await plain(), { initial }), /^a OK \[CAPABILITY /);
      assert.match((await client.command('b SELECT INBOX')).at(-1)!, /^b OK/);
    });

  for (const [what, attempt, answer] of [
    ['a wrong password', { password: 'Secret' }, /^a NO \[AUTHENTICATIONFAILED\]/],
    ['an unknown user', { user: 'nobody' }, /^a NO \[AUTHENTICATIONFAILED\]/],
    ['a binding without -PLUS', { gs2: 'p=tls-exporter,,' }, /^a BAD/],
    ['-PLUS without TLS', { mechanism: 'SCRAM-SHA-256-PLUS', gs2: 'p=tls-exporter,,' }, /^a NO \[CANNOT\]/],
    ['another identity', { gs2: 'n,a=you,' }, /^a NO \[AUTHORIZATIONFAILED\]/],
    ['what is no SCRAM', { gs2: 'x' }, /^a BAD/],
  ] as const)
    it(`keeps out ${what}`, async () => assert.match(await authenticate(await plain(), attempt), answer));

  it('binds to the TLS connection', async () => {
    const { client: one, binding, greeting } = await secure();
    assert.match(greeting, /AUTH=SCRAM-SHA-256 AUTH=SCRAM-SHA-256-PLUS/);
    const attempt = { mechanism: 'SCRAM-SHA-256-PLUS', gs2: 'p=tls-exporter,,' };
    const other = Buffer.from(binding);
    other[0] ^= 1;
    assert.match(await authenticate(one, { ...attempt, bindingData: other }), /^a NO \[AUTHENTICATIONFAILED\]/);
    assert.match(await authenticate(one, { ...attempt, gs2: 'p=tls-unique,,', bindingData: binding }), /^a NO \[CANNOT\]/);
    assert.match(await authenticate(one, { ...attempt, bindingData: binding }), /^a OK/);
  });

  it('notices that somebody hid the binding from the client, and lets in a client that knows none', async () => {
    const { client: one } = await secure();
    assert.match(await authenticate(one, { gs2: 'y,,' }), /^a NO \[AUTHENTICATIONFAILED\]/);
    assert.match(await authenticate(one, { gs2: 'n,,' }), /^a OK/);
  });
});
