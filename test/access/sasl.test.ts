import assert from 'node:assert/strict';
import { continueScram, decodeLoginAnswer, decodePlain, deriveScramKeys, finishScram, readScramFirst } from '../../src/access/sasl.js';

describe('sasl', () => {
  for (const [text, expected] of [
    ['\0tim\0tanstaaftanstaaf', { authorizationId: '', user: 'tim', password: 'tanstaaftanstaaf' }], // RFC 4616 §4
    ['Ursel\0Kurt\0xipj3plmq', { authorizationId: 'Ursel', user: 'Kurt', password: 'xipj3plmq' }],
    ['\0ü\0ß', { authorizationId: '', user: 'ü', password: 'ß' }],
    ['', null],
    ['\0tim', null],
    ['\0\0x', null],
    ['\0tim\0', null],
    ['\0tim\0a\0b', null],
  ] as const)
    it(`reads PLAIN ${JSON.stringify(text)}`, () => assert.deepEqual(decodePlain(Buffer.from(text)), expected));

  it('refuses what is not UTF-8', () => {
    assert.equal(decodePlain(Buffer.from('\0a\0\xff', 'latin1')), null);
    assert.equal(decodeLoginAnswer(Buffer.from([0xff])), null);
    assert.equal(decodeLoginAnswer(Buffer.from('tim')), 'tim');
  });

  // RFC 7677 §3, user "user", password "pencil".
  const CLIENT_FIRST = 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO';
  const SERVER_NONCE = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
  const SERVER_FIRST = `r=rOprNGfwEbeRWgbNEkqO${SERVER_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;
  const CLIENT_FINAL = `c=biws,r=rOprNGfwEbeRWgbNEkqO${SERVER_NONCE},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`;
  const exchange = (password = 'pencil') => {
    const first = readScramFirst(CLIENT_FIRST);
    assert.ok(first);
    return continueScram(first, deriveScramKeys(password, Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'), 4096), SERVER_NONCE);
  };

  it("gives SCRAM-SHA-256's answers as in its RFC", () => {
    assert.equal(exchange().first.user, 'user');
    assert.equal(exchange().serverFirst, SERVER_FIRST);
    assert.equal(finishScram(exchange(), CLIENT_FINAL)?.serverFinal, 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
  });

  for (const [what, final, password, binding] of [
    ['another password', CLIENT_FINAL, 'pencil2', ''],
    ['another nonce', CLIENT_FINAL.replace('r=rO', 'r=rX'), 'pencil', ''],
    ['a nonce cut short', CLIENT_FINAL.replace('$k0', '$k'), 'pencil', ''],
    ['another header', CLIENT_FINAL.replace('biws', 'eSws'), 'pencil', ''],
    ['a missing channel binding', CLIENT_FINAL, 'pencil', 'tls-exporter data'],
    ['a short proof', CLIENT_FINAL.replace(/p=.*/, 'p=AAAA'), 'pencil', ''],
    ['no proof', CLIENT_FINAL.replace(/,p=.*/, ''), 'pencil', ''],
  ] as const)
    it(`refuses SCRAM with ${what}`, () => assert.equal(finishScram(exchange(password), final, Buffer.from(binding)), null));

  for (const [message, user, binding] of [
    ['y,,n=us=2Cer=3D,r=abc', 'us,er=', 'y'],
    ['p=tls-exporter,a=me,n=user,r=abc', 'user', 'tls-exporter'],
    ['n,,n=user,r=abc,ext=1', 'user', 'n'],
  ] as const)
    it(`reads ${message}`, () => {
      const first = readScramFirst(message);
      assert.deepEqual([first?.user, first?.channelBinding], [user, binding]);
    });

  for (const message of ['', 'n,,n=,r=abc', 'n,,n=us=er,r=abc', 'n,,n=user', 'n,,n=user,r=', 'x,,n=user,r=abc', 'n,,m=1,n=user,r=abc'])
    it(`refuses "${message}" as a first message`, () => assert.equal(readScramFirst(message), null));
});
