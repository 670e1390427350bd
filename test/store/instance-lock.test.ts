import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeInstanceLock } from '../../src/store/instance-lock.js';

describe('instance lock', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'postern-lock-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is had by one at a time', () => {
    const path = join(directory, 'lock');
    const first = takeInstanceLock(path);
    assert.ok(first);
    assert.equal(takeInstanceLock(path), null);
    first.release();
    const second = takeInstanceLock(path);
    assert.ok(second);
    second.release();
  });

  it('is let go of when its holder is killed', async () => {
    const path = join(directory, 'lock');
    const module = new URL('../../src/store/instance-lock.js', import.meta.url).href;
    const script = `import { takeInstanceLock } from ${JSON.stringify(module)};
      globalThis.lock = takeInstanceLock(${JSON.stringify(path)});
      console.log(globalThis.lock === null ? 'refused' : 'held');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    assert.equal(said.toString().trim(), 'held');
    assert.equal(takeInstanceLock(path), null);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = takeInstanceLock(path);
    assert.ok(lock);
    lock.release();
  });
});
