import assert from 'node:assert/strict';
import { diffieHellman } from 'node:crypto';
import { addressKey, addressTag, parseAddress } from '../../../src/bitmessage/crypto/address.js';
import { decryptBytes, encryptWith, readEciesBlock } from '../../../src/bitmessage/crypto/ecies.js';
import { inventoryHash, sha512, signatureHash } from '../../../src/bitmessage/crypto/hash.js';
import { identityKeys, importPrivateKey, importPublicKey, publicKeyOf, withPrefix } from '../../../src/bitmessage/crypto/keys.js';
import { type SignatureDigest, verify } from '../../../src/bitmessage/crypto/signature.js';
import { readAckPacket } from '../../../src/bitmessage/objects/ack.js';
import { openBroadcast, prepareSubscriptions } from '../../../src/bitmessage/objects/broadcast.js';
import { asksFor, readGetpubkey } from '../../../src/bitmessage/objects/getpubkey.js';
import { openMsg, prepareRecipients } from '../../../src/bitmessage/objects/msg.js';
import { openPubkey } from '../../../src/bitmessage/objects/pubkey.js';
import { fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { decodeContent } from '../../../src/bitmessage/wire/content.js';
import { readObjectHeader } from '../../../src/bitmessage/wire/object.js';
import { MAINNET } from '../../../src/bitmessage/wire/params.js';
import { loadVectors } from '../../support/vectors.js';

interface AnnotatedIdentity {
  addr: string;
  sign: string;
  enc: string;
  ripe: string;
  tag: string;
  address_key: string;
  broadcast4_key: string;
  S: string;
  E: string;
}

interface AnnotatedObject {
  name: string;
  object: string;
  nonce: string;
  hash: string;
  from?: string;
  to?: string;
  encoding?: number;
  signed?: string;
  digest?: SignatureDigest;
  signature?: string;
  sighash?: string;
  plaintext?: string;
  ack_packet?: string;
  ecies?: { recipient_public: string; ephemeral_private: string; iv: string; shared_x: string; key_e: string; key_m: string; mac: string };
}

const { identities, objects } = loadVectors('objects-annotated.json') as unknown as {
  identities: AnnotatedIdentity[];
  objects: AnnotatedObject[];
};
const identityAt = (address: string | undefined): AnnotatedIdentity => identities.find(({ addr }) => addr === address) as AnnotatedIdentity;

describe('annotated vector', () => {
  for (const identity of identities)
    it(`identity ${identity.addr}: keys, ripe, tag and address key`, () => {
      const keys = identityKeys(fromHex(identity.sign), fromHex(identity.enc));
      const address = parseAddress(identity.addr);
      assert.equal(toHex(withPrefix(keys.signingKey)), identity.S);
      assert.equal(toHex(withPrefix(keys.encryptionKey)), identity.E);
      assert.equal(toHex(keys.ripe), identity.ripe);
      assert.equal(toHex(address.ripe), identity.ripe);
      // The file gives both derivations for every address; ours is the one that its version uses.
      assert.equal(toHex(addressKey(address)), address.version >= 4 ? identity.address_key : identity.broadcast4_key);
      if (address.version >= 4) assert.equal(toHex(addressTag(address)), identity.tag);
    });

  for (const vector of objects) {
    const object = fromHex(vector.object);
    const header = readObjectHeader(object);

    it(`${vector.name}: nonce and hash`, () => {
      assert.equal(header.nonce, BigInt(vector.nonce));
      assert.equal(toHex(inventoryHash(object)), vector.hash);
    });

    it(`${vector.name}: opens`, () => {
      switch (header.type) {
        case 0:
          return assert.ok(asksFor(readGetpubkey(object), parseAddress('BM-2cW67GEKkHGonXKZLCzouLLxnLym3azS8r')));
        case 1: {
          const verdicts = identities.map(({ addr }) => openPubkey(object, parseAddress(addr)).verdict);
          return assert.equal(verdicts.filter((verdict) => verdict === 'authentic').length, 1, `${verdicts}`);
        }
        case 2: {
          const to = identityAt(vector.to);
          const opened = openMsg(object, prepareRecipients([{ ripe: fromHex(to.ripe), encryptionPrivateKey: fromHex(to.enc) }]));
          assert.ok(opened?.verdict === 'authentic');
          assert.equal(toHex(opened.msg.ack), vector.ack_packet);
          assert.equal(toHex(signatureHash(opened.msg.signature)), vector.sighash);
          if (opened.msg.ack.length > 0) assert.equal(readAckPacket(opened.msg.ack, MAINNET.magic).length, 54);
          assert.equal(opened.msg.encoding, vector.encoding);
          return assert.equal(decodeContent(opened.msg.encoding, opened.msg.message).kind, 'message');
        }
        default: {
          const opened = openBroadcast(object, prepareSubscriptions([parseAddress(vector.from as string)]));
          return assert.equal(opened?.verdict, 'authentic');
        }
      }
    });

    const { signed, signature, digest, plaintext, ecies } = vector;
    if (signed !== undefined)
      it(`${vector.name}: the signature is over these bytes`, () => {
        const signers = identities.filter(({ S }) =>
          verify(fromHex(signed), fromHex(signature as string), fromHex(S).subarray(1), [digest as SignatureDigest]),
        );
        assert.ok(signers.length > 0);
      });

    if (ecies !== undefined)
      it(`${vector.name}: each step of the encryption, and the same bytes at the end`, () => {
        const recipient = fromHex(ecies.recipient_public).subarray(1);
        const ephemeral = fromHex(ecies.ephemeral_private);
        const shared = diffieHellman({ privateKey: importPrivateKey(ephemeral), publicKey: importPublicKey(recipient)! });
        assert.equal(toHex(shared), ecies.shared_x);
        assert.equal(toHex(sha512(shared)), ecies.key_e + ecies.key_m);
        const sealed = encryptWith(fromHex(plaintext as string), recipient, ephemeral, fromHex(ecies.iv));
        const block = readEciesBlock(sealed);
        assert.equal(toHex(block.mac), ecies.mac);
        assert.equal(toHex(block.ephemeralKey), toHex(publicKeyOf(ephemeral)));
        assert.ok(vector.object.endsWith(toHex(sealed)));
        const ours: Uint8Array[] = identities.flatMap(({ enc, addr }) => [fromHex(enc), addressKey(parseAddress(addr))]);
        const opener = ours.find((key) => toHex(withPrefix(publicKeyOf(key))) === ecies.recipient_public);
        assert.ok(opener !== undefined);
        assert.equal(toHex(decryptBytes(sealed, opener) as Uint8Array), plaintext);
      });
  }
});
