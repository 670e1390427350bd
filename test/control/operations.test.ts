import assert from 'node:assert/strict';
import type { Outgoing, OutgoingMessage } from '../../src/bitmessage/node.js';
import { type Answer, ControlRefusal, type ControlRooms, checkArguments } from '../../src/control/operation.js';
import { OPERATIONS } from '../../src/control/operations.js';
import { outgoingWords } from '../../src/control/words.js';
import { english } from '../../src/words/english/english.js';
import { fakeControl, MAIL } from '../support/fake-control.js';

const operationOf = (name: string) => OPERATIONS.find((operation) => operation.name === name)!;
const ask = async (rooms: ControlRooms, name: string, given: object = {}): Promise<Answer> =>
  operationOf(name).run(checkArguments(operationOf(name), given), rooms);

/** PROTOCOL Annex A.1: subscribing takes real addresses only. */
const X = 'BM-2cW67GEKkHGonXKZLCzouLLxnLym3azS8r';
const Y = 'BM-2DAV89w336ovy6BUJnfVRD5B9qipFbRgmr';
const Z = 'BM-2cWy7cvHoq3f1rYMerRJp8PT653jjSuEdY';

const message = (outgoing: Outgoing, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  id: 1,
  kind: 'message',
  from: 'BM-a',
  to: 'BM-b',
  outgoing,
  since: 1_700_000_000,
  createdAt: 1_600_000_000,
  attempts: 1,
  progress: null,
  objectHash: null,
  ...more,
});

