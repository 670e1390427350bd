import assert from 'node:assert/strict';
import { booleanOf, readPythonConfig, textOf, wholeOf } from '../../../src/migration/formats/python-config.js';

const section = (lines: string) => readPythonConfig(`[s]\n${lines}`).sections.get('s')!;

describe('python-config', () => {
  for (const [lines, expected, why] of [
    ['key = value', 'value', 'with blanks around the sign'],
    ['key: value', 'value', 'with a colon'],
    ['KEY=value', 'value', 'keys have no case'],
    ['key = %%c', '%c', '"%%" is one sign'],
    ['key = 100%', '100%', 'a lonely "%" stays'],
    ['other = x\nkey = a%(other)sb', 'axb', 'a reference'],
    ['key = %(nowhere)s', '%(nowhere)s', 'a reference to nothing stays'],
    ['key = value ; a comment', 'value', 'a comment behind a blank'],
    ['key = a;b', 'a;b', 'a semicolon without a blank'],
    ['key = one\n two', 'one\ntwo', 'a continued line'],
    ['key = ""', '', 'two quotes'],
    ['key =', '', 'nothing'],
    ['key = a = b: c', 'a = b: c', 'signs in the value'],
    ['# key = no\n; key = no\nkey = yes', 'yes', 'comments'],
    ['nonsense\nkey = value', 'value', 'a line that means nothing'],
    ['key = a\r\nother = b', 'a', 'CRLF'],
    ['key = one\nkey = two', 'two', 'the last one wins'],
  ] as const)
    it(`reads ${JSON.stringify(lines)} as ${JSON.stringify(expected)}: ${why}`, () =>
      assert.equal(textOf(section(lines), 'key'), expected));

  it('gives the values of [DEFAULT] to every section, also to those before it', () => {
    const { sections } = readPythonConfig('[a]\nx = 1\n[DEFAULT]\nx = 0\ny = 2\n[b]\n');
    assert.deepEqual(
      [...sections].map(([name, values]) => [name, textOf(values, 'x'), textOf(values, 'y')]),
      [
        ['a', '1', '2'],
        ['b', '0', '2'],
      ],
    );
  });

  it('takes a section that comes twice for one', () => {
    const { sections } = readPythonConfig('[s]\nx = 1\n[t]\ny = 2\n[s]\nz = 3');
    assert.deepEqual([...sections.get('s')!.keys()], ['x', 'z']);
  });

  it('ends references that multiply', () => {
    const text = Array.from({ length: 10 }, (_, level) => `v${level} = ${`%(v${level + 1})s`.repeat(40)}`).join('\n');
    assert.ok((textOf(section(`${text}\nv10 = x`), 'v0') ?? '').length < 100_000);
  });

  it('takes many defaults in many sections without a copy for each', () => {
    const lines = (count: number, line: (index: number) => string): string =>
      Array.from({ length: count }, (_, index) => line(index)).join('\n');
    const { sections } = readPythonConfig(
      `[DEFAULT]\n${lines(20_000, (index) => `k${index} = v`)}\n${lines(20_000, (index) => `[s${index}]`)}`,
    );
    assert.equal(textOf(sections.get('s19999')!, 'k19999'), 'v');
  });

  it('ends references that go round in a circle', () => {
    assert.match(textOf(section('a = %(key)s\nkey = %(a)s'), 'key') ?? '', /^%\(/);
  });

  for (const [text, truth] of [
    ['1', true],
    ['Yes', true],
    ['ON', true],
    ['true', true],
    ['0', false],
    ['off', false],
    ['', undefined],
    ['constructor', undefined],
  ] as const)
    it(`takes "${text}" as ${truth}`, () => assert.equal(booleanOf(section(`key = ${text}`), 'key'), truth));

  for (const [text, number] of [
    ['12', 12],
    ['-1', undefined],
    ['1.5', undefined],
    ['', undefined],
    ['99999999999999999999', undefined],
  ] as const)
    it(`takes "${text}" as the number ${number}`, () => assert.equal(wholeOf(section(`key = ${text}`), 'key'), number));
});
