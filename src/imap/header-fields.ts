/** HEADER.FIELDS and HEADER.FIELDS.NOT, RFC 9051 §6.4.5. Pure; takes any bytes. */
import { chooseFields, FieldNames } from '../mime/header-fields.js';
import { areListed } from '../mime/listed-fields.js';
import type { Section } from './fetch-items.js';

/** The fields of a header that are (or are not) named. */
export function headerFields(header: Buffer, section: Section): Buffer {
  return chooseFields(header, compiledOf(section).names, section.text === 'HEADER.FIELDS.NOT');
}

/** Whether that can be answered out of `listedFields` (mime/listed-fields). */
export function asksListedFields(section: Section): boolean {
  return compiledOf(section).areListed;
}

interface Compiled {
  readonly names: FieldNames;
  readonly areListed: boolean;
}

/** Once for all messages of a command. */
const compiled = new WeakMap<Section, Compiled>();

function compiledOf(section: Section): Compiled {
  let made = compiled.get(section);
  if (made === undefined) {
    made = { names: new FieldNames(section.fields), areListed: section.text === 'HEADER.FIELDS' && areListed(section.fields) };
    compiled.set(section, made);
  }
  return made;
}
