import assert from 'node:assert/strict';
import { inventoryHash } from '../../../src/bitmessage/crypto/hash.js';
import { DecodeError, fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { objectBody, readObjectHeader, withNonce } from '../../../src/bitmessage/wire/object.js';
import { loadVectors } from '../../support/vectors.js';

interface ObjectCase {
  object: string;
  inventoryHash: string;
  nonce: string;
  expiresTime: number;
  objectType: number;
  objectVersion: number;
  stream: number;
  payloadOffset: number;
}

describe('object header', () => {
  for (const kind of ['getpubkey', 'pubkey', 'msg', 'broadcast', 'ack', 'other'])
    it(`of every ${kind} vector is read, and written again to the same bytes`, () => {
      for (const expected of loadVectors<ObjectCase>(`objects-${kind}.json`).cases) {
        const object = fromHex(expected.object);
        const header = readObjectHeader(object);
        assert.equal(header.nonce, BigInt(`0x${expected.nonce}`));
        assert.equal(header.expiresAt, expected.expiresTime);
        assert.equal(header.type, expected.objectType);
        assert.equal(header.version, BigInt(expected.objectVersion));
        assert.equal(header.stream, BigInt(expected.stream));
        assert.equal(header.payloadOffset, expected.payloadOffset);
        assert.equal(toHex(inventoryHash(object)), expected.inventoryHash);
        assert.deepEqual(withNonce(header.nonce, objectBody(header, object.subarray(header.payloadOffset))), object);
      }
    });

  it('may be followed by nothing', () => {
    const object = withNonce(7n, objectBody({ expiresAt: 1_800_000_000, type: 42, version: 1n, stream: 1n }, new Uint8Array()));
    assert.equal(readObjectHeader(object).payloadOffset, object.length);
  });

  it('cut at every byte is a DecodeError', () => {
    const object = withNonce(1n, objectBody({ expiresAt: 1, type: 2, version: 300n, stream: 2n ** 40n }, new Uint8Array()));
    for (let length = 0; length < object.length; length++) {
      assert.throws(() => readObjectHeader(object.subarray(0, length)), DecodeError, `${length} bytes`);
    }
  });

  for (const [hex, why] of [
    ['0000000000000000 0020000000000000 00000002 01 01', 'expires at 2^53'],
    ['0000000000000000 ffffffffffffffff 00000002 01 01', 'expires at 2^64 - 1'],
    ['0000000000000000 0000000000000001 00000002 fd0001 01', 'version not in its shortest form'],
    ['0000000000000000 0000000000000001 00000002 01 fd00fc', 'stream not in its shortest form'],
  ] as const)
    it(`is refused: ${why}`, () => assert.throws(() => readObjectHeader(fromHex(hex.replaceAll(' ', ''))), DecodeError));

  it('keeps the greatest expiry that is a number', () => {
    const body = objectBody({ expiresAt: Number.MAX_SAFE_INTEGER, type: 2, version: 1n, stream: 1n }, new Uint8Array());
    assert.equal(readObjectHeader(withNonce(0n, body)).expiresAt, Number.MAX_SAFE_INTEGER);
  });
});
