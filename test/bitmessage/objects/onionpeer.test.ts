import assert from 'node:assert/strict';
import { buildOnionPeer, readOnionPeer } from '../../../src/bitmessage/objects/onionpeer.js';
import { DecodeError, fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { objectBody, withNonce } from '../../../src/bitmessage/wire/object.js';
import { loadVectors } from '../../support/vectors.js';

interface OtherCase {
  kind: string;
  object: string;
  nonce: string;
  expiresTime: number;
  host: string;
  port: number;
}

/** The Tor project's own service: a public name whose checksum is right. */
const TOR_PROJECT = '2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion';
const PREFIX = 'fd87d87eeb43';
const peer = (payload: string, type = 0x746f72): Uint8Array =>
  withNonce(0n, objectBody({ expiresAt: 1_800_000_000, type, version: 3n, stream: 1n }, fromHex(payload)));

describe('onionpeer', () => {
  for (const { kind, object, nonce, expiresTime, host, port } of loadVectors<OtherCase>('objects-other.json').cases)
    if (kind === 'onionpeer') {
      it(`${host}:${port} is read`, () => assert.deepEqual(readOnionPeer(fromHex(object)), { host, port }));
      it(`${host}:${port} is written to the same bytes`, () =>
        assert.equal(toHex(withNonce(BigInt(`0x${nonce}`), buildOnionPeer({ host, port }, expiresTime))), object));
    }

  it('of version 3 is read as it was written', () => {
    const object = withNonce(0n, buildOnionPeer({ host: TOR_PROJECT, port: 8444 }, 1_800_000_000));
    assert.deepEqual(readOnionPeer(object), { host: TOR_PROJECT, port: 8444 });
    for (let length = 0; length < object.length; length++) {
      // Cut to 10 bytes the name is one of version 2.
      if (length !== object.length - 25) assert.throws(() => readOnionPeer(object.subarray(0, length)), DecodeError, `${length} bytes`);
    }
  });

  for (const [object, why] of [
    [peer(`fd20fc${PREFIX}${'00'.repeat(35)}`), 'a v3 name with a wrong checksum'],
    [peer(`fd20fc${PREFIX}${'00'.repeat(11)}`), 'a name of 11 bytes'],
    [peer(`fd20fc${PREFIX}`), 'no name'],
    [peer('fd20fc00000000000000000000ffff7f000001'), 'an IPv4 address'],
    [peer(`00${PREFIX}${'00'.repeat(10)}`), 'port 0'],
    [peer(`fe00010000${PREFIX}${'00'.repeat(10)}`), 'port 65536'],
    [peer(`fd20fc${PREFIX}${'00'.repeat(10)}`, 2), 'another type'],
  ] as const)
    it(`is refused with ${why}`, () => assert.throws(() => readOnionPeer(object), DecodeError));

  for (const host of ['example.org', '127.0.0.1', 'abc.onion', `${'a'.repeat(56)}.onion`])
    it(`is not written for ${host}`, () => assert.throws(() => buildOnionPeer({ host, port: 1 }, 1), RangeError));
});
