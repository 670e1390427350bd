/** What Postern says to people: every text once in each language, as a string or as a function of what it tells. Pure. */
import { english } from './english/english.js';
import { german } from './german/german.js';
import type { Language } from './language.js';

/** English is the pattern: another language has the same texts, of the same values, or does not compile. */
export type Words = typeof english;

/** What is said by somebody who does not know who will read it. */
export type Saying = (words: Words) => string;

export const WORDS: Readonly<Record<Language, Words>> = { en: english, de: german };
