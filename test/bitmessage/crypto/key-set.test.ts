import assert from 'node:assert/strict';
import { type Decrypted, decrypt, encrypt, encryptWith, readEciesBlock } from '../../../src/bitmessage/crypto/ecies.js';
import { randomPrivateKey } from '../../../src/bitmessage/crypto/key-search.js';
import { createKeySet } from '../../../src/bitmessage/crypto/key-set.js';
import { importPrivateKey, publicKeyOf } from '../../../src/bitmessage/crypto/keys.js';
import { concat, fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { varInt } from '../../../src/bitmessage/wire/varint.js';
import { generator } from '../../support/random.js';
import { loadVectors } from '../../support/vectors.js';

const LONG_BYTES = 30_000;
/** How every message begins: version and stream of the author's address. */
const HEAD = concat(varInt(4), varInt(1));

function open(bytes: Uint8Array, privateKeys: readonly Uint8Array[]): Decrypted | undefined {
  return createKeySet(privateKeys).decrypt(readEciesBlock(bytes));
}

describe('key set', () => {
  const keys = Array.from({ length: 5 }, randomPrivateKey);
  const publicKeys = keys.map(publicKeyOf);

  for (const [length, name] of [
    [0, 'a short block'],
    [LONG_BYTES, 'a long block'],
  ] as const)
    it(`finds the key that fits ${name} among many, and says which`, () => {
      const plaintext = concat(HEAD, new Uint8Array(length).fill(7));
      for (const [index, publicKey] of publicKeys.entries()) {
        assert.deepEqual(open(encrypt(plaintext, publicKey), keys), { keyIndex: index, plaintext });
      }
    });

  for (const length of [10, LONG_BYTES])
    it(`opens nothing of ${length} bytes with other keys, or none`, () => {
      const bytes = encrypt(concat(HEAD, new Uint8Array(length)), publicKeyOf(randomPrivateKey()));
      assert.equal(open(bytes, keys), undefined);
      assert.equal(open(bytes, []), undefined);
    });

  for (const [head, opens] of [
    [[1, 1], true],
    [[4, 0xfd, 1, 0], true],
    [[0, 1], false],
    [[5, 1], false],
    [[4, 0], false],
    [[0xfd, 0, 4, 1], false],
  ] as const)
    it(`${opens ? 'opens' : 'passes by'} a long block that begins with ${head.join(' ')}`, () => {
      const plaintext = concat(Uint8Array.from(head), new Uint8Array(LONG_BYTES));
      const opened = open(encrypt(plaintext, publicKeys[1]!), keys);
      assert.deepEqual(opened?.keyIndex, opens ? 1 : undefined);
      // What it passes by, the key would have opened.
      assert.deepEqual(decrypt(readEciesBlock(encrypt(plaintext, publicKeys[1]!)), importPrivateKey(keys[1]!)), plaintext);
    });

  it('tells of two equal keys the last', () => assert.equal(open(encrypt(HEAD, publicKeys[0]!), [keys[0]!, keys[0]!])?.keyIndex, 1));

  it('opens nothing whose ephemeral key is no point', () => {
    const bytes = encrypt(HEAD, publicKeys[0]!);
    bytes[30]! ^= 1;
    assert.equal(open(bytes, keys), undefined);
  });

  for (const [index, { encrypted, privateKey, plaintext, valid, note }] of loadVectors<{
    encrypted: string;
    privateKey: string;
    plaintext: string;
    valid: boolean;
    note?: string;
  }>('ecies.json').cases.entries())
    if (valid)
      it(`opens vector ${index}: ${note ?? `${plaintext.length / 2} bytes`}`, () => {
        const opened = open(fromHex(encrypted), [...keys, fromHex(privateKey)]);
        assert.equal(opened && toHex(opened.plaintext), plaintext);
      });

  const random = generator();
  it(`answers as each key by itself, also with one bit changed (seed ${random.seed})`, () => {
    const set = createKeySet(keys);
    for (let round = 0; round < 60; round++) {
      const plaintext = concat(HEAD, random.bytes(random.below(200)));
      const bytes = encryptWith(plaintext, publicKeys[random.below(keys.length)]!, randomPrivateKey(), random.bytes(16));
      if (random.below(2) === 0) bytes[100 + random.below(bytes.length - 100)]! ^= 1 << random.below(8);
      const block = readEciesBlock(bytes);
      const alone = keys.map((key) => decrypt(block, importPrivateKey(key)));
      const keyIndex = alone.findIndex((each) => each !== undefined);
      assert.deepEqual(set.decrypt(block), keyIndex < 0 ? undefined : { keyIndex, plaintext: alone[keyIndex] });
    }
  });
});
