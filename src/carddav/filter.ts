/** Pure: whether a card passes the filter of an addressbook-query, RFC 6352 §10.5. */
import { type CardProperty, cardProperties } from '../mime/vcard.js';
import { CARD, type XmlElement } from './xml.js';

/** No filter passes everything. Parameters are not looked at: no card of ours has any that people search for. */
export function passes(card: string, filter: XmlElement | undefined): boolean {
  const tests = filter?.children.filter(({ name }) => name === `{${CARD}}prop-filter`) ?? [];
  if (tests.length === 0) return true;
  const properties = cardProperties(card);
  return combine(filter!, tests, (test) => passesProperty(properties, test));
}

function passesProperty(properties: readonly CardProperty[], test: XmlElement): boolean {
  const wanted = (test.attributes.name ?? '').replace(/^[\w-]+\./, '').toUpperCase();
  const values = properties.filter(({ name }) => name === wanted).map(({ value }) => value);
  if (test.children.some(({ name }) => name === `{${CARD}}is-not-defined`)) return values.length === 0;
  const matches = test.children.filter(({ name }) => name === `{${CARD}}text-match`);
  if (values.length === 0) return false;
  return matches.length === 0 || combine(test, matches, (match) => matchesText(values, match));
}

function matchesText(values: readonly string[], match: XmlElement): boolean {
  const fold = (text: string): string => (match.attributes.collation === 'i;octet' ? text : text.normalize('NFKC').toLowerCase());
  const wanted = fold(match.text);
  const found = values.map(fold).some((value) => {
    switch (match.attributes['match-type']) {
      case 'equals':
        return value === wanted;
      case 'starts-with':
        return value.startsWith(wanted);
      case 'ends-with':
        return value.endsWith(wanted);
      default:
        return value.includes(wanted);
    }
  });
  return found !== (match.attributes['negate-condition'] === 'yes');
}

/** RFC 6352 §10.5: anyof unless it says allof. */
function combine(element: XmlElement, tests: readonly XmlElement[], check: (test: XmlElement) => boolean): boolean {
  return element.attributes.test === 'allof' ? tests.every(check) : tests.some(check);
}
