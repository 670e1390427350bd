import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDirectory } from '../../src/base/make-directory.js';

/** Node.js itself goes round for ever, deaf to signals but this. */
const PATIENCE_MS = 20_000;

describe('making a directory', () => {
  let scratch: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), 'postern-directory-'));
  });
  afterEach(() => rmSync(scratch, { recursive: true }));

  it('makes those above it, with the same rights, and takes one that is there', () => {
    makeDirectory(join(scratch, 'a/b/c'), 0o700);
    for (const part of ['a', 'a/b', 'a/b/c']) assert.equal(statSync(join(scratch, part)).mode & 0o777, 0o700, part);
    makeDirectory(join(scratch, 'a/b/c'), 0o700);
    makeDirectory(join(scratch, 'a/b/d/'), 0o700);
    assert.ok(existsSync(join(scratch, 'a/b/d')));
  });

  it('is refused where a file stands in the way', () => {
    writeFileSync(join(scratch, 'file'), '');
    assert.throws(() => makeDirectory(join(scratch, 'file')), { code: 'EEXIST' });
    assert.throws(() => makeDirectory(join(scratch, 'file/below/it')), { code: 'ENOTDIR' });
  });

  it('is refused, and not tried for ever, where nothing can be made', function () {
    if (!existsSync('/proc/1')) this.skip();
    this.timeout(2 * PATIENCE_MS);
    const module = new URL('../../src/base/make-directory.js', import.meta.url).href;
    const code = `(await import('${module}')).makeDirectory('/proc/1/postern/data')`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      encoding: 'utf8',
      timeout: PATIENCE_MS,
      killSignal: 'SIGKILL',
    });
    assert.equal(status, 1);
    assert.match(stderr, /ENOENT/);
  });
});
