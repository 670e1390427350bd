/** Which language somebody reads, how it writes numbers, and what is left of it in ASCII. */
import assert from 'node:assert/strict';
import { toAscii } from '../../src/words/ascii.js';
import { about } from '../../src/words/english/outgoing.js';
import { about as etwa } from '../../src/words/german/outgoing.js';
import { acceptedLanguage, chooseLanguage } from '../../src/words/language.js';
import { WORDS } from '../../src/words/words.js';

describe('language', () => {
  for (const [setting, environment, expected] of [
    ['auto', { LANG: 'de_DE.UTF-8' }, 'de'],
    ['auto', { LANG: 'de_DE.UTF-8', LC_MESSAGES: 'en_US.UTF-8' }, 'en'],
    ['auto', { LANG: 'en_US.UTF-8', LC_ALL: 'de_AT' }, 'de'],
    ['auto', { LANG: 'de_DE.UTF-8', LC_ALL: 'C' }, 'en'],
    ['auto', { LANG: 'de_DE.UTF-8', LC_ALL: '' }, 'de'],
    ['auto', { LANG: 'fr_FR.UTF-8' }, 'en'],
    ['auto', { LANG: 'den_CA' }, 'en'],
    ['en', { LANG: 'de_DE.UTF-8' }, 'en'],
    ['de', { LC_ALL: 'C' }, 'de'],
  ] as const)
    it(`is ${expected} by ${setting} in ${JSON.stringify(environment)}`, () =>
      assert.equal(chooseLanguage(setting, environment), expected));

  for (const [header, expected] of [
    ['de-DE,de;q=0.9,en;q=0.8', 'de'],
    ['en-GB,en;q=0.9,de;q=0.8', 'en'],
    ['fr,de;q=0.5,en;q=0.7', 'en'],
    ['en;q=0,de;q=0.1', 'de'],
    ['fr, it;q=0.8', undefined],
    ['*', undefined],
    ['', undefined],
    [undefined, undefined],
  ] as const)
    it(`is ${expected ?? 'left open'} for a browser that says ${header}`, () => assert.equal(acceptedLanguage(header), expected));

  for (const [seconds, english, german] of [
    [0, 'less than a second', 'weniger als eine Sekunde'],
    [0.9, 'less than a second', 'weniger als eine Sekunde'],
    [1, 'about 1 second', 'etwa 1 Sekunde'],
    [9.4, 'about 9 seconds', 'etwa 9 Sekunden'],
    [13, 'about 15 seconds', 'etwa 15 Sekunden'],
    [38, 'about 40 seconds', 'etwa 40 Sekunden'],
    [84, 'about 80 seconds', 'etwa 80 Sekunden'],
    [86, 'about 1 minute', 'etwa 1 Minute'],
    [3_000, 'about 50 minutes', 'etwa 50 Minuten'],
    [5_400, 'about 2 hours', 'etwa 2 Stunden'],
    [100_000, 'about 30 hours', 'etwa 30 Stunden'],
    [200_000, 'about 2 days', 'etwa 2 Tage'],
    [8_640_000, 'about 100 days', 'etwa 100 Tage'],
  ] as const)
    it(`says of ${seconds} s "${english}", and "${german}"`, () => assert.deepEqual([about(seconds), etwa(seconds)], [english, german]));

  it('writes numbers, shares and lists as its readers do', () => {
    const { en, de } = WORDS;
    assert.deepEqual([en.write.number(12345), de.write.number(12345)], ['12,345', '12.345']);
    assert.deepEqual([en.write.percent(0.25), de.write.percent(0.25)], ['25%', '25\u00a0%']);
    assert.deepEqual([en.write.megabytes(1_540_000), de.write.megabytes(1_540_000)], ['1.5 MB', '1,5 MB']);
    assert.deepEqual([en.write.either(['a', 'b', 'c']), de.write.either(['a', 'b', 'c'])], ['a, b or c', 'a, b oder c']);
    assert.match(en.write.time(1_800_000_000), /^15 Jan 2027, \d\d:\d\d \S+$/);
    assert.match(de.write.moment(1_800_000_000), /^15\.01\.2027, \d\d:\d\d$/);
  });

  for (const [text, ascii] of [
    ['„Größe“ – Übung…', '"Groesse" - Uebung...'],
    ['u\u0308', 'ue'],
    ['Café, naïve, Łódź', 'Cafe, naive, ?odz'],
    ['25\u00a0%', '25 %'],
    ['BM-2c\ttab', 'BM-2c\ttab'],
    ['日本 \u{1f600}', '? ?'],
  ] as const)
    it(`writes ${text} as ${ascii}`, () => assert.equal(toAscii(text), ascii));
});
