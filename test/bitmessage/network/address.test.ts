import assert from 'node:assert/strict';
import {
  accountableUnit,
  formatPeerAddress,
  isLoopback,
  isPublicIp,
  networkGroup,
  parsePeerAddress,
} from '../../../src/bitmessage/network/address.js';
import { loadVectors } from '../../support/vectors.js';

describe('peer addresses', () => {
  for (const [text, expected] of [
    ['127.0.0.1:8444', { host: '127.0.0.1', port: 8444 }],
    ['[::1]:8444', { host: '::1', port: 8444 }],
    ['[2001:DB8::1]:1', { host: '2001:db8::1', port: 1 }],
    ['Example.ORG:8080', { host: 'example.org', port: 8080 }],
    ['127.0.0.1', { host: '127.0.0.1', port: 8444 }],
    ['[::1]', { host: '::1', port: 8444 }],
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    ['127.0.0.1:65536', undefined],
    ['::1:8444', undefined],
    ['[example.org]:1', undefined],
    ['', undefined],
    [':8444', undefined],
    ['a b:1', undefined],
    ['host:port', undefined],
  ] as const) {
    it(`reads "${text}"`, () => assert.deepEqual(parsePeerAddress(text, 8444), expected));
  }

  it('writes what it reads', () => {
    for (const text of ['127.0.0.1:8444', '[::1]:8444', 'example.org:1']) {
      const address = parsePeerAddress(text);
      assert.ok(address !== undefined);
      assert.equal(formatPeerAddress(address), text);
    }
  });

  it('knows what is public: stricter than PyBitmessage', () => {
    interface HostCase {
      readonly host: string;
      readonly public: string | null;
    }
    for (const { host, public: isPublic } of loadVectors<HostCase>('hosts.json').cases) {
      // All that it takes for private is private here; documentation, shared and multicast ranges are, too.
      if (isPublic === null) assert.equal(isPublicIp(host), false, host);
    }
    for (const host of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2a00:1450::1', '223.255.255.255'])
      assert.equal(isPublicIp(host), true, host);
    for (const host of [
      '0.0.0.0',
      '0.1.2.3',
      '10.1.1.1',
      '100.64.0.1',
      '127.9.9.9',
      '169.254.3.3',
      '172.31.0.1',
      '192.0.2.7',
      '192.168.0.1',
      '198.18.0.1',
      '198.51.100.1',
      '203.0.113.1',
      '224.0.0.1',
      '240.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
      'fe80::1',
      'fc00::1',
      'ff02::1',
      '2001:db8::1',
      '2002:7f00:1::',
      '64:ff9b::1',
      'localhost',
    ]) {
      assert.equal(isPublicIp(host), false, host);
    }
  });

  it('groups IPv4 by /16 and IPv6 by /32, and everything local together', () => {
    assert.equal(networkGroup('8.8.8.8'), networkGroup('8.8.255.1'));
    assert.notEqual(networkGroup('8.8.8.8'), networkGroup('8.9.8.8'));
    assert.equal(networkGroup('2a00:1450::1'), networkGroup('2a00:1450:ffff::1'));
    assert.notEqual(networkGroup('2a00:1450::1'), networkGroup('2a00:1451::1'));
    assert.equal(networkGroup('10.0.0.1'), networkGroup('192.168.1.1'));
    assert.equal(networkGroup('abcdefghijklmnop.onion'), 'abcdefghijklmnop.onion');
  });

  it('counts IPv6 by /64', () => {
    assert.equal(accountableUnit('2a00:1450::1'), accountableUnit('2a00:1450::ffff:1:2:3'));
    assert.notEqual(accountableUnit('2a00:1450::1'), accountableUnit('2a00:1450:0:1::1'));
    assert.equal(accountableUnit('8.8.8.8'), '8.8.8.8');
  });

  it('knows loopback', () => {
    for (const host of ['127.0.0.1', '127.255.255.255', '::1', 'localhost']) assert.equal(isLoopback(host), true);
    for (const host of ['126.0.0.1', '127.example.org', '::2', '1.127.0.1']) assert.equal(isLoopback(host), false);
  });
});
