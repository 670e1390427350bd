/** What holds for all orders, wherever they are given: at a terminal, on the page, by mail. */
import { write } from './write.js';

export const orders = {
  notDone: (why: string) => `Not done: ${why}.`,
  internalError: 'internal error; the log says more',
  notUnderstood: 'This is not understood.',
  offer: 'What can be asked for, in the subject or in the lines of a mail:',
  offerHelp: 'Show this.',
  interrupted: 'Postern was stopped while it did this. Ask for "status" to see whether it was done.',

  diskFull: 'the disk is full',
  damaged: 'the database is damaged: postern doctor looks at it',
  notJson: 'the body is not JSON',
  notAnObject: 'the arguments must be a JSON object',
  unknownArgument: (order: string, name: string) => `"${order}" knows no ${name}`,
  notText: (name: string, most: number) => `${name} must be text of at most ${write.number(most)} characters`,
  missing: (order: string, name: string) => `"${order}" needs ${name}`,
  tooMany: (order: string, word: string) => `"${order}" does not know what to do with "${word}"`,
  notAVersion: 'address-version is 3 or 4',
  notTwice: (name: string) => `the ${name} was not typed the same twice`,
  notAbsolute: (path: string) => `${path} must be an absolute path`,
  isThere: (path: string) => `${path} is there already: name a file that is not`,
  notWritable: (path: string, why: string) => `${path} cannot be written: ${why}`,
  stopping: 'the gateway is stopping',

  page: { help: 'Print the address of the local page; it opens once, within ten minutes, and the browser stays let in.' },
};
