/** Foreign text on a terminal, in a log or in a table there: shown, and never obeyed. Pure. */

/** Terminals take C0, DEL and C1 for orders, U+009B as they take ESC and "[". */
const ORDERS = /[^\P{Cc}\n\t]|[\u2028\u2029]/gu;

/** Lines and tabs stay. */
export function shown(text: string): string {
  return text.replace(ORDERS, '\ufffd');
}

/** Foreign text within a line, no longer than it may be: a peer would write lines of ours. */
export function shownInLine(text: string, maxCharacters: number): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return line.length <= maxCharacters ? line : `${[...line].slice(0, maxCharacters).join('')}…`;
}

/** JSON with the same value. */
export function shownJson(json: string): string {
  return json.replace(ORDERS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
