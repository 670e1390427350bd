/** A file takes another one's name, and nothing is left of the old one, also where the program was killed on the way. */
import assert from 'node:assert/strict';
import { existsSync, linkSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leftover, replaceByRewritten, rewritten } from '../../src/sealing/leftover.js';
import { isMailSealed, tidyAfterRewriting } from '../../src/sealing/mail-file.js';
import { formOf } from '../../src/store/file-form.js';

const OLD = `SQLite format 3\0 and what people write ${'x'.repeat(3_000_000)}`;
const NEW = 'bytes that mean nothing to anybody';

describe('a database that is written anew', () => {
  let directory: string;
  let path: string;
  let sameBlocks: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'postern-leftover-'));
    path = join(directory, 'postern.sqlite');
    sameBlocks = join(directory, 'the blocks of before');
    writeFileSync(path, OLD);
    linkSync(path, sameBlocks);
    writeFileSync(rewritten(path), NEW);
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const assertNew = (): void => {
    assert.equal(readFileSync(path, 'utf8'), NEW);
    assert.ok(readFileSync(sameBlocks).every((byte) => byte === 0));
    rmSync(sameBlocks);
    assert.deepEqual(readdirSync(directory), ['postern.sqlite']);
  };

  it('takes the name, and the old one is overwritten', () => {
    replaceByRewritten(path);
    assertNew();
  });

  it('was not finished: the old one stays as it is', () => {
    tidyAfterRewriting(directory);
    assert.equal(readFileSync(path, 'utf8'), OLD);
    assert.ok(!existsSync(rewritten(path)));
  });

  it('was about to take the name: the old one stays as it is, for its second name is no other file', () => {
    linkSync(path, leftover(path));
    tidyAfterRewriting(directory);
    assert.equal(readFileSync(path, 'utf8'), OLD);
    assert.ok(!existsSync(leftover(path)));
  });

  it('had taken the name: the old one is overwritten', () => {
    linkSync(path, leftover(path));
    renameSync(rewritten(path), path);
    tidyAfterRewriting(directory);
    assertNew();
  });

  it('is not begun anew where encrypted mail was and is gone', () => {
    writeFileSync(join(directory, 'key-slots.json'), '{}');
    tidyAfterRewriting(directory);
    rmSync(path);
    assert.throws(() => tidyAfterRewriting(directory), /key-slots\.json is there and postern\.sqlite is not/);
    writeFileSync(path, '');
    assert.throws(() => tidyAfterRewriting(directory), /put it back, or take both away/);
  });

  it('is encrypted where its slots are, and else damaged: nobody is told to install what would not open it', () => {
    writeFileSync(path, NEW);
    assert.equal(isMailSealed(directory), false);
    writeFileSync(join(directory, 'key-slots.json'), '{}');
    assert.equal(isMailSealed(directory), true);
    writeFileSync(path, OLD);
    assert.equal(isMailSealed(directory), false);
  });

  for (const [form, text] of [
    ['plain', OLD],
    ['sealed', NEW],
    ['sealed', 'x'],
    ['none', ''],
  ] as const)
    it(`is ${form} by its first bytes: ${JSON.stringify(text.slice(0, 20))}`, () => {
      writeFileSync(path, text);
      assert.equal(formOf(path), form);
    });
});
