/** Where encrypted mail cannot be opened by what is installed, each command says what is missing, and changes nothing. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingForSealed } from '../../src/store/sealed-driver.js';
import { runCli } from '../support/gateway-rig.js';
import { ask } from '../support/sealed.js';

const SENTENCE =
  /encrypted mail needs (Node\.js 22\.14 or later; this is|a package that is not installed here; this line does it:\nnpm install)/;

describe('without what encrypted mail needs', () => {
  let directory: string;
  before(function () {
    if (missingForSealed() === null) this.skip();
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'postern-missing-'));
    writeFileSync(join(directory, 'postern.sqlite'), 'an encrypted database');
    writeFileSync(join(directory, 'key-slots.json'), '{}');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('a start says so', async () => {
    const { code, stderr } = await runCli(['start', '--data', directory]);
    assert.equal(code, 75);
    assert.match(stderr, SENTENCE);
    assert.deepEqual(readdirSync(directory).sort(), ['key-slots.json', 'lock.sqlite', 'postern.sqlite']);
  });

  for (const command of ['encrypt', 'decrypt'])
    it(`"mail ${command}" says so`, async () => {
      const { code, stderr } = await ask(['mail', command], directory, 'whatever it is');
      assert.equal(code, 1);
      assert.match(stderr, SENTENCE);
      assert.deepEqual(readdirSync(directory).sort(), ['key-slots.json', 'postern.sqlite']);
    });
});
