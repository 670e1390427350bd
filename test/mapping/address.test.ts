import assert from 'node:assert/strict';
import { type Destination, explainAddress, findAddress, parseRecipient } from '../../src/mapping/address.js';
import { SmtpRefusal } from '../../src/smtp/submission.js';
import { english } from '../../src/words/english/english.js';
import { ALICE, address, BOB, CAROL, DAVE, shortAddress } from './house.js';

const lower = (text: string): string => text.toLowerCase();
/** The same letters in another case, as a second known address would have them by chance. */
const twin = `BM-${[...ALICE.slice(3)].map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())).join('')}`;
const far = address(4, 2n, 'far');
/** One character changed, two swapped, one missing. */
const changed = BOB.replace(/.$/, BOB.endsWith('x') ? 'y' : 'x');
const swapped = BOB.replace(/(.)(.)(...)$/, '$2$1$3');
const missing = BOB.slice(0, 10) + BOB.slice(11);

const known = (): string[] => [ALICE, BOB, CAROL, DAVE];
const context = { known, streams: [1n] };
const to = (address: string, ttlSeconds: number | null = null): Destination => ({ kind: 'message', to: address, ttlSeconds });
const broadcast = (from: string | null, ttlSeconds: number | null = null): Destination => ({ kind: 'broadcast', from, ttlSeconds });

