import assert from 'node:assert/strict';
import { parseAddress } from '../../../src/bitmessage/crypto/address.js';
import { asksFor, buildGetpubkey, readGetpubkey } from '../../../src/bitmessage/objects/getpubkey.js';
import { DecodeError, fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { withNonce } from '../../../src/bitmessage/wire/object.js';
import { loadVectors } from '../../support/vectors.js';

interface GetpubkeyCase {
  object: string;
  nonce: string;
  expiresTime: number;
  requestedAddress: string;
  ripe: string | null;
  tag: string | null;
}

const { cases } = loadVectors<GetpubkeyCase>('objects-getpubkey.json');

describe('getpubkey', () => {
  for (const vector of cases) {
    const address = parseAddress(vector.requestedAddress);
    it(`for ${vector.requestedAddress} is written as PyBitmessage does`, () =>
      assert.equal(toHex(withNonce(BigInt(`0x${vector.nonce}`), buildGetpubkey(address, vector.expiresTime))), vector.object));

    it(`for ${vector.requestedAddress} is read, and asks for that address alone`, () => {
      const request = readGetpubkey(fromHex(vector.object));
      assert.equal(toHex(request.wanted), vector.tag ?? vector.ripe);
      for (const { requestedAddress } of cases)
        assert.equal(asksFor(request, parseAddress(requestedAddress)), requestedAddress === vector.requestedAddress);
    });

    it(`for ${vector.requestedAddress} cut at every byte is a DecodeError`, () => {
      const object = fromHex(vector.object);
      for (let length = 0; length < object.length; length++) assert.throws(() => readGetpubkey(object.subarray(0, length)), DecodeError);
    });
  }

  it('of another stream does not ask for the address', () => {
    const address = parseAddress('BM-2cWy7cvHoq3f1rYMerRJp8PT653jjSuEdY');
    const request = readGetpubkey(withNonce(0n, buildGetpubkey(address, 1_800_000_000)));
    assert.ok(asksFor(request, address));
    assert.ok(!asksFor(request, { ...address, stream: 2n }));
    assert.ok(!asksFor({ ...request, version: 3 }, address));
  });

  for (const { kind, object, reason } of loadVectors<{ kind: string; object: string; reason: string }>('objects-invalid.json').cases)
    if (kind === 'getpubkey') it(`is not answered: ${reason}`, () => assert.throws(() => readGetpubkey(fromHex(object)), DecodeError));
});
