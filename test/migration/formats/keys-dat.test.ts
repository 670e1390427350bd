import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { decodeAddress } from '../../../src/bitmessage/crypto/address.js';
import { encodeBase58 } from '../../../src/bitmessage/crypto/base58.js';
import { identityKeys, withPrefix } from '../../../src/bitmessage/crypto/keys.js';
import { formatWif } from '../../../src/bitmessage/crypto/wif.js';
import { DecodeError } from '../../../src/bitmessage/wire/bytes.js';
import { keysDatSection, readKeysDat, readWifPair } from '../../../src/migration/formats/keys-dat.js';
import { mapSettings } from '../../../src/migration/formats/settings.js';
import { VECTORS_DIRECTORY } from '../../support/vectors.js';

interface Expected {
  settings: Record<string, string>;
  addresses: Record<string, Record<string, string>>;
}

const directory = `${VECTORS_DIRECTORY}pybitmessage-data/`;
const expected = JSON.parse(readFileSync(`${directory}expected.json`, 'utf8')) as Expected;
const vector = readKeysDat(readFileSync(`${directory}keys.dat`));
const [alice] = vector.identities;
const read = (text: string) => readKeysDat(Buffer.from(text));
const section = (lines: string): string =>
  `[${alice.address}]\nprivsigningkey = ${formatWif(alice.signingKey)}\nprivencryptionkey = ${formatWif(alice.encryptionKey)}\n${lines}\n`;

