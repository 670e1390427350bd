/** SCRAM with a client of its own: the proof over the whole exchange, with and without binding to the TLS connection. */
import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCertificate, type ServerCertificate } from '../../src/access/certificate.js';
import { describeMessage } from '../../src/mime/describe.js';
import { type ImapHouse, openImapHouse, PASSWORD, USER } from '../support/imap-house.js';
import { LineClient } from '../support/line-client.js';

interface Attempt {
  readonly user?: string;
  readonly password?: string;
  readonly mechanism?: string;
  /** GS2 header: "n,,", "y,,", "p=tls-exporter,,". */
  readonly gs2?: string;
  readonly bindingData?: Buffer;
  /** The first message comes with the command. */
  readonly initial?: boolean;
}

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Plays the client of RFC 5802 §5; answers the tagged line. */
async function authenticate(client: LineClient, attempt: Attempt): Promise<string> {
  const { user = USER, password = PASSWORD, mechanism = 'SCRAM-SHA-256', gs2 = 'n,,', bindingData = Buffer.alloc(0) } = attempt;
  const bare = `n=${user},r=clientnonce`;
  client.write(`a AUTHENTICATE ${mechanism}${attempt.initial === true ? ` ${base64(gs2 + bare)}` : ''}\r\n`);
  if (attempt.initial !== true) {
    const invitation = await client.line();
    if (invitation !== '+ ') return invitation;
    client.write(`${base64(gs2 + bare)}\r\n`);
  }
  const challenge = await client.line();
  if (!challenge.startsWith('+ ')) return challenge;
  const serverFirst = Buffer.from(challenge.slice(2), 'base64').toString();
  const [, nonce, salt, iterations] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(serverFirst)!;
  assert.match(nonce, /^clientnonce.{20,}/);
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
  const clientKey = hmac(salted, 'Client Key');
  const withoutProof = `c=${base64(Buffer.concat([Buffer.from(gs2), bindingData]))},r=${nonce}`;
  const authMessage = `${bare},${serverFirst},${withoutProof}`;
  const signature = hmac(createHash('sha256').update(clientKey).digest(), authMessage);
  client.write(`${base64(`${withoutProof},p=${base64(clientKey.map((byte, at) => byte ^ signature[at]) as Buffer)}`)}\r\n`);
  const last = await client.line();
  if (!last.startsWith('+ ')) return last;
  const serverSignature = hmac(hmac(salted, 'Server Key'), authMessage).toString('base64');
  assert.equal(Buffer.from(last.slice(2), 'base64').toString(), `v=${serverSignature}`);
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
