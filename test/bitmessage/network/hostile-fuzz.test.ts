import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { judge } from '../../../src/bitmessage/inventory/intake.js';
import { encodePacket } from '../../../src/bitmessage/wire/frame.js';
import { encodeVersion } from '../../../src/bitmessage/wire/messages.js';
import { MAINNET } from '../../../src/bitmessage/wire/params.js';
import { heldOutsideHeap } from '../../support/memory.js';
import { RawPeer, startNode, type TestNode, versionMessage } from '../../support/nodes.js';
import { generator } from '../../support/random.js';
import { loadSession, type RecordedSide, sideOf } from '../../support/recorded-sessions.js';

/** Peers that speak nonsense, one after the other, some at a time. */
const PEERS = 400;
const AT_A_TIME = 20;
const LONGEST_NONSENSE_BYTES = 3_000;
/** What the allocator keeps for itself is in it; 400 peers that each left a megabyte behind would not fit. */
const MOST_LEFT_BEHIND_BYTES = 64_000_000;

const COMMANDS = ['version', 'verack', 'addr', 'inv', 'dinv', 'getdata', 'object', 'error', 'ping', 'pong', 'portcheck', 'nonsense'];
const DIFFICULTY = { nonceTrialsPerByte: 10, extraBytes: 10 };

describe('a peer that speaks nonsense', function () {
  this.timeout(120_000);
  const random = generator();
  const session = loadSession('session-pybitmessage-low.json');
  const recorded = sideOf(session, 0, 'client');
  let node: TestNode;

  beforeEach(async () => {
    const params = { ...MAINNET, minNonceTrialsPerByte: DIFFICULTY.nonceTrialsPerByte, minExtraBytes: DIFFICULTY.extraBytes };
    node = await startNode({ params, tls: 'off', antiIntersection: false }, { clock: new ManualClock(recorded.now) });
  });
  afterEach(() => node.stop());

  const version = (): Uint8Array => packet('version', encodeVersion(versionMessage({ timestamp: BigInt(recorded.now) })));
  const packet = (command: string, payload: Uint8Array): Uint8Array => encodePacket(MAINNET.magic, command, payload);
  const nonsense = (): Uint8Array => random.bytes(random.below(LONGEST_NONSENSE_BYTES));

  /** Well-framed packets of every command with anything in them; half of the peers greet first. */
  const framedNonsense = (): Uint8Array[] => {
    const greeting = random.below(2) === 0 ? [version(), packet('verack', new Uint8Array(0))] : [];
    return [...greeting, ...Array.from({ length: 5 }, () => packet(random.pick(COMMANDS), nonsense()))];
  };

  /** What PyBitmessage said, with some bytes changed: within packets whose checksum is right again, or anywhere. */
  const mutated = ({ packets, chunks }: RecordedSide): Uint8Array[] =>
    random.below(2) === 0
      ? packets.map(({ command, payload }) => packet(command, random.below(3) === 0 ? change(payload) : payload))
      : chunks.map((chunk) => (random.below(3) === 0 ? change(chunk) : chunk));

  const change = (bytes: Uint8Array): Uint8Array => {
    const changed = Uint8Array.from(bytes);
    for (let count = 1 + random.below(4); count > 0 && changed.length > 0; count--)
      changed[random.below(changed.length)] = random.below(256);
    const at = random.below(bytes.length + 1);
    switch (random.below(4)) {
      case 0:
        return changed.slice(0, at);
      case 1:
        return Uint8Array.from([...changed.slice(0, at), ...random.bytes(random.below(50)), ...changed.slice(at)]);
      default:
        return changed;
    }
  };

  it(`harms nobody else, leaves nothing behind, and brings in no bad object (seed ${random.seed})`, async () => {
    const before = heldOutsideHeap();
    let refused = 0;
    for (let done = 0; done < PEERS; done += AT_A_TIME) {
      const peers = await Promise.all(Array.from({ length: AT_A_TIME }, () => RawPeer.dial(node.port, MAINNET.magic)));
      await Promise.all(
        peers.map(async (peer) => {
          for (const bytes of random.below(2) === 0 ? framedNonsense() : mutated(recorded)) peer.socket.write(bytes);
          // All of it was read when an answer to the last word comes, or the peer was left.
          peer.send('ping');
          const closed = new Promise<void>((resolve) => peer.socket.once('close', resolve));
          const answered = new Promise<void>((resolve) => {
            peer.socket.on('data', () => peer.packets.some(({ command }) => command === 'pong') && resolve());
          });
          const tooLong = new Promise<void>((resolve) => setTimeout(resolve, 2_000).unref());
          await Promise.race([closed, answered, tooLong]);
          if (peer.closed) refused++;
          peer.close();
        }),
      );
    }
    assert.ok(refused > PEERS / 4, `${refused} were left`);
    const honest = await RawPeer.greet(node.port, { timestamp: BigInt(recorded.now) }, MAINNET.magic);
    const objects = recorded.packets.filter(({ command }) => command === 'object');
    for (const { payload } of objects) honest.send('object', payload);
    honest.send('ping');
    await honest.receive('pong');
    honest.close();
    const rules = { now: recorded.now, streams: [1n], minimum: DIFFICULTY };
    const held = node.inventory.scan([0, 1, 2, 3, 42, 0x746f72], 0, 10_000);
    assert.ok(held.length >= objects.length);
    for (const { object } of held) assert.equal(judge(object.bytes, rules).verdict, 'accepted');
    const grown = heldOutsideHeap() - before;
    assert.ok(grown < MOST_LEFT_BEHIND_BYTES, `${grown} bytes`);
  });
});
