/** What PyBitmessage made, taken in as from the network and judged as PyBitmessage judges it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ManualClock } from '../../../src/base/clock.js';
import { formatAddress, parseAddress } from '../../../src/bitmessage/crypto/address.js';
import { identityKeys } from '../../../src/bitmessage/crypto/keys.js';
import { fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { DEFAULT_STREAM, MAINNET } from '../../../src/bitmessage/wire/params.js';
import { PubkeyTable } from '../../../src/store/node/pubkeys.js';
import { TestNode } from '../../support/messaging-node.js';
import type { VectorIdentity } from '../../support/object-vectors.js';

interface Case {
  readonly object: string;
  readonly createdTime: number;
  readonly [field: string]: unknown;
}

interface File {
  readonly identities: Record<string, VectorIdentity & { readonly chan: boolean }>;
  readonly cases: readonly Case[];
}

/** Seen from dist/test/bitmessage/messaging. */
function load(name: string): File {
  const file = new URL(`../../../../test/vectors/objects-${name}.json`, import.meta.url);
  const { identities, cases } = JSON.parse(readFileSync(file, 'utf8')) as File;
  return { identities, cases: [...cases].sort((a, b) => a.createdTime - b.createdTime) };
}

describe('objects of PyBitmessage', () => {
  let node: TestNode | undefined;
  let clock: ManualClock;

  function startAt(time: number): TestNode {
    clock = new ManualClock(time);
    node = new TestNode({ clock, params: MAINNET, messaging: { publishPubkeys: false, ackDelay: { min: 0, max: 0 } } }).start();
    return node;
  }
  afterEach(async () => {
    await node?.remove();
    node = undefined;
  });

  function adopt(to: TestNode, identity: VectorIdentity & { readonly chan: boolean }): void {
    const keys = identityKeys(fromHex(identity.signingPrivateKey), fromHex(identity.encryptionPrivateKey));
    const address = formatAddress(parseAddress(identity.address));
    to.messaging.identities.adopt(
      keys,
      { address, label: '', chan: identity.chan, createdAt: clock.now() },
      { demandTrials: identity.nonceTrialsPerByte, demandExtraBytes: identity.payloadLengthExtraBytes, sendsAcks: identity.doesAck },
    );
  }

  /** Takes an object in at its time, and waits until it has been looked at. */
  async function take(to: TestNode, { object, createdTime }: Case): Promise<void> {
    clock.advance(Math.max(createdTime - clock.now(), 0));
    to.take(fromHex(object));
    await to.until(() => to.inventory.unprocessedCount() === 0);
  }

  const messages = load('msg');
  const own = DEFAULT_STREAM;
  for (const name of new Set(messages.cases.map(({ recipient }) => recipient as string))) {
    const cases = messages.cases.filter(({ recipient }) => recipient === name);
    if (parseAddress(messages.identities[name].address).stream !== own) continue;
    it(`reads ${cases.length} messages to ${name}, and publishes the acks that PyBitmessage published`, async () => {
      const to = startAt(cases[0].createdTime);
      adopt(to, messages.identities[name]);
      for (const message of cases) await take(to, message);
      assert.deepEqual(
        to.delivered.map(({ from, to: recipient, encoding, content, signatureHash }) => [
          from,
          recipient,
          encoding,
          toHex(content),
          toHex(signatureHash),
        ]),
        cases.map(({ senderAddress, toAddress, encoding, message, sigHash }) => [senderAddress, toAddress, encoding, message, sigHash]),
      );
      const expected = cases.filter(({ ackReturned }) => ackReturned).map(({ ackObject }) => ackObject as string);
      const taken = new Set(cases.map(({ object }) => object));
      const released = (): string[] =>
        to.inventory
          .scan([0, 2], 0, 100)
          .map(({ object }) => toHex(object.bytes))
          .filter((object) => !taken.has(object));
      await to.until(() => released().length >= expected.length);
      assert.deepEqual(released().sort(), expected.sort());
    });
  }

  it('reads broadcasts of all whom we subscribe to', async () => {
    const { cases } = load('broadcast');
    const mine = cases.filter(({ senderAddress }) => parseAddress(senderAddress as string).stream === own);
    const to = startAt(mine[0].createdTime);
    for (const { senderAddress } of mine) to.messaging.subscriptions.put(senderAddress as string, '');
    for (const broadcast of mine) await take(to, broadcast);
    assert.deepEqual(
      to.delivered.map(({ kind, from, content, signatureHash }) => [kind, from, toHex(content), toHex(signatureHash)]),
      mine.map(({ senderAddress, message, sigHash }) => [
        'broadcast',
        formatAddress(parseAddress(senderAddress as string)),
        message,
        sigHash,
      ]),
    );
  });

  it('keeps the pubkeys that somebody waits for, and no others', async () => {
    const { cases } = load('pubkey');
    for (const pubkey of cases) {
      const address = formatAddress(parseAddress(pubkey.address as string));
      if (parseAddress(address).stream !== own) continue;
      for (const isWanted of [false, true]) {
        const to = startAt(pubkey.createdTime);
        if (isWanted) await to.messaging.lookup.find(address, new AbortController().signal);
        await take(to, pubkey);
        const known = new PubkeyTable(to.database).get(address);
        assert.equal(known !== undefined, isWanted, address);
        if (known !== undefined) {
          assert.equal(`04${toHex(known.encryptionKey)}`, pubkey.encryptionPublicKey);
          assert.equal(`04${toHex(known.signingKey)}`, pubkey.signingPublicKey);
          assert.equal(known.bitfield, Number.parseInt(pubkey.bitfield as string, 16));
        }
        await to.remove();
        node = undefined;
      }
    }
  });

  const invalid = load('invalid');
  for (const bad of invalid.cases.filter(({ pybitmessageShowsIt }) => pybitmessageShowsIt === false)) {
    it(`shows nothing of: ${bad.reason as string}`, async () => {
      const to = startAt(bad.createdTime);
      const { recipient, identity, sender } = bad as unknown as Record<string, string | undefined>;
      if (recipient !== undefined) adopt(to, invalid.identities[recipient]);
      if (sender !== undefined) to.messaging.subscriptions.put(invalid.identities[sender].address, '');
      const wanted = identity === undefined ? undefined : formatAddress(parseAddress(invalid.identities[identity].address));
      if (wanted !== undefined) await to.messaging.lookup.find(wanted, new AbortController().signal);
      await take(to, bad);
      assert.deepEqual(to.delivered, []);
      if (wanted !== undefined) assert.equal(new PubkeyTable(to.database).get(wanted), undefined);
    });
  }
});
