/** A text in ASCII, for protocols that carry nothing else: as people write it who have no other keys. Pure. */

/** What has no other letter below its marks. */
const SPELLINGS: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  ß: 'ss',
  '„': '"',
  '“': '"',
  '”': '"',
  '‚': "'",
  '‘': "'",
  '’': "'",
  '–': '-',
  '—': '-',
  '…': '...',
};

/** What cannot be written so becomes "?"; control characters stay as they are. */
export function toAscii(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[^\0-\x7f]/gu, (character) => SPELLINGS[character] ?? character.normalize('NFKD').replace(/\p{M}/gu, ''))
    .replace(/[^\0-\x7f]+/gu, '?');
}
