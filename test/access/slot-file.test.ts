/** Slots in a file of their own: they are as they were, an old one stands nowhere any more, and damage is told. */
import assert from 'node:assert/strict';
import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptySlot, makeProofSlot, openProofSlot } from '../../src/access/key-slot.js';
import { SlotFile } from '../../src/access/slot-file.js';

const MASTER = new Uint8Array(32).fill(3);
const CLIENT_KEY = new Uint8Array(32).fill(4);

describe('slot file', () => {
  let directory: string;
  let path: string;
  let file: SlotFile;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'postern-slots-'));
    path = join(directory, 'key-slots.json');
    file = new SlotFile(path);
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('keeps them for its owner alone, replaces one of a kind, and removes all', () => {
    file.write([emptySlot('login'), emptySlot('proof')]);
    file.put(makeProofSlot(CLIENT_KEY, MASTER));
    const slots = file.all();
    assert.deepEqual(
      slots.map(({ kind }) => kind),
      ['login', 'proof'],
    );
    assert.deepEqual(openProofSlot(slots[1], CLIENT_KEY), MASTER);
    assert.equal(statSync(path).mode & 0o077, 0);
    file.removeAll();
    assert.ok(!existsSync(path));
  });

  for (const [how, change] of [
    ['replaced', () => file.put(makeProofSlot(CLIENT_KEY, MASTER))],
    ['removed', () => file.removeAll()],
  ] as const)
    it(`overwrites what is ${how}: an old passphrase would still open the master key`, () => {
      file.write([makeProofSlot(CLIENT_KEY, MASTER)]);
      const sealed = JSON.parse(readFileSync(path, 'utf8')).slots[0].sealed as string;
      const sameBlocks = join(directory, 'the blocks of before');
      linkSync(path, sameBlocks);
      change();
      assert.ok(!readFileSync(sameBlocks, 'utf8').includes(sealed));
      assert.ok(readFileSync(sameBlocks).every((byte) => byte === 0));
    });

  for (const [why, text] of [
    ['cut short', '{"format": 1, "slots": ['],
    ['of another form', '{"format": 2, "slots": [{}]}'],
    ['empty', '{"format": 1, "slots": []}'],
    ['of another kind', '{"format": 1, "slots": [{"kind": "door", "cost": "", "salt": "", "sealed": ""}]}'],
    ['no base64', '{"format": 1, "slots": [{"kind": "login", "cost": "", "salt": "?", "sealed": ""}]}'],
  ] as const)
    it(`says that it is damaged: ${why}`, () => {
      writeFileSync(path, text);
      assert.throws(() => file.all(), /key-slots\.json is damaged/);
    });

  it('says that it is missing', () => {
    assert.throws(() => file.all(), /is missing: without it nobody can open the mail/);
  });
});
