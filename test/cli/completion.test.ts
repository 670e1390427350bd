/** Completions as the shells themselves carry them out, and the manual page as man reads it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { completionScript, type Shell } from '../../src/cli/completion.js';
import { manPage } from '../../src/cli/man-page.js';
import { OFFLINE_OPERATIONS, OPERATIONS } from '../../src/control/operations.js';

const COMMANDS = [...OPERATIONS, ...OFFLINE_OPERATIONS];

/** What bash offers after these words. */
function completed(shell: Shell, ...words: string[]): string[] {
  const ask = `COMP_WORDS=(postern ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _postern; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', `${completionScript(shell, COMMANDS)}\n${ask}`], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('completion', () => {
  for (const [words, expected] of [
    [['sta'], ['start', 'status']],
    [['identity', 'n'], ['new']],
    [
      ['setup', 'm'],
      ['mutt', 'mbsync', 'msmtp'],
    ],
    [['setup', 'mutt', '--w'], ['--write']],
    [['--json', 'chan', 'j'], ['join']],
    [['export', 'mbox', '--fo'], ['--folder']],
    [['start', '--re'], ['--ready-json']],
    [
      ['completion', ''],
      ['bash', 'zsh'],
    ],
    [['status', '--data', 'x'], []],
    [['nonsense', ''], []],
  ] as [string[], string[]][])
    it(`offers ${expected.join(', ') || 'nothing'} after "${words.join(' ')}"`, () =>
      assert.deepEqual(completed('bash', ...words).sort(), [...expected].sort()));

  it('is understood by zsh', function () {
    const script = completionScript('zsh', COMMANDS);
    const { error, status, stderr } = spawnSync('zsh', ['-f', '-c', `${script}\n(( $+functions[_postern] ))`], { encoding: 'utf8' });
    if (error !== undefined) this.skip();
    assert.equal(status, 0, stderr);
  });
});

describe('manual page', () => {
  const path = new URL('../../../docs/man/postern.1', import.meta.url);

  it('names every command, and the file is what the operations say: "postern man > docs/man/postern.1"', () => {
    const page = manPage(COMMANDS);
    for (const { name } of COMMANDS) assert.ok(page.includes(`\\fB${name.replaceAll('-', '\\-')}\\fR`), name);
    assert.equal(readFileSync(path, 'utf8'), page);
  });

  it('is read by man without a warning', function () {
    const { error, status, stdout, stderr } = spawnSync('man', ['--warnings', '-l', path.pathname], {
      encoding: 'utf8',
      env: { ...process.env, MANWIDTH: '100', MAN_KEEP_FORMATTING: '' },
    });
    if (error !== undefined) this.skip();
    assert.equal(status, 0);
    assert.equal(stderr, '');
    assert.match(stdout, /Bitmessage in the mail program/);
  });
});
