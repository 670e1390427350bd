/** Pure: what a URL of the CardDAV server stands for. */

export type Resource =
  | { readonly kind: 'root' }
  | { readonly kind: 'principal' }
  | { readonly kind: 'home' }
  | { readonly kind: 'book'; readonly book: string }
  | { readonly kind: 'card'; readonly book: string; readonly name: string };

export const ROOT_PATH = '/';
export const PRINCIPAL_PATH = '/principal/';
export const HOME_PATH = '/books/';
/** RFC 6764 §5. */
export const WELL_KNOWN_PATH = '/.well-known/carddav';

/** A client chooses the names of cards; longer ones are no names. */
const MAX_NAME_CHARACTERS = 255;

/** Null for a path that is none of ours. A whole URL, as some clients send in a multiget, is read as its path. */
export function parsePath(url: string): Resource | null {
  let parts: string[];
  try {
    const path = /^https?:\/\//i.test(url) ? new URL(url).pathname : url.split('?')[0];
    parts = path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return null; // a broken URL or a broken escape
  }
  if (parts.at(-1) === '') parts.pop();
  const [top, book, name, ...more] = parts;
  if (top === undefined) return { kind: 'root' };
  if (top === 'principal' && book === undefined) return { kind: 'principal' };
  if (top !== 'books' || more.length > 0) return null;
  if (book === undefined) return { kind: 'home' };
  if (name === undefined) return { kind: 'book', book };
  const isName = name !== '' && name.length <= MAX_NAME_CHARACTERS && !/[/\p{Cc}]/u.test(name);
  return isName ? { kind: 'card', book, name } : null;
}

export function bookPath(book: string): string {
  return `${HOME_PATH}${encodeURIComponent(book)}/`;
}

export function cardPath(book: string, name: string): string {
  return `${bookPath(book)}${encodeURIComponent(name)}`;
}
