import assert from 'node:assert/strict';
import { addressTag, parseAddress } from '../../../src/bitmessage/crypto/address.js';
import { withPrefix } from '../../../src/bitmessage/crypto/keys.js';
import { buildPubkey, openPubkey, readPubkeyOwner } from '../../../src/bitmessage/objects/pubkey.js';
import { pubkeyData } from '../../../src/bitmessage/objects/pubkey-data.js';
import { DecodeError, fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { withNonce } from '../../../src/bitmessage/wire/object.js';
import { authorOf, type VectorIdentity } from '../../support/object-vectors.js';
import { loadVectors } from '../../support/vectors.js';

interface PubkeyCase {
  object: string;
  nonce: string;
  expiresTime: number;
  objectVersion: number;
  identity: string;
  address: string;
  bitfield: string;
  signingPublicKey: string;
  encryptionPublicKey: string;
  nonceTrialsPerByte?: number;
  payloadLengthExtraBytes?: number;
  storedPubkey: string;
  tag?: string;
}

const { cases, identities } = loadVectors<PubkeyCase, VectorIdentity>('objects-pubkey.json');

describe('pubkey', () => {
  for (const vector of cases) {
    const address = parseAddress(vector.address);
    const name = `v${vector.objectVersion} of ${vector.identity}`;

    it(`${name} is opened`, () => {
      const opened = openPubkey(fromHex(vector.object), address);
      assert.ok(opened.verdict === 'authentic');
      assert.equal(toHex(withPrefix(opened.data.signingKey)), vector.signingPublicKey);
      assert.equal(toHex(withPrefix(opened.data.encryptionKey)), vector.encryptionPublicKey);
      assert.equal(opened.data.behavior, Number.parseInt(vector.bitfield, 16));
      assert.equal(opened.data.nonceTrialsPerByte, vector.nonceTrialsPerByte ?? 0);
      assert.equal(opened.data.extraBytes, vector.payloadLengthExtraBytes ?? 0);
      assert.equal(toHex(pubkeyData(opened.data)), vector.storedPubkey);
    });

    it(`${name} names its owner`, () => {
      const owner = readPubkeyOwner(fromHex(vector.object));
      assert.equal(owner.stream, address.stream);
      assert.equal(owner.tag === null ? null : toHex(owner.tag), vector.tag ?? null);
      assert.equal(owner.ripe === null ? null : toHex(owner.ripe), vector.objectVersion === 4 ? null : toHex(address.ripe));
    });

    it(`${name} is not taken for another address`, () => {
      for (const other of Object.values(identities)) {
        if (other.address === vector.address) continue;
        assert.equal(openPubkey(fromHex(vector.object), parseAddress(other.address)).verdict, 'other-address');
      }
    });

    it(`${name} is made by its owner so that it opens`, () => {
      const author = authorOf(identities[vector.identity] as VectorIdentity);
      const object = withNonce(1n, buildPubkey(author, vector.expiresTime));
      const opened = openPubkey(object, address);
      assert.ok(opened.verdict === 'authentic');
      assert.equal(toHex(pubkeyData(opened.data)), vector.storedPubkey);
      if (vector.objectVersion === 4) assert.deepEqual(readPubkeyOwner(object).tag, addressTag(address));
      if (vector.objectVersion === 2) assert.equal(toHex(object.subarray(8)), vector.object.slice(16));
    });

    it(`${name} cut at every byte is malformed or undecryptable, and never an error`, () => {
      const object = fromHex(vector.object);
      for (let length = 0; length < object.length; length++) {
        const { verdict } = openPubkey(object.subarray(0, length), address);
        // A v2 pubkey has nothing after its keys that could be missed but padding.
        assert.ok(verdict === 'malformed' || verdict === 'undecryptable', `${length} bytes: ${verdict}`);
      }
    });

    if (vector.objectVersion >= 3)
      it(`${name} with one bit of the signed part changed is refused`, () => {
        const object = fromHex(vector.object);
        object[15]! ^= 1; // the expiry's last byte
        assert.equal(openPubkey(object, address).verdict, 'forged');
      });
  }

  for (const { kind, object, reason, identity } of loadVectors<{ kind: string; object: string; reason: string; identity: string }>(
    'objects-invalid.json',
  ).cases)
    if (kind === 'pubkey' && identity !== undefined)
      it(`is refused: ${reason}`, () => {
        const address = parseAddress((identities[identity] as VectorIdentity).address);
        assert.notEqual(openPubkey(fromHex(object), address).verdict, 'authentic');
      });
    else if (kind === 'pubkey') it(`is refused: ${reason}`, () => assert.throws(() => readPubkeyOwner(fromHex(object)), DecodeError));
});
