/** AUTH SCRAM-SHA-256 over SMTP with a client of its own. */
import assert from 'node:assert/strict';
import { deriveScramKeys } from '../../src/access/sasl.js';
import { ALICE } from '../mapping/house.js';
import { LineClient } from '../support/line-client.js';
import { type ScramAttempt, ScramClient } from '../support/scram-client.js';
import { ask, PASSWORD, reply, SmtpHouse, USER } from './smtp-house.js';

/** Answers the last reply. */
async function authenticate(client: LineClient, attempt: ScramAttempt): Promise<string> {
  const scram = new ScramClient(USER, PASSWORD, attempt);
  const command = `AUTH ${attempt.mechanism ?? 'SCRAM-SHA-256'}`;
  if (attempt.initial !== true) {
    const invitation = await ask(client, command);
    if (invitation !== '334 ') return invitation;
  }
  const challenge = await ask(client, attempt.initial === true ? `${command} ${scram.first()}` : scram.first());
  if (!challenge.startsWith('334 ')) return challenge;
  const last = await ask(client, scram.final(challenge.slice(4)));
  if (!last.startsWith('334 ')) return last;
  scram.checkServer(last.slice(4));
  return ask(client, '');
}

describe('smtp SCRAM', () => {
  let smtp: SmtpHouse;
  let client: LineClient;
  beforeEach(async () => {
    smtp = await SmtpHouse.open(undefined, { scramKeys: deriveScramKeys(PASSWORD, Buffer.from('salt'), 4096) });
    client = await smtp.greeted();
  });
  afterEach(async () => {
    client.close();
    await smtp.close();
  });

  for (const initial of [false, true])
    it(`lets in who knows the password, ${initial ? 'with' : 'without'} an initial response`, async () => {
      assert.match(await ask(client, 'EHLO there'), /^250-AUTH PLAIN LOGIN SCRAM-SHA-256$/m);
      assert.match(await authenticate(client, { initial }), /^235 2\.7\.0 /);
      assert.match(await ask(client, `MAIL FROM:<${ALICE}@bitmessage>`), /^250 /);
      assert.match(await ask(client, 'AUTH SCRAM-SHA-256'), /^503 /);
    });

  for (const [what, attempt, answer] of [
    ['a wrong password', { password: 'Secret' }, /^535 5\.7\.8 /],
    ['an unknown user', { user: 'nobody' }, /^535 5\.7\.8 /],
    ['another identity', { gs2: 'n,a=you,' }, /^535 5\.7\.8 /],
    ['a binding without -PLUS', { gs2: 'p=tls-exporter,,' }, /^501 5\.5\.2 /],
    ['-PLUS', { mechanism: 'SCRAM-SHA-256-PLUS' }, /^504 5\.5\.4 /],
    ['what is no SCRAM', { gs2: 'x' }, /^501 5\.5\.2 /],
  ] as const)
    it(`keeps out ${what}`, async () => {
      assert.match(await authenticate(client, attempt), answer);
      assert.match(await ask(client, `MAIL FROM:<${ALICE}@bitmessage>`), /^530 /);
    });

  it('is given up with "*" at any step, and takes nothing for an answer that is not base64', async () => {
    const scram = new ScramClient(USER, PASSWORD, {});
    assert.equal(await ask(client, 'AUTH SCRAM-SHA-256'), '334 ');
    assert.match(await ask(client, '*'), /^501 5\.7\.0 /);
    assert.match(await ask(client, `AUTH SCRAM-SHA-256 ${scram.first()}`), /^334 /);
    assert.match(await ask(client, '*'), /^501 5\.7\.0 /);
    assert.match(await ask(client, 'AUTH SCRAM-SHA-256 !!!'), /^501 5\.5\.2 /);
    const challenge = await ask(client, `AUTH SCRAM-SHA-256 ${scram.first()}`);
    scram.checkServer((await ask(client, scram.final(challenge.slice(4)))).slice(4));
    assert.match(await ask(client, 'c29tZXRoaW5n'), /^501 5\.5\.2 /);
    assert.match(await ask(client, `MAIL FROM:<${ALICE}@bitmessage>`), /^530 /);
  });

  it('ends the connection of who guesses', async () => {
    for (let attempt = 1; attempt < 5; attempt++) assert.match(await authenticate(client, { password: 'guess' }), /^535 /);
    assert.match(await authenticate(client, { password: 'guess' }), /^421 4\.7\.0 /);
  });

  it('lets in a client that would bind to the TLS connection, and does not offer that', async () => {
    client = await LineClient.connect(smtp.tlsPort);
    await client.secure();
    await reply(client);
    assert.match(await ask(client, 'EHLO there'), /^250-AUTH PLAIN LOGIN SCRAM-SHA-256$/m);
    assert.match(await authenticate(client, { gs2: 'y,,' }), /^235 /);
  });
});
