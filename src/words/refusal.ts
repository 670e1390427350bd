/** What cannot be done, for the person who asked: said in the language of whoever answers them, and in English to logs. */
import { english } from './english/english.js';
import type { Saying } from './words.js';

/** A room has a class of its own for it, if somebody catches it by class. */
export class Refusal extends Error {
  constructor(
    readonly say: Saying,
    options?: ErrorOptions,
  ) {
    super(say(english), options);
  }
}