describe('keys-dat', () => {
  it('reads every setting as PyBitmessage wrote it', () => {
    assert.deepEqual(Object.fromEntries([...vector.settings.keys()].map((key) => [key, vector.settings.get(key)])), expected.settings);
  });

  it('reads every field of every address', () => {
    assert.deepEqual(vector.damaged, []);
    const flag = (value: string | undefined) => ['1', 'yes', 'true', 'on'].includes((value ?? '').toLowerCase());
    assert.deepEqual(
      vector.identities.map(({ signingKey, encryptionKey, ...identity }) => ({
        ...identity,
        signing: formatWif(signingKey),
        encryption: formatWif(encryptionKey),
      })),
      Object.entries(expected.addresses).map(([address, fields]) => ({
        address,
        label: fields.label,
        enabled: flag(fields.enabled),
        chan: flag(fields.chan),
        mailingList: flag(fields.mailinglist) ? fields.mailinglistname : null,
        sendsAcks: !flag(fields.dontsendack),
        gateway: '',
        demandTrials: Number(fields.noncetrialsperbyte),
        demandExtraBytes: Number(fields.payloadlengthextrabytes),
        pubkeySentAt: Number(fields.lastpubkeysendtime ?? 0),
        signing: fields.privsigningkey,
        encryption: fields.privencryptionkey,
      })),
    );
  });

  for (const [version, trials, extraBytes, now] of [
    [10, 640, 14_000, [640, 14_000]],
    [9, 320, 14_000, [1000, 1000]],
    [9, 640, 7_000, [1000, 1000]],
    [9, 960, 28_000, [3000, 2000]],
    [7, 1000, 21_000, [3125, 1500]],
  ] as const)
    it(`turns the demands ${trials} and ${extraBytes} of settings version ${version} into ${now.join(' and ')}`, () => {
      const { identities } = read(
        `[bitmessagesettings]\nsettingsversion = ${version}\n${section(`noncetrialsperbyte = ${trials}\npayloadlengthextrabytes = ${extraBytes}`)}`,
      );
      assert.deepEqual([identities[0].demandTrials, identities[0].demandExtraBytes], now);
    });

  for (const [text, reason] of [
    ['[BM-2cVuLCxCopKQ1eVaiF8gnQ7A6BRuvc15GN]\nprivsigningkey = x', /no address/],
    [`[${alice.address}]\nlabel = x`, /holds no keys/],
    [section('').replace(formatWif(alice.signingKey), formatWif(alice.encryptionKey)), /keys are those of another address/],
    [section('').replace(formatWif(alice.signingKey), '5J'), /signing key cannot be used/],
  ] as const)
    it(`tells of a damaged section: ${reason.source}`, () => {
      const { identities, damaged } = read(text);
      assert.equal(identities.length, 0);
      assert.match(damaged[0].reason, reason);
    });

  it('reads the provider of an account at an e-mail gateway', () =>
    assert.equal(read(section('gateway = mailchuck.com')).identities[0].gateway, 'mailchuck.com'));

  it('refuses an address of version 1, which no program can use', () => {
    const { damaged } = read(section('').replace(alice.address, 'BM-2nRWBCXVErC9BtjB3h4To5hSpiTeQGNGHJB'));
    assert.match(damaged[0].reason, /version 1/);
  });

  it("refuses keys of others that are another address's", () => {
    const { signingKey, encryptionKey } = identityKeys(alice.signingKey, alice.encryptionKey);
    const [first, second] = [signingKey, encryptionKey].map((key) => encodeBase58(withPrefix(new Uint8Array(key))));
    const { pubkeys, damaged } = read(`[${alice.address}]\npubsigningkey = ${second}\npubencryptionkey = ${first}\n`);
    assert.deepEqual(pubkeys, []);
    assert.match(damaged[0].reason, /keys are those of another address/);
  });

  it("reads the keys of others from notbit's file", () => {
    const keys = identityKeys(alice.signingKey, alice.encryptionKey);
    const [signingKey, encryptionKey] = [new Uint8Array(keys.signingKey), new Uint8Array(keys.encryptionKey)];
    const point = (key: Uint8Array) => encodeBase58(withPrefix(key));
    const { identities, pubkeys } = read(
      `[${alice.address}]\nlabel = Ä\nnoncetrialsperbyte = 1000\npubsigningkey = ${point(signingKey)}\npubencryptionkey = ${point(encryptionKey)}\n`,
    );
    assert.equal(identities.length, 0);
    assert.deepEqual(pubkeys, [{ address: alice.address, label: 'Ä', signingKey, encryptionKey, demandTrials: 1000, demandExtraBytes: 0 }]);
  });

  it('reads what it wrote', () => {
    const written = vector.identities.map(keysDatSection).join('');
    assert.deepEqual(read(written).identities, vector.identities);
    const odd = { ...alice, label: '50% [x] ; y', mailingList: '100%(a)s' };
    assert.deepEqual(
      read(keysDatSection({ ...odd, label: '50% [x]' })).identities.map(({ label, mailingList }) => [label, mailingList]),
      [['50% [x]', '100%(a)s']],
    );
  });

  it('makes an identity of two keys', () => {
    const made = readWifPair(` ${formatWif(alice.signingKey)} `, formatWif(alice.encryptionKey), 4);
    assert.equal(made.address, alice.address);
    const old = decodeAddress(readWifPair(formatWif(alice.signingKey), formatWif(alice.encryptionKey), 3).address);
    assert.equal(old.status === 'success' && old.address.version, 3);
    assert.throws(() => readWifPair('5J', formatWif(alice.encryptionKey), 4), DecodeError);
  });

  it('takes a time to live for an hour at least and 28 days at most', () => {
    const ttlOf = (ttl: number) => mapSettings(read(`[bitmessagesettings]\nttl = ${ttl}`).settings).suggested;
    assert.deepEqual([ttlOf(600), ttlOf(10_000_000), ttlOf(0)], [[['mail.ttl_hours', '1']], [['mail.ttl_hours', '672']], []]);
  });

  it('finds the counterparts of settings, and keeps passwords to itself', () => {
    const { suggested, without } = mapSettings(vector.settings);
    assert.deepEqual(Object.fromEntries(suggested), {
      'mail.ttl_hours': '102',
      'network.listen': '"0.0.0.0:22000"',
      'network.max_outbound_connections': '8',
      'network.min_nonce_trials_per_byte': '10',
    });
    assert.ok(without.includes('useidenticons') && !without.includes('apipassword') && !without.includes('ttl'));
  });
});
