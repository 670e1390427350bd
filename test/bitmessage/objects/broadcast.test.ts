import assert from 'node:assert/strict';
import { addressKey, addressTag, formatAddress, parseAddress } from '../../../src/bitmessage/crypto/address.js';
import { encrypt } from '../../../src/bitmessage/crypto/ecies.js';
import { signatureHash } from '../../../src/bitmessage/crypto/hash.js';
import { publicKeyOf } from '../../../src/bitmessage/crypto/keys.js';
import { sign } from '../../../src/bitmessage/crypto/signature.js';
import {
  broadcastSignedPart,
  broadcastTag,
  buildBroadcast,
  type OpenedBroadcast,
  openBroadcast,
  prepareSubscriptions,
  readBroadcast,
} from '../../../src/bitmessage/objects/broadcast.js';
import { addressOf, dataOf } from '../../../src/bitmessage/objects/pubkey-data.js';
import { concat, DecodeError, fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { objectBody, objectPrefix, withNonce } from '../../../src/bitmessage/wire/object.js';
import { varBytes } from '../../../src/bitmessage/wire/varint.js';
import { authorOf, type VectorIdentity } from '../../support/object-vectors.js';
import { loadVectors } from '../../support/vectors.js';

interface BroadcastCase {
  object: string;
  objectVersion: number;
  expiresTime: number;
  plaintext: string;
  sender: string;
  senderAddress: string;
  encoding: number;
  message: string;
  signature: string;
  signedLength: number;
  sigHash: string;
  tag: string | null;
}

const { cases, identities } = loadVectors<BroadcastCase, VectorIdentity>('objects-broadcast.json');
const addresses = Object.values(identities).map(({ address }) => parseAddress(address));
const subscriptions = prepareSubscriptions(addresses);

function authentic(opened: OpenedBroadcast | undefined): Extract<OpenedBroadcast, { verdict: 'authentic' }> {
  assert.ok(opened?.verdict === 'authentic', `verdict ${opened?.verdict}`);
  return opened;
}

describe('broadcast', () => {
  for (const [index, vector] of cases.entries()) {
    it(`vector ${index}, v${vector.objectVersion} of ${vector.sender}, opens for its subscriber`, () => {
      const { keyIndex, broadcast } = authentic(openBroadcast(fromHex(vector.object), subscriptions));
      assert.equal(formatAddress(addresses[keyIndex]!), vector.senderAddress);
      assert.equal(formatAddress(addressOf(broadcast.sender)), vector.senderAddress);
      assert.equal(broadcast.encoding, vector.encoding);
      assert.equal(toHex(broadcast.message), vector.message);
      assert.equal(broadcast.signedBytes, vector.signedLength);
      assert.equal(toHex(signatureHash(broadcast.signature)), vector.sigHash);
    });

    it(`vector ${index} shows its tag, if it has one`, () => {
      const tag = broadcastTag(fromHex(vector.object));
      assert.equal(tag === undefined ? null : toHex(tag), vector.tag);
    });

    it(`vector ${index} is written again to the same plaintext`, () =>
      assert.equal(
        toHex(broadcastSignedPart(readBroadcast(fromHex(vector.plaintext)))),
        vector.plaintext.slice(0, 2 * vector.signedLength),
      ));
  }

  it('opens for nobody who does not know the address', () => {
    for (const vector of cases) {
      const others = prepareSubscriptions(addresses.filter((address) => formatAddress(address) !== vector.senderAddress));
      assert.equal(openBroadcast(fromHex(vector.object), others), undefined);
    }
  });

  it('of every identity is made so that it opens', () => {
    for (const identity of Object.values(identities)) {
      const body = buildBroadcast({ author: authorOf(identity), encoding: 2, message: Buffer.from('to all'), expiresAt: 1_800_000_000 });
      const { broadcast } = authentic(openBroadcast(withNonce(0n, body), subscriptions));
      assert.equal(formatAddress(addressOf(broadcast.sender)), identity.address);
      assert.equal(Buffer.from(broadcast.message).toString(), 'to all');
    }
  });

  it('by other keys under an address is refused', () => {
    const [alice, bob] = [authorOf(identities.alice as VectorIdentity), authorOf(identities.bob as VectorIdentity)];
    // Bob, who knows Alice's address, signs with his own keys under her tag.
    const impostor = { ...bob, keys: { ...bob.keys, ripe: alice.keys.ripe } };
    const body = buildBroadcast({ author: impostor, encoding: 2, message: new Uint8Array(), expiresAt: 1_800_000_000 });
    assert.equal(openBroadcast(withNonce(0n, body), subscriptions)?.verdict, 'other-address');
  });

  for (const stream of [1n, 2n])
    it(`of an address in stream 1 ${stream === 1n ? 'opens' : 'does not open'} when it comes in stream ${stream}`, () => {
      const author = authorOf(identities.alice as VectorIdentity);
      const address = { version: author.version, stream: author.stream, ripe: author.keys.ripe };
      const header = { expiresAt: 1_800_000_000, type: 3, version: 5n, stream };
      const signed = broadcastSignedPart({ sender: dataOf(author), encoding: 2, message: new Uint8Array() });
      // Rightly signed for the stream it comes in: only the comparison with the address can tell.
      const signature = sign(concat(objectPrefix(header), addressTag(address), signed), author.keys.signingPrivateKey);
      const sealed = encrypt(concat(signed, varBytes(signature)), publicKeyOf(addressKey(address)));
      const object = withNonce(0n, objectBody(header, concat(addressTag(address), sealed)));
      assert.equal(openBroadcast(object, subscriptions)?.verdict, stream === 1n ? 'authentic' : undefined);
    });

  it('plaintext cut at every byte is a DecodeError', () => {
    const bytes = fromHex((cases[0] as BroadcastCase).plaintext);
    for (let length = 0; length < bytes.length; length++) assert.throws(() => readBroadcast(bytes.subarray(0, length)), DecodeError);
  });

  it('object cut at every byte opens for nobody', () => {
    for (const version of [4, 5]) {
      const object = fromHex(cases.find(({ objectVersion }) => objectVersion === version)!.object);
      const own = prepareSubscriptions([addresses[openBroadcast(object, subscriptions)!.keyIndex]!]);
      for (let length = 0; length < object.length; length += length < 200 ? 1 : 37)
        assert.equal(openBroadcast(object.subarray(0, length), own), undefined);
    }
  });

  for (const { kind, reason, object } of loadVectors<{ kind: string; reason: string; object: string }>('objects-invalid.json').cases)
    if (kind === 'broadcast')
      it(`is not shown: ${reason}`, () => {
        const opened = openBroadcast(fromHex(object), subscriptions);
        assert.ok(opened === undefined || opened.verdict !== 'authentic', opened?.verdict);
      });
});
