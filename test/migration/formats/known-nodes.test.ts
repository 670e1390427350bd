import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readKnownNodes } from '../../../src/migration/formats/known-nodes.js';
import { VECTORS_DIRECTORY } from '../../support/vectors.js';

const directory = `${VECTORS_DIRECTORY}pybitmessage-data/`;
const one = (change: object) =>
  readKnownNodes(
    Buffer.from(JSON.stringify([{ stream: 1, peer: { host: '192.0.2.1', port: 8444 }, info: { lastseen: 1, rating: 0.5 }, ...change }])),
  );

describe('known-nodes', () => {
  it('reads every node that PyBitmessage wrote', () => {
    const { knownNodes } = JSON.parse(readFileSync(`${directory}expected.json`, 'utf8')) as {
      knownNodes: { stream: number; peer: { host: string; port: number }; info: { lastseen: number; rating: number } }[];
    };
    const nodes = knownNodes.map(({ stream, peer, info }) => ({ ...peer, stream, lastSeen: info.lastseen, rating: info.rating }));
    assert.deepEqual(readKnownNodes(readFileSync(`${directory}knownnodes.dat`)), { kind: 'nodes', nodes, skipped: 0 });
  });

  for (const [change, why] of [
    [{ stream: 4 }, 'a stream that PyBitmessage does not know'],
    [{ peer: { host: '', port: 1 } }, 'no host'],
    [{ peer: { host: 'a b', port: 1 } }, 'a blank in the host'],
    [{ peer: { host: 'x', port: 0 } }, 'port 0'],
    [{ peer: { host: 'x', port: '1' } }, 'a port as text'],
    [{ info: { self: true } }, 'its own address'],
    [{ peer: null }, 'nothing'],
  ] as const)
    it(`passes over ${why}`, () => assert.deepEqual(one(change), { kind: 'nodes', nodes: [], skipped: 1 }));

  it('keeps ratings within their bounds', () => {
    const read = one({ info: { rating: 7 } });
    assert.deepEqual(read.kind === 'nodes' && read.nodes.map(({ rating, lastSeen }) => [rating, lastSeen]), [[1, 0]]);
  });

  for (const [bytes, kind] of [
    [Buffer.from('(dp0\nI1\n(dp1\n'), 'pickle'],
    [Buffer.from('80037d710028', 'hex'), 'pickle'],
    [Buffer.from(''), 'unreadable'],
    [Buffer.from('{}'), 'unreadable'],
    [Buffer.from('[{"stream": 1'), 'unreadable'],
  ] as const)
    it(`says ${kind} to ${JSON.stringify(bytes.toString('latin1'))}`, () => assert.equal(readKnownNodes(bytes).kind, kind));
});
