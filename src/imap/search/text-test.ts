/** Whether a text is in a message: in one of its header fields, in its body, anywhere. Pure. */
import { readStructure } from '../../mime/describe.js';
import { parseHeader, unfoldAsRead } from '../../mime/header.js';
import { chooseFields, FieldNames } from '../../mime/header-fields.js';
import { areListed } from '../../mime/listed-fields.js';
import { addressTexts, bodyFinder, fieldText, fold, headerText } from '../../mime/searchable-text.js';
import { fieldScan } from './field-scan.js';
import { plainScan } from './plain-scan.js';

export type TextTest =
  | {
      readonly reads: 'header';
      /** Whether what is kept of long headers (mime/listed-fields) holds all that it looks at. */
      readonly isListed: boolean;
      readonly text: string;
      /** Of a text in the Subject: the subject as it was read when the message was stored may hold it. False: the header has to be looked at. */
      isInSubject: ((subject: string) => boolean) | null;
      fits(header: Buffer): boolean;
    }
  | {
      readonly reads: 'text';
      /** Where it is looked for, the more likely place first. */
      readonly parts: readonly ('body' | 'header')[];
      readonly text: string;
      /** As `fits`, without the structure; null: it takes that. */
      scan(raw: Buffer): boolean | null;
      fits(raw: Buffer, structure: string): boolean;
    };

/** HEADER, FROM, SUBJECT and so on. @param text folded; '' asks whether the field is there */
export function fieldTest(field: string, text: string): TextTest {
  const lowerName = field.toLowerCase();
  const scan = fieldScan(lowerName, text);
  const names = new FieldNames([field]);
  return {
    reads: 'header',
    isListed: areListed([field]),
    text,
    // Parameters are read otherwise there, and of blanks and tabs in a row one blank is left; '' asks whether there is such a field.
    isInSubject:
      lowerName === 'subject' && text !== '' && !/\s/.test(text)
        ? (subject) => !subject.includes('*=') && fold(subject).includes(text)
        : null,
    fits: (header) => scan(header) ?? isInField(chooseFields(header, names), lowerName, text),
  };
}

export function bodyTest(text: string): TextTest {
  const isInBody = bodyFinder(text);
  return {
    reads: 'text',
    parts: ['body'],
    text,
    scan: plainScan(text),
    fits: (raw, structure) => isInBody(raw, readStructure(structure)),
  };
}

export function wholeTest(text: string): TextTest {
  const isInBody = bodyFinder(text);
  return {
    reads: 'text',
    parts: ['body', 'header'],
    text,
    scan: plainScan(text),
    fits: (raw, structure) => {
      const tree = readStructure(structure);
      return isInBody(raw, tree) || fold(headerText(raw, tree)).includes(text);
    },
  };
}

/** The values of a field are looked into, and addresses also as they are without comments and blanks. */
function isInField(header: Buffer, lowerName: string, text: string): boolean {
  const fields = parseHeader(header, 0, header.length, unfoldAsRead).filter((field) => field.name.toLowerCase() === lowerName);
  return fields.some((field) => [fieldText(field), ...addressTexts(field)].some((value) => fold(value).includes(text)));
}
