/** ENABLE, RFC 5161 and RFC 9051 §6.3.1. */
import type { Command } from '../command.js';
import type { Enabled } from '../session.js';

/** What can be enabled here, and what comes along with it: RFC 7162 §3.2.3 (QRESYNC is more than CONDSTORE). */
const KNOWN: Readonly<Record<string, readonly Enabled[]>> = {};

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
    for (const name of names) {
      for (const extension of KNOWN[name] ?? []) {
        if (session.enabled.has(extension)) continue;
        session.enabled.add(extension);
        enabled.push(extension);
      }
    }
    session.send(`* ENABLED${enabled.map((name) => ` ${name}`).join('')}\r\n`);
    return undefined;
  },
};
