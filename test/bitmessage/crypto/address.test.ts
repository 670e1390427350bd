import assert from 'node:assert/strict';
import {
  type Address,
  AddressError,
  addressKey,
  addressTag,
  decodeAddress,
  equalAddresses,
  formatAddress,
  parseAddress,
} from '../../../src/bitmessage/crypto/address.js';
import { fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { generator } from '../../support/random.js';
import { loadVectors } from '../../support/vectors.js';

interface AddressCase {
  op: 'encode' | 'decode';
  address: string;
  version: number;
  stream: number;
  ripe: string;
  status: string;
  note: string;
}

interface TaggedIdentity {
  address: string;
  version: number;
  tag: string | null;
  addressPrivateKey: string;
}

/** JSON.parse rounds 2^63 - 1; the files hold no other stream that great. */
const streamOf = ({ stream }: AddressCase): bigint => (stream > Number.MAX_SAFE_INTEGER ? 2n ** 63n - 1n : BigInt(stream));

describe('address', () => {
  for (const vector of loadVectors<AddressCase>('addresses.json').cases) {
    const { op, address, version, ripe, status, note } = vector;
    if (op === 'encode')
      it(`is written: ${note}`, () => assert.equal(formatAddress({ version, stream: streamOf(vector), ripe: fromHex(ripe) }), address));
    else
      it(`is read as ${status}: ${note}`, () => {
        const decoded = decodeAddress(address);
        assert.equal(decoded.status, status);
        if (decoded.status !== 'success') return;
        assert.equal(decoded.address.version, version);
        assert.equal(decoded.address.stream, streamOf(vector));
        assert.equal(toHex(decoded.address.ripe), ripe);
      });
  }

  for (const [text, problem, words] of [
    ['BM-2cWy7cvHoq3f1rYMerRJp8PT653jjSuEdZ', 'checksumfailed', /mistyped or cut/],
    ['alice', 'invalidcharacters', /not a Bitmessage address/],
    ['', 'invalidcharacters', /not a Bitmessage address/],
    ['BM-9tT2QTvf5npdZnjYSDbE7PQdUAyiZ2msAVB', 'versiontoohigh', /version that this program does not know/],
    ['BM-2nTYA7puZ2uoyFAGu5pMGzuLbhp8E3PvBEZ', 'unusable', /of version 1/],
    ['BM-2cN7q4UbVkDfYQa3e8J3sQezWXMBQ8x3e3', 'unusable', /stream 0/],
  ] as const)
    it(`says in a sentence why "${text}" cannot be used`, () =>
      assert.throws(
        () => parseAddress(text),
        (error) => error instanceof AddressError && error.problem === problem && words.test(error.message),
      ));

  it('has one canonical text, with or without prefix and blanks', () => {
    for (const text of ['2cWy7cvHoq3f1rYMerRJp8PT653jjSuEdY', ' BM-2cWy7cvHoq3f1rYMerRJp8PT653jjSuEdY\r\n']) {
      assert.equal(formatAddress(parseAddress(text)), 'BM-2cWy7cvHoq3f1rYMerRJp8PT653jjSuEdY');
    }
  });

  it('of version 2 or 3 that keeps a zero byte is the same address, and is written without', () => {
    for (const text of ['BM-omVog3Y6QvG6d2i3Hh4goixc63q9vyrcE', 'BM-2D76nnLpobP8v4Ao4i2PAvzkEbJmtUW1zB']) {
      const canonical = formatAddress(parseAddress(text));
      assert.notEqual(canonical, text);
      assert.ok(equalAddresses(parseAddress(canonical), parseAddress(text)));
    }
  });

  it('does not compute with a text of a megabyte', () => {
    const begun = performance.now();
    assert.equal(decodeAddress('z'.repeat(1_000_000)).status, 'invalidcharacters');
    assert.ok(performance.now() - begun < 50);
  });

  const random = generator();
  it(`is read as it was written (seed ${random.seed})`, () => {
    for (let round = 0; round < 300; round++) {
      const ripe = random.bytes(20);
      ripe.fill(0, 0, random.below(16));
      ripe[16] = 1 + random.below(255);
      const address: Address = { version: 2 + random.below(3), stream: 1n + BigInt.asUintN(random.below(63), random.u64()), ripe };
      assert.ok(equalAddresses(parseAddress(formatAddress(address)), address));
    }
  });

  it(`with one character changed is never read as another (seed ${random.seed})`, () => {
    const text = 'BM-2cWy7cvHoq3f1rYMerRJp8PT653jjSuEdY';
    for (let index = 3; index < text.length; index++) {
      for (const other of ['2', 'Z', 'k']) {
        if (text[index] === other) continue;
        assert.equal(decodeAddress(text.slice(0, index) + other + text.slice(index + 1)).status, 'checksumfailed');
      }
    }
  });

  it('refuses to write a ripe that has not 20 bytes', () =>
    assert.throws(() => formatAddress({ version: 4, stream: 1n, ripe: new Uint8Array(19) }), RangeError));
});

describe('address key and tag', () => {
  for (const file of ['objects-pubkey.json', 'objects-broadcast.json'])
    for (const [name, identity] of Object.entries(loadVectors<unknown, TaggedIdentity>(file).identities))
      it(`of ${name} in ${file} are PyBitmessage's`, () => {
        const address = parseAddress(identity.address);
        assert.equal(toHex(addressKey(address)), identity.addressPrivateKey);
        if (identity.version >= 4) assert.equal(toHex(addressTag(address)), identity.tag);
      });
});
