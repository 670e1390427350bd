/** The catalogues held against each other: every text renders in every language, tells the same values, and is not the English one. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES } from '../../src/words/language.js';
import { WORDS } from '../../src/words/words.js';

/** The sources, seen from dist/test/words. */
const SOURCE = new URL('../../../src/', import.meta.url).pathname;

type Text = string | ((...values: unknown[]) => string);

/** What is the same word in German, or no word at all. */
const SAME = new Set([
  'doctor.subjects.proxy',
  'page.names.status',
  'page.name',
  'page.passphrase',
  'page.status.title',
  'page.groups.passphraseHint',
  'page.setup.port',
  'identities.show.rows.name',
  'identities.show.rows.mail',
  'identities.show.rows.link',
  'contacts.add.address',
  'moving.kinds.mails',
  'moving.restore.about',
  'moving.folderMails',
  'status.sections.proxy',
  'commandLine.help.text',
  'settings.allowed.oneOf',
  'sending.badTag',
  'sending.namecoin.resolved',
]);

/** A text is a string, or a function of strings, numbers and lists of strings: nothing else can be written down here. */
function* textsOf(node: object, path: string): Generator<readonly [string, Text]> {
  for (const [key, value] of Object.entries(node)) {
    const name = path === '' ? key : `${path}.${key}`;
    if (name === 'language' || name === 'write') continue;
    if (typeof value === 'string' || typeof value === 'function') yield [name, value as Text];
    else yield* textsOf(value as object, name);
  }
}

/** A value of each kind that can stand in the place, by which it is found again. */
const samplesAt = (place: number): unknown[] => [`<${place}>`, 3 + place, [`<${place}a>`, `<${place}b>`]];

function* combinations(count: number): Generator<unknown[]> {
  if (count === 0) yield [];
  else for (const rest of combinations(count - 1)) for (const sample of samplesAt(count - 1)) yield [...rest, sample];
}

/** The values that a text takes: the first with which it renders, and a translation too. Types are not there any more when a test runs. */
function valuesFor(text: Exclude<Text, string>, translated: Text): unknown[] {
  for (const values of combinations(text.length)) {
    try {
      if (!isSound(text(...values)) || !isSound(render(translated, values))) continue;
      if (values.every((value) => typeof value === 'number' || holds(text(...values), value))) return values;
    } catch {
      // Not of that kind.
    }
  }
  throw new Error(`no values fit: ${text}`);
}

const isSound = (rendered: unknown): boolean => typeof rendered === 'string' && !/undefined|NaN|\[object|Invalid/.test(rendered);
const holds = (rendered: string, value: unknown): boolean => [value].flat().every((each) => rendered.includes(String(each)));

const render = (text: Text, values: unknown[]): string => (typeof text === 'string' ? text : text(...values));

describe('catalogues', () => {
  const english = new Map(textsOf(WORDS.en, ''));

  it('hold nothing that nobody says', () => {
    const said = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/words\/(english|german)\//.test(name))
      .map((name) => readFileSync(join(SOURCE, name), 'utf8'))
      .join('\n');
    const names = [...english.keys()].filter((name) => !name.startsWith('doctor.subjects.')).map((name) => name.split('.').at(-1)!);
    assert.deepEqual(
      names.filter((name) => !new RegExp(`\\b${name}\\b`).test(said)),
      [],
    );
  });

  it('are of some size', () => assert.ok(english.size > 400, String(english.size)));

  for (const language of LANGUAGES.filter((each) => each !== 'en')) {
    const other = new Map(textsOf(WORDS[language], ''));

    it(`have the same texts in "${language}", and no more`, () => assert.deepEqual([...other.keys()], [...english.keys()]));

    it(`tell the same values in "${language}"`, () => {
      for (const [name, text] of english) {
        const translated = other.get(name)!;
        assert.equal(typeof translated, typeof text, name);
        if (typeof text === 'string') {
          assert.ok(translated !== '', name);
          continue;
        }
        const values = valuesFor(text, translated);
        const rendered = render(translated, values);
        for (const [place, value] of values.entries()) {
          if (typeof value !== 'number') assert.ok(holds(rendered, value), `${name} says nothing of value ${place}: ${rendered}`);
          else if (render(text, values) !== render(text, values.with(place, 1_900_000_000)))
            assert.notEqual(rendered, render(translated, values.with(place, 1_900_000_000)), `${name} says nothing of value ${place}`);
        }
      }
    });

    it(`leave nothing in English in "${language}"`, () => {
      const same = [...english].filter(([name, text]) => {
        const translated = other.get(name)!;
        const values = typeof text === 'string' ? [] : valuesFor(text, translated);
        return render(text, values) === render(translated, values);
      });
      assert.deepEqual(
        same.map(([name]) => name).filter((name) => !SAME.has(name)),
        [],
      );
    });
  }

  it('know nothing of "one and many" wrongly', () => {
    const { moving, doctor } = WORDS.en;
    assert.equal(moving.mailsWritten(1, 'x'), '1 mail written to x');
    assert.equal(moving.mailsWritten(2, 'x'), '2 mails written to x');
    assert.equal(WORDS.de.doctor.certificate(1), 'Das Zertifikat gilt noch 1 Tag; ein Start erneuert es rechtzeitig.');
    assert.equal(doctor.certificate(1), 'The certificate is good for 1 more day; a start renews it in time.');
  });
});
