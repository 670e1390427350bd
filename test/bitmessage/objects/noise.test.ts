import assert from 'node:assert/strict';
import { decodeAddress, parseAddress } from '../../../src/bitmessage/crypto/address.js';
import { readEciesBlock } from '../../../src/bitmessage/crypto/ecies.js';
import { readAckPacket } from '../../../src/bitmessage/objects/ack.js';
import { openBroadcast, prepareSubscriptions, readBroadcast } from '../../../src/bitmessage/objects/broadcast.js';
import { readGetpubkey } from '../../../src/bitmessage/objects/getpubkey.js';
import { openMsg, prepareRecipients, readMsg } from '../../../src/bitmessage/objects/msg.js';
import { readOnionPeer } from '../../../src/bitmessage/objects/onionpeer.js';
import { openPubkey, readPubkeyOwner } from '../../../src/bitmessage/objects/pubkey.js';
import { DecodeError, fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { MAINNET } from '../../../src/bitmessage/wire/params.js';
import { generator } from '../../support/random.js';
import { loadVectors } from '../../support/vectors.js';

interface WholeObject {
  object: string;
  plaintext?: string;
  ack?: string;
}

const ADDRESS = parseAddress('BM-2cWy7cvHoq3f1rYMerRJp8PT653jjSuEdY');
const RECIPIENTS = prepareRecipients([{ ripe: ADDRESS.ripe, encryptionPrivateKey: fromHex('01'.repeat(32)) }]);
const SUBSCRIPTIONS = prepareSubscriptions([ADDRESS, { ...ADDRESS, version: 3 }]);

const readers: readonly (readonly [string, (bytes: Uint8Array) => unknown])[] = [
  ['getpubkey', readGetpubkey],
  ['pubkey owner', readPubkeyOwner],
  ['pubkey', (bytes) => openPubkey(bytes, ADDRESS)],
  ['msg', (bytes) => openMsg(bytes, RECIPIENTS)],
  ['msg plaintext', readMsg],
  ['broadcast', (bytes) => openBroadcast(bytes, SUBSCRIPTIONS)],
  ['broadcast plaintext', readBroadcast],
  ['ack packet', (bytes) => readAckPacket(bytes, MAINNET.magic)],
  ['onionpeer', readOnionPeer],
  ['encrypted block', readEciesBlock],
];

describe('objects of noise', () => {
  const random = generator();
  const seeds = ['getpubkey', 'pubkey', 'msg', 'broadcast', 'ack', 'other'].flatMap((kind) =>
    loadVectors<WholeObject>(`objects-${kind}.json`)
      .cases.slice(0, 6)
      .flatMap(({ object, plaintext, ack }) => [object, plaintext ?? '', ack ?? ''])
      .filter((hex) => hex !== '')
      .map(fromHex),
  );

  const mutate = (bytes: Uint8Array): Uint8Array => {
    const mutated = Uint8Array.from(bytes.subarray(0, random.below(4) === 0 ? random.below(bytes.length) : bytes.length));
    for (let times = random.below(6); times > 0 && mutated.length > 0; times--) {
      mutated[random.below(mutated.length)] = random.pick([0, 1, 0x7f, 0xfc, 0xfd, 0xfe, 0xff, random.below(256)]);
    }
    return mutated;
  };

  for (const [name, read] of readers)
    it(`${name}: answers or throws a DecodeError, nothing else (seed ${random.seed})`, () => {
      for (let round = 0; round < 400; round++) {
        const bytes = round % 4 === 0 ? random.bytes(random.below(300)) : mutate(random.pick(seeds));
        try {
          read(bytes);
        } catch (error) {
          assert.ok(error instanceof DecodeError, `${toHex(bytes)}: ${error}`);
        }
      }
    });

  it(`address: always has a status (seed ${random.seed})`, () => {
    const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
    for (let round = 0; round < 2_000; round++) {
      const text = Array.from({ length: random.below(60) }, () => random.pick([...alphabet])).join('');
      assert.notEqual(decodeAddress(text).status, 'success');
    }
  });
});