describe('mail addresses', () => {
  for (const [text, expected, why] of [
    [`${BOB}@bitmessage`, to(BOB), 'the usual form'],
    [BOB, to(BOB), 'without a domain'],
    [`${BOB.slice(3)}@bitmessage`, to(BOB), 'without BM-'],
    [`bm-${BOB.slice(3)}@bitmessage`, to(BOB), 'with bm-'],
    [`${BOB}@BitMessage.`, to(BOB), 'a domain in capitals, with the root dot'],
    [`"${BOB}"@bitmessage`, to(BOB), 'a quoted local part'],
    [`"B\\M-${BOB.slice(3)}"@bitmessage`, to(BOB), 'a backslash in a quoted local part'],
    [`${CAROL}@bm.addr`, to(CAROL), "version 3, bmwrapper's domain"],
    [`${DAVE}@bmaddr.lan`, to(DAVE), "version 2, PyBitmessage's domain"],
    [`${BOB}@bitmessage.ch`, to(BOB), "the public gateway's domain"],
    [`${BOB}@bm.agent`, to(BOB), "bmagent's other domain"],
    [`${BOB}@bitmessage.localhost`, to(BOB), 'a domain that resolves without DNS'],
    [`${lower(BOB)}@bitmessage`, to(BOB), 'lower-cased and known'],
    [`${BOB.toUpperCase()}@bitmessage`, to(BOB), 'upper-cased and known'],
    [`${BOB}+ttl=2d@bitmessage`, to(BOB, 172_800), 'a time to live'],
    [`${lower(BOB)}+TTL=36H@bitmessage`, to(BOB, 129_600), 'the same, all in another case'],
    ['broadcast@bitmessage', broadcast(null), 'to my subscribers'],
    ['Broadcast+ttl=1d@bm.addr', broadcast(null, 86_400), 'the same with a time to live'],
    [`${ALICE}+broadcast@bitmessage`, broadcast(ALICE), 'to the subscribers of one identity'],
    [`broadcast+${ALICE}@bitmessage`, broadcast(ALICE), 'the same, the other way round'],
    [`${lower(ALICE)}+broadcast+ttl=1d@bitmessage`, broadcast(ALICE, 86_400), 'lower-cased, with a time to live'],
    ['control@bitmessage', { kind: 'control' }, 'an order to the gateway'],
    ['Postmaster', { kind: 'control' }, 'the one address that everybody has'],
    ['postmaster@bitmessage', { kind: 'control' }, 'the same with the domain'],
    [`${BOB}+unsubscribe@bitmessage`, { kind: 'unsubscribe', group: BOB }, 'an order to leave'],
  ] as const)
    it(`reads ${why}: ${text}`, () => assert.deepEqual(parseRecipient(text, context), expected));

  for (const [text, enhanced, words, why] of [
    ['alice@example.com', '5.1.2', /example\.com is not Bitmessage/, 'an Internet domain'],
    [`${BOB}@example.com`, '5.1.2', /not Bitmessage/, 'a Bitmessage address in an Internet domain'],
    [`${changed}@bitmessage`, '5.1.1', new RegExp(`Did you mean ${BOB}\\?`), 'one character wrong'],
    [`${swapped}@bitmessage`, '5.1.1', new RegExp(`Did you mean ${BOB}\\?`), 'two characters swapped'],
    [`${missing}@bitmessage`, '5.1.1', new RegExp(`Did you mean ${BOB}\\?`), 'one character missing'],
    ['BM-2cTestTestTestTestTestTestTestTestTest@bitmessage', '5.1.3', /check digits do not fit/, 'a bad checksum'],
    ['BM-2cTux3PGRqHTEH6wyUP2sWeT4LrsGgy6!!@bitmessage', '5.1.3', /characters that no address has/, 'wrong characters'],
    [`${lower(changed)}@bitmessage`, '5.1.1', new RegExp(`Did you mean ${BOB}\\?`), 'one character wrong, and lower-cased'],
    [`${lower(BOB.slice(0, -4))}@bitmessage`, '5.1.1', /is no address, whatever its capital letters were/, 'lower-cased and cut'],
    [`bm-2c${'x'.repeat(34)}@bitmessage`, '5.1.1', /is no address, whatever/, 'lower-cased, of a length that no address has'],
    [`${far}@bitmessage`, '5.1.2', /stream 2, which is not reachable/, 'another stream'],
    [`${address(1, 1n, 'old')}@bitmessage`, '5.1.3', /version 1/, 'version 1'],
    ['alice@bitmessage', '5.1.1', /Nobody called "alice"/, 'a name that nobody has'],
    ['@bitmessage', '5.1.1', /Nobody called ""/, 'nothing'],
    [`${BOB}+ttl=90d@bitmessage`, '5.1.3', /28 days at most/, 'too long a time to live'],
    [`${BOB}+ttl=1s@bitmessage`, '5.1.3', /five minutes/, 'too short a time to live'],
    [`${BOB}+ttl=soon@bitmessage`, '5.1.3', /looks like 2d/, 'no time at all'],
    [`${BOB}+fast@bitmessage`, '5.1.3', /"\+fast" means nothing/, 'an unknown tag'],
  ] as const)
    it(`refuses ${why}: ${text}`, () =>
      assert.throws(
        () => parseRecipient(text, context),
        (error) => error instanceof SmtpRefusal && error.code === 550 && error.enhanced === enhanced && words.test(error.message),
      ));

  it('refuses a lower-cased address that two known ones could be, and names both', () =>
    assert.throws(() => parseRecipient(`${lower(ALICE)}@bitmessage`, { ...context, known: () => [ALICE, twin] }), {
      enhanced: '5.1.4',
      message: new RegExp(`${ALICE} or ${twin}`),
    }));

  describe("a stranger's address that lost its capitals", () => {
    const stranger = shortAddress('stranger');
    const text = lower(stranger.slice(3));
    const lowered = (candidates: readonly string[], ttlSeconds: number | null = null): Destination => ({
      kind: 'lowered',
      text,
      candidates,
      ttlSeconds,
    });
    const found = (candidates: readonly string[], chosen = ''): typeof context => ({
      ...context,
      ...{ spelling: (asked: string) => (asked === text ? { searched: true, candidates, chosen } : undefined) },
    });

    for (const [typed, why] of [
      [lower(stranger), 'in small letters'],
      [stranger.toUpperCase(), 'in capitals'],
      [text, 'without BM-'],
    ])
      it(`is to be found, ${why}`, () => assert.deepEqual(parseRecipient(`${typed}@bitmessage`, context), lowered([])));

    it('is mistyped, and not looked for, when it has capitals as well', () => {
      const mistyped = `${stranger.slice(0, -2)}${stranger.endsWith('zZ') ? 'yY' : 'zZ'}`;
      assert.throws(() => parseRecipient(`${mistyped}@bitmessage`, context), { enhanced: '5.1.3' });
    });
    it('keeps its time to live', () =>
      assert.deepEqual(parseRecipient(`${lower(stranger)}+ttl=2d@bitmessage`, context), lowered([], 172_800)));
    it('is one of those that were found', () =>
      assert.deepEqual(parseRecipient(lower(stranger), found([stranger, BOB])), lowered([stranger, BOB])));
    it('is the one that was chosen', () =>
      assert.deepEqual(parseRecipient(lower(stranger), found([stranger, BOB], stranger)), lowered([stranger])));
    it('is refused once none was found', () =>
      assert.throws(() => parseRecipient(lower(stranger), found([])), { enhanced: '5.1.1', message: /whatever its capital letters were/ }));
    it('is no matter where the address is written as it is', () => assert.deepEqual(parseRecipient(stranger, found([BOB])), to(stranger)));
    it('cannot be told to leave', () =>
      assert.throws(() => parseRecipient(`${lower(stranger)}+unsubscribe`, context), { enhanced: '5.1.1' }));
  });

  it('asks for the known addresses only when the text is none itself', () => {
    const never = (): string[] => assert.fail('not needed');
    assert.deepEqual(parseRecipient(`${BOB}@bitmessage`, { ...context, known: never }), to(BOB));
  });

  for (const [text, words] of [
    [changed, /^".*" is mistyped: did you mean BM-/],
    ['BM-2cWy7cvHoq3f1rYMerRJp8PT653jjSuEdX', /is mistyped or cut: its check digits do not fit$/],
    ['bob', /^"bob" is no Bitmessage address/],
  ] as const)
    it(`says why ${text} cannot be subscribed to or added`, () => assert.match(explainAddress(text, known)(english), words));

  it('finds the address behind a login or a From', () => {
    assert.equal(findAddress(`${lower(BOB)}@bitmessage`, known), BOB);
    assert.equal(
      findAddress(BOB, () => []),
      BOB,
    );
    assert.equal(findAddress('alice@example.com', known), null);
  });
});
