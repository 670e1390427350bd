import assert from 'node:assert/strict';
import { encodeInv, hashKey } from '../../../src/bitmessage/wire/inv.js';
import { now, RawPeer, startNode, type TestNode } from '../../support/nodes.js';

/** How long `work` takes, in milliseconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

describe('rates', () => {
  let node: TestNode;
  let peer: RawPeer;
  const start = async (limits: NonNullable<Parameters<typeof startNode>[0]>['limits']): Promise<void> => {
    node = await startNode({ tls: 'off', ...(limits === undefined ? {} : { limits }) });
    peer = await RawPeer.greet(node.port);
    // What comes before the end of the version exchange has limits of its own.
    peer.send('ping');
    await peer.receive('pong');
  };
  afterEach(async () => {
    peer.close();
    await node.stop();
  });
  /** Sends that many bytes that mean nothing, then waits for the answer to a ping behind them. */
  const push = async (bytes: number): Promise<void> => {
    peer.send('nonsense', new Uint8Array(bytes));
    peer.send('ping');
    await peer.receive('pong');
  };

  it('reads no faster than the download limit', async () => {
    await start({ downloadBytesPerSecond: 100_000 });
    // A second's worth is there at once, the rest comes with the seconds.
    assert.ok((await timed(() => push(350_000))) > 1_500);
  });

  it('reads no more of one peer than its share, after a minute’s worth', async () => {
    await start({ peerDownloadBytesPerSecond: 2_000 });
    assert.ok((await timed(() => push(110_000))) < 1_500);
    // The chunk that overdraws still passes; what is behind it waits for the debt.
    const elapsed = await timed(async () => {
      await push(16_000);
      await push(10);
    });
    assert.ok(elapsed > 1_500, `${elapsed} ms`);
  });

  it('serves no faster than the upload limit', async () => {
    await start({ uploadBytesPerSecond: 100_000 });
    const hashes = Array.from({ length: 7 }, () => crypto.getRandomValues(new Uint8Array(32)));
    node.inventory.batch(() => {
      for (const hash of hashes) {
        const fields = { type: 42, version: 1n, stream: 1n, expiresAt: now() + 1000, payloadOffset: 22 };
        node.inventory.add({ ...fields, bytes: new Uint8Array(50_000), hash }, { own: false, from: 0 });
      }
    });
    const elapsed = await timed(async () => {
      peer.send('getdata', encodeInv(hashes.map(hashKey)));
      for (let served = 0; served < hashes.length; served++) await peer.receive('object');
    });
    assert.ok(elapsed > 1_500, `${elapsed} ms`);
  });

  it('takes no pause where there is no limit', async () => {
    await start({});
    assert.ok((await timed(() => push(1_000_000))) < 1_500);
  });
});
