/** HEADER.FIELDS on bytes: the same as a plain reading of the header as text, whatever the bytes. */
import assert from 'node:assert/strict';
import type { Section } from '../../src/imap/fetch-items.js';
import { headerFields } from '../../src/imap/header-fields.js';
import { chooseFields, FieldNames } from '../../src/mime/header-fields.js';
import { areListed, listedFields } from '../../src/mime/listed-fields.js';
import { generator } from '../support/random.js';

const ROUNDS = 5000;
const PIECES = [
  'Subject',
  'subject ',
  ' SUBJECT',
  'From',
  'X-\xfc',
  ':',
  ': ',
  ' a',
  '\t',
  '\r\n',
  '\r\n',
  '\n',
  '\r',
  ' ',
  '\r\n\t',
  'x',
  '\xff',
];
const NAMES = ['Subject', 'FROM', 'x-\xfc', 'x', '', 'none'];

describe('header fields', () => {
  const random = generator();

  it(`are those that were named (POSTERN_SEED=${random.seed})`, () => {
    for (let round = 0; round < ROUNDS; round++) {
      const text = Array.from({ length: random.below(25) }, () => random.pick(PIECES)).join('');
      const fields = Array.from({ length: 1 + random.below(3) }, () => random.pick(NAMES));
      for (const name of ['HEADER.FIELDS', 'HEADER.FIELDS.NOT'] as const) {
        const header = Buffer.from(text, 'latin1');
        const chosen = headerFields(header, { part: [], text: name, fields } satisfies Section).toString('latin1');
        assert.equal(chosen, plainly(text, fields, name === 'HEADER.FIELDS.NOT'), JSON.stringify([text, fields, name]));
        assert.equal(header.toString('latin1'), text, 'the header itself stays as it is');
      }
      const [more, fewer] = [[...fields, random.pick(NAMES)], fields].map(
        (names) => ({ part: [], text: 'HEADER.FIELDS', fields: names }) as const,
      );
      const header = Buffer.from(text, 'latin1');
      const ofMore = chooseFields(header, new FieldNames(more.fields));
      assert.equal(headerFields(ofMore, fewer).toString('latin1'), headerFields(header, fewer).toString('latin1'), 'chosen twice');
    }
  });

  it('are kept apart of long headers that hold much else', () => {
    const listed = 'Subject: a\r\n b\r\nX-TUID: 7\r\nsubject : c\r\n';
    const received = `Received: from a\r\n\tby b${'.'.repeat(60)}\r\n`.repeat(30);
    assert.equal(String(listedFields(Buffer.from(`${received}${listed}${received}\r\n`))), `${listed}\r\n`);
    assert.equal(listedFields(Buffer.from(`${listed}\r\n`)), null, 'short');
    assert.equal(listedFields(Buffer.from(`${received}To: ${'a@b, '.repeat(600)}c@d\r\n\r\n`)), null, 'no gain');
    assert.deepEqual([areListed(['SUBJECT', 'x-tuid']), areListed(['Subject', 'Received'])], [true, false]);
  });

  it('are found in a header of 20 MB without a string of it', () => {
    const header = Buffer.from(`Subject: a\r\n${`X-Filler: ${'f'.repeat(66)}\r\n`.repeat(270_000)}Subject: b\r\n\r\n`);
    const startedAt = performance.now();
    const chosen = headerFields(header, { part: [], text: 'HEADER.FIELDS', fields: ['subject'] });
    assert.equal(chosen.toString(), 'Subject: a\r\nSubject: b\r\n\r\n');
    // 40 ms; a machine that does other work needs more.
    assert.ok(performance.now() - startedAt < 1000);
  });
});

function plainly(header: string, names: readonly string[], not: boolean): string {
  const fields = header.split(/(?<=\n)(?![ \t])/).filter((field) => !/^\r?\n/.test(field));
  const wanted = names.map((name) => name.toLowerCase());
  const chosen = fields.filter((field) => {
    const [, name] = /^[ \t-\r]*([^:]*?)[ \t-\r]*:/.exec(field) ?? [];
    return (name !== undefined && wanted.includes(name.toLowerCase())) !== not;
  });
  const text = chosen.join('');
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\r\n'}\r\n`;
}
