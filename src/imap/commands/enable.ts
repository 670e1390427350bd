/** ENABLE, RFC 5161 and RFC 9051 §6.3.1. */
import type { Command } from '../command.js';
import type { Enabled } from '../session.js';

const KNOWN: readonly Enabled[] = ['CONDSTORE', 'QRESYNC', 'UTF8=ACCEPT', 'IMAP4rev2', 'UIDONLY'];

export const enable: Command<string[]> = {
  // RFC 5161 §3.1: before a mailbox is selected.
  states: ['authenticated'],
  parse: (args) => {
    const names: string[] = [];
    do {
      args.space();
      names.push(args.keyword());
    } while (!args.atEnd);
    return names;
  },
  run: async (names, session) => {
    const enabled: Enabled[] = [];
    for (const extension of KNOWN) {
      if (!names.includes(extension.toUpperCase()) || session.enabled.has(extension)) continue;
      session.enabled.add(extension);
      enabled.push(extension);
    }
    // RFC 7162 §3.2.3: who knows QRESYNC knows CONDSTORE.
    if (session.enabled.has('QRESYNC')) session.enabled.add('CONDSTORE');
    session.send(`* ENABLED${enabled.map((name) => ` ${name}`).join('')}\r\n`);
    return undefined;
  },
};