describe('operations', () => {
  it('make and list identities', async () => {
    const rooms = fakeControl();
    assert.deepEqual((await ask(rooms, 'identity new', { label: 'Work' })).value, { address: 'BM-4random', label: 'Work' });
    assert.equal((await ask(rooms, 'identity new', { passphrase: 'p', 'address-version': '3' })).value.address, 'BM-3p');
    const { value, text } = await ask(rooms, 'identity list');
    assert.deepEqual(
      (value.identities as { label: string }[]).map(({ label }) => label),
      ['Work', ''],
    );
    assert.match(text, /^BM-4random {2}Work\nBM-3p$/);
    await assert.rejects(ask(rooms, 'identity new', { 'address-version': '5' }), ControlRefusal);
  });

  it('join, list and leave chans, by any of their names', async () => {
    const rooms = fakeControl();
    const joined = await ask(rooms, 'chan join', { passphrase: 'general' });
    assert.deepEqual(joined.value, { address: 'BM-chan-general', label: 'general', folder: 'Chans/general' });
    await ask(rooms, 'chan join', { passphrase: 'secret', label: 'Friends' });
    assert.equal(((await ask(rooms, 'chan list')).value.chans as unknown[]).length, 2);
    assert.equal((await ask(rooms, 'chan leave', { chan: 'friends' })).value.address, 'BM-chan-secret');
    assert.equal((await ask(rooms, 'chan leave', { chan: 'Chans/general' })).value.address, 'BM-chan-general');
    await assert.rejects(ask(rooms, 'chan leave', { chan: 'general' }), /there is no chan "general"/);
  });

  it('subscribe and unsubscribe', async () => {
    const rooms = fakeControl();
    assert.equal((await ask(rooms, 'subscribe', { address: X, label: 'News' })).value.address, X);
    assert.equal((await ask(rooms, 'subscription list')).text, `${X}  Subscriptions/News`);
    assert.equal((await ask(rooms, 'unsubscribe', { subscription: X })).value.address, X);
    assert.deepEqual((await ask(rooms, 'subscription list')).value, { subscriptions: [] });
  });

  it('does not guess which of two names is meant', async () => {
    const rooms = fakeControl();
    await ask(rooms, 'subscribe', { address: X, label: 'News' });
    await ask(rooms, 'subscribe', { address: Y, label: 'news' });
    assert.equal((await ask(rooms, 'unsubscribe', { subscription: 'news' })).value.address, Y);
    await ask(rooms, 'subscribe', { address: Z, label: 'NEWS' });
    await assert.rejects(ask(rooms, 'unsubscribe', { subscription: 'nEws' }), /more than one/);
  });

  it('show the status, for programs and for people', async () => {
    const rooms = fakeControl([message({ state: 'mining' }, { progress: 0.5 }), message({ state: 'failed', reason: 'bad-key' })]);
    await ask(rooms, 'chan join', { passphrase: 'general' });
    const { value, text } = await ask(rooms, 'status');
    assert.deepEqual(Object.keys(value), [
      'mail',
      'listening',
      'route',
      'peers',
      'knownNodes',
      'objects',
      'unprocessed',
      'lookedBack',
      'takesObjects',
      'workIsHeld',
      'keys',
      'mailIsSealed',
      'outbox',
      'scheduled',
      'identities',
      'subscriptions',
      'chans',
    ]);
    assert.deepEqual(value.mail, MAIL);
    const [mining, failed] = value.outbox as Record<string, unknown>[];
    assert.deepEqual([mining.recipient, mining.state, mining.since, mining.progress], ['BM-b', 'mining', '2023-11-14T22:13:20Z', 0.5]);
    assert.deepEqual([failed.state, failed.reason], ['failed', 'bad-key']);
    for (const expected of [
      /localhost, port 1143 with STARTTLS/,
      /7 in the inventory/,
      /50% of what is usual/,
      /Chans\/general/,
      /\/Peer:1\//,
    ]) {
      assert.match(text, expected);
    }
  });

  it('show how far the look back for new keys has come', async () => {
    const rooms = fakeControl();
    const shown = async (lookedBack: number | null): Promise<string> => {
      const node = { ...rooms.node, status: () => ({ ...rooms.node.status(), lookedBack }) };
      return (await ask({ ...rooms, node }, 'status')).text;
    };
    assert.match(await shown(0.428), /new keys: 42 %/);
    assert.doesNotMatch(await shown(null), /new keys/);
  });

  for (const [outgoing, words] of [
    [{ state: 'queued' }, /waiting for its turn/],
    [{ state: 'held-back', until: 1_700_000_000 }, /waiting until 14 Nov 2023, \d\d:\d\d .+: a random delay/],
    [{ state: 'awaiting-pubkey', askAgainAt: 1_700_000_000 }, /waiting for the recipient's key.*14 Nov 2023/],
    [{ state: 'mining' }, /proof of work/],
    [{ state: 'awaiting-ack', expiresAt: 1_700_000_000 }, /not yet acknowledged/],
    [{ state: 'sent' }, /on the network/],
    [{ state: 'delivered', at: 1 }, /decrypted/],
    [{ state: 'failed', reason: 'no-pubkey' }, /never came/],
    [{ state: 'cancelled' }, /cancelled/],
  ] as [Outgoing, RegExp][])
    it(`says ${outgoing.state} in words`, () => assert.match(outgoingWords(english, message(outgoing)), words));

  for (const [what, name, given] of [
    ['an array', 'status', []],
    ['nothing', 'status', null],
    ['an unknown parameter', 'status', { verbose: 'yes' }],
    ['a number for a text', 'identity new', { label: 5 }],
    ['a text without end', 'identity new', { label: 'x'.repeat(1001) }],
    ['no passphrase', 'chan join', {}],
    ['an empty passphrase', 'chan join', { passphrase: '' }],
    ['a path seen from wherever the gateway was started', 'setup', { client: 'mutt', write: 'mail' }],
  ] as const)
    it(`refuse ${what} as arguments of "${name}"`, () => assert.throws(() => checkArguments(operationOf(name), given), ControlRefusal));
});

describe("operations on an address of one's own", () => {
  it('change label, use and life, and refuse what cannot be', async () => {
    const rooms = fakeControl();
    await rooms.node.createIdentity({ label: 'Work' });
    const { value } = await ask(rooms, 'identity set', { address: 'work', label: 'Office', enabled: 'no', ttl: '2d' });
    assert.equal(value.label, 'Office');
    assert.equal(value.enabled, false);
    assert.equal(value.ttlSeconds, 172_800);
    const changed = (await ask(rooms, 'identity set', { address: 'Office', delay: '30m', signature: 'SHA-1' })).value;
    assert.deepEqual([changed.sendDelaySeconds, changed.signatureDigest], [1800, 'sha1']);
    assert.equal((await ask(rooms, 'identity set', { address: 'Office', delay: 'none' })).value.sendDelaySeconds, 0);
    assert.equal((await ask(rooms, 'identity set', { address: 'Office', delay: 'default' })).value.sendDelaySeconds, null);
    assert.match((await ask(rooms, 'identity list')).text, /Office {2}\(switched off\)/);
    for (const [given, why] of [
      [{ address: 'Office' }, /say what to change/],
      [{ address: 'Office', ttl: '40d' }, /28 days/],
      [{ address: 'Office', delay: '2d' }, /a day at most/],
      [{ address: 'Office', delay: 'soon' }, /like 30m or 2h/],
      [{ address: 'Office', signature: 'md5' }, /sha256 or sha1/],
      [{ address: 'Office', enabled: 'maybe' }, /yes or no/],
      [{ address: 'Office', 'nonce-trials': '-1' }, /whole number/],
      [{ address: 'nobody', label: 'x' }, /not one of your addresses/],
    ] as const)
      await assert.rejects(ask(rooms, 'identity set', given), why);
  });

  it('make and end a mailing list', async () => {
    const rooms = fakeControl();
    await rooms.node.createIdentity({ label: 'Garden' });
    assert.equal((await ask(rooms, 'list make', { address: 'Garden', name: 'Seeds' })).value.mailingList, 'Seeds');
    assert.match((await ask(rooms, 'identity list')).text, /\(mailing list "Seeds"\)/);
    await ask(rooms, 'list end', { address: 'Garden' });
    await assert.rejects(ask(rooms, 'list end', { address: 'Garden' }), /no mailing list/);
    await assert.rejects(ask(rooms, 'list make', { address: 'Garden', name: 'a]b' }), /no brackets/);
  });
});
