import assert from 'node:assert/strict';
import { DecodeError, fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { canonicalIp, decodeHost, encodeHost, encodeOnion } from '../../../src/bitmessage/wire/host.js';
import { loadVectors } from '../../support/vectors.js';

describe('hosts', () => {
  for (const { host, encoded } of loadVectors<{ host: string; encoded: string }>('hosts.json').cases) {
    it(`encodes ${host} and reads it back`, () => {
      assert.equal(toHex(encodeHost(host)), encoded);
      assert.equal(toHex(encodeHost(decodeHost(fromHex(encoded)))), encoded);
    });
  }

  for (const [text, canonical] of [
    ['127.0.0.1', '127.0.0.1'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['fe80::', 'fe80::'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ] as const) {
    it(`writes ${text} as ${canonical}`, () => assert.equal(canonicalIp(text), canonical));
  }

  for (const text of [
    '',
    'localhost',
    '256.1.1.1',
    '1.2.3',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    'g::1',
    '12345::',
    'fe80::1%lo',
    '1.2.3.4::',
  ]) {
    it(`takes "${text}" for no address`, () => {
      assert.equal(canonicalIp(text), undefined);
      assert.throws(() => encodeHost(text), DecodeError);
    });
  }

  it('cuts a version 3 onion name to 16 bytes in packets, and keeps it whole in onionpeer objects', () => {
    const host = `${'abcdefghijklmnopqrstuvwxyz234567'.repeat(2).slice(0, 56)}.onion`;
    assert.equal(encodeHost(host).length, 16);
    const whole = encodeOnion(host);
    assert.ok(whole !== undefined && whole.length === 41);
    assert.equal(decodeHost(whole), host);
    assert.deepEqual(encodeHost(host), whole.slice(0, 16));
  });

  it('refuses hosts of another length', () => {
    for (const length of [0, 4, 15, 17, 41]) assert.throws(() => decodeHost(new Uint8Array(length)), DecodeError);
  });
});
