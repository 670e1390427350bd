/** The rows of docs/PROTOCOLS.md held against the tests: every row is there once, and every test that it names is there. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { capabilities } from '../src/imap/capability.js';

const root = new URL('../../', import.meta.url);
const document = readFileSync(new URL('docs/PROTOCOLS.md', root), 'utf8');
const node = document.split('## Bitmessage node\n')[1] ?? '';
const [done = '', rest = ''] = node.split('### Attacks');
const [attacks = '', otherwise = ''] = rest.split('### What is otherwise on purpose');

/** How many rows the checklist has of each letter. */
const ROWS = { W: 50, T: 10, N: 26, O: 40, C: 25, M: 31, A: 12, S: 14, D: 13, F: 14, B: 10, X: 14, R: 7 };

interface Line {
  readonly name: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

/** The lines of a table, its two head lines left out. */
function linesOf(table: string): Line[] {
  const lines = table.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(1).flatMap((line) => {
    const cells = line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim());
    const shown = cells[2] ?? '';
    const tests = shown.split(/; (?=`)/).map((text) => {
      const [, file = '', title = ''] = /^`([^`]+)`(?:: (.*))?$/.exec(text) ?? [];
      return { file, title };
    });
    return [{ name: cells[0] ?? '', tests }];
  });
}

function sourceOf(file: string): string | undefined {
  const path = [`test/bitmessage/${file}.test.ts`, `test/${file}.test.ts`].find((each) => existsSync(new URL(each, root)));
  return path && readFileSync(new URL(path, root), 'utf8');
}

/** The words of a title between its "…", one after the other. */
function holds(source: string, title: string): boolean {
  const parts = title.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.*')).test(source);
}

describe('the rows of the protocol', () => {
  const rows = linesOf(done);

  it('are all there, each done or a deviation', () => {
    const expected = Object.entries(ROWS).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, index) => `${letter}${String(index + 1).padStart(2, '0')}`),
    );
    const names = rows.map(({ name }) => name);
    const missing = expected.filter((name) => !names.includes(name) && !new RegExp(`\\*\\*[^*]*\\b${name}\\b[^*]*\\*\\*`).test(otherwise));
    assert.deepEqual(missing, []);
    assert.equal(new Set(names).size, names.length);
  });

  for (const [section, lines] of [
    ['row', rows],
    ['attack', linesOf(attacks)],
  ] as const) {
    for (const { name, tests } of lines) {
      it(`${section} ${name} names tests that are there`, () => {
        assert.ok(tests.length > 0);
        for (const { file, title } of tests) {
          const source = sourceOf(file);
          assert.ok(source !== undefined, `no file ${file}`);
          assert.ok(holds(source, title), `no test "${title}" in ${file}`);
        }
      });
    }
  }
});

describe('the documents that mail clients are served by', () => {
  for (const [title, dialogs] of [
    ['IMAP', 'imap'],
    ['SMTP submission', 'smtp'],
  ]) {
    for (const line of rowsOf(title)) {
      const [, name = '', , shown = '', examples = ''] = line.split('|').map((cell) => cell.trim());
      it(`${title}: ${name} names dialogs and tests that are there, and says which examples were played`, () => {
        assert.notEqual(examples, '');
        for (const [, file = ''] of `${shown} ${examples}`.matchAll(/`([^`]+)`/g)) assert.ok(isThere(file, dialogs), file);
      });
    }
  }

  it('are all that the IMAP server announces', () => {
    const named = rowsOf('IMAP').flatMap((line) => (line.split('|')[2] ?? '').split(',').map((name) => name.trim()));
    const mechanisms = ['PLAIN', 'LOGIN', 'SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'];
    const line = { secure: false, compressed: false, mechanisms, canStartTls: false };
    const announced = [...capabilities({ ...line, loggedIn: false }), ...capabilities({ ...line, loggedIn: true })];
    assert.deepEqual(
      announced.filter((name) => !named.includes(name)),
      [],
    );
  });
});

/** The rows of the table under this title. */
function rowsOf(title: string): string[] {
  const section = document.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1);
}

/** A dialog by its name, a test by its path; "*" stands for any of them. */
function isThere(file: string, dialogs: string): boolean {
  if (file.includes('*')) return true;
  return [`test/dialogs/${dialogs}/${file}.txt`, `${file}.test.ts`].some((path) => existsSync(new URL(path, root)));
}
