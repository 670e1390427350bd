/**
 * GETQUOTA and GETQUOTAROOT, RFC 9208: how much is used. Nobody sets a limit; what is told as one are the ends of the store
 * itself, for the response cannot do without.
 */
import { type Command, LOGGED_IN } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import type { Session } from '../session.js';
import { quoted } from '../wire/encoder.js';
import { visibleFolders } from './mailbox-filter.js';

/** All folders share the one store. */
const ROOT = '';
/** UIDs have 32 bits and are never used twice. */
const MAX_MESSAGES = 2 ** 32 - 1;
/** The largest SQLite database: 2^48 bytes, in units of 1024. */
const MAX_STORAGE_UNITS = 2 ** 38;
const BYTES_PER_UNIT = 1024;

export const getQuota: Command<string> = {
  states: LOGGED_IN,
  parse: (args) => {
    args.space();
    return args.astring().toString('utf8');
  },
  run: async (root, session) => {
    if (root !== ROOT) throw new ImapNo('NONEXISTENT', 'No such quota root');
    sendQuota(session);
    return undefined;
  },
};

export const getQuotaRoot: Command<string | null> = {
  states: LOGGED_IN,
  parse: (args) => {
    args.space();
    return args.mailbox();
  },
  run: async (path, session) => {
    if (path === null) throw new ImapNo('CANNOT', 'The name is not well-formed');
    // RFC 9208 §4.1.2: of a folder that is yet to be made, too.
    session.send(`* QUOTAROOT ${session.formatMailbox(path)} ${quoted(ROOT).toString('latin1')}\r\n`);
    sendQuota(session);
    return undefined;
  },
};

export function toStorageUnits(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_UNIT);
}

function sendQuota(session: Session): void {
  let messages = 0;
  let bytes = 0;
  for (const { id } of visibleFolders(session)) {
    const counts = session.rooms.mailboxes.counts(id, session.login.identity);
    messages += counts.messages;
    bytes += counts.size;
  }
  const storage = `STORAGE ${toStorageUnits(bytes)} ${MAX_STORAGE_UNITS}`;
  session.send(`* QUOTA ${quoted(ROOT).toString('latin1')} (${storage} MESSAGE ${messages} ${MAX_MESSAGES})\r\n`);
}
