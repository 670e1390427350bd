/** The documents held against the tree: what they link to is there, and each decision has a number of its own. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const documents = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name)),
].filter((name) => name.endsWith('.md'));

describe('the documents', () => {
  for (const name of documents)
    it(`${name} links to what is there`, () => {
      const links = [...readFileSync(join(root, name), 'utf8').matchAll(/\]\((?!https?:|mailto:)([^)#\s]+)/g)].map(([, link]) => link);
      assert.deepEqual(
        links.filter((link) => !existsSync(join(root, dirname(name), decodeURI(link)))),
        [],
      );
    });

  it('number each decision once', () => {
    const numbers = readdirSync(join(root, 'docs/decisions')).map((name) => name.slice(0, 4));
    assert.deepEqual(numbers, [...new Set(numbers)]);
  });
});
