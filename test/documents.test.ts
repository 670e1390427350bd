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

const read = (name: string): string => readFileSync(join(root, name), 'utf8');

/** Headings, or, where a page has but one, the questions that its paragraphs begin with. What is typed into a terminal has neither. */
function partsOf(text: string): string[] {
  const plain = text.replace(/^```.*?^```/gms, '');
  const headings = [...plain.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
  const questions = [...plain.matchAll(/^\*\*(.+?)\*\* /gm)].map(([, question]) => question);
  return headings.length === 1 ? questions : headings;
}

describe('the documents', () => {
  for (const name of documents)
    it(`${name} links to what is there`, () => {
      const links = [...readFileSync(join(root, name), 'utf8').matchAll(/\]\((?!https?:|mailto:)([^)#\s]+)/g)].map(([, link]) => link);
      assert.deepEqual(
        links.filter((link) => !existsSync(join(root, dirname(name), decodeURI(link)))),
        [],
      );
    });

  for (const [english, german] of [
    ['docs/first-steps.md', 'docs/de/erste-schritte.md'],
    ['docs/clients/README.md', 'docs/de/mailprogramme.md'],
    ['docs/using.md', 'docs/de/alltag.md'],
    ['docs/faq.md', 'docs/de/fragen.md'],
  ])
    it(`${german} has a part for each of ${english}, and says which`, () => {
      const told = [...read(german).matchAll(/^<!-- en: (.+) -->$/gm)].map(([, heading]) => heading);
      assert.deepEqual(told, partsOf(read(english)));
    });

  it('number each decision once', () => {
    const numbers = readdirSync(join(root, 'docs/decisions')).map((name) => name.slice(0, 4));
    assert.deepEqual(numbers, [...new Set(numbers)]);
  });
});
