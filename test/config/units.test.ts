/** The units of systemd: systemd itself finds nothing wrong with them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const UNITS = new URL('../../../config/systemd/', import.meta.url);

describe('units of systemd', () => {
  for (const name of ['postern.service', 'postern-user.service'])
    it(`${name} is what systemd reads`, function () {
      const directory = mkdtempSync(join(tmpdir(), 'postern-unit-'));
      try {
        const path = join(directory, name);
        // The program and its manual page are installed nowhere here: any program will do, and the page is not looked for.
        const text = readFileSync(new URL(name, UNITS), 'utf8')
          .replace(/^Documentation=.*$/m, '')
          .replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`);
        writeFileSync(path, text);
        const { error, status, stderr } = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
        // No systemd on this machine, no opinion.
        if (error !== undefined) this.skip();
        assert.equal(stderr, '');
        assert.equal(status, 0);
        writeFileSync(path, text.replace('[Service]', '[Service]\nRestrat=always'));
        assert.match(spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' }).stderr, /Restrat/);
      } finally {
        rmSync(directory, { recursive: true });
      }
    });
});
