/** In which language a request is answered. Pure. */
import type { IncomingMessage } from 'node:http';
import { acceptedLanguage } from '../words/language.js';
import { WORDS, type Words } from '../words/words.js';

/** That of the browser or the terminal, if we speak it. */
export function askedWords({ headers }: Pick<IncomingMessage, 'headers'>, otherwise: Words): Words {
  const language = acceptedLanguage(headers['accept-language']);
  return language === undefined ? otherwise : WORDS[language];
}
