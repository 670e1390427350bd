/** GETMETADATA and SETMETADATA, RFC 5464 §4: annotations of folders and of the server. */
import { type MetadataEntry, StoreLimit } from '../../store/mail/message-types.js';
import { type Command, LOGGED_IN } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import { quietly } from '../own-changes.js';
import type { Session } from '../session.js';
import { astring, literal8, nstring } from '../wire/encoder.js';
import { findName } from './folder.js';
import { type GetMetadata, parseGetMetadata, parseSetMetadata, type SetMetadata } from './metadata-syntax.js';

/** Enough for a comment or a small icon; what is larger is a message. */
const MAX_VALUE_BYTES = 16_384;
/** What LIST says of the folder too, so it is read only. */
const SPECIAL_USE = '/private/specialuse';
/** Where annotations of the server itself are kept. */
export const SERVER = 0;

export const getMetadata: Command<GetMetadata> = {
  states: LOGGED_IN,
  parse: parseGetMetadata,
  run: async ({ target, entries, maxSize, depth }, session) => {
    const stored = [...session.rooms.metadata.list(mailboxIdOf(session, target), ownerOf(session)), ...specialUseOf(session, target)];
    const wanted = entries.flatMap((name): { entry: string; value: Buffer | null }[] => {
      const below = depth === '0' ? [] : stored.filter(({ entry }) => isBelow(entry, name, depth));
      const own = stored.find(({ entry }) => entry === name);
      // Who names an entry alone hears that it is not there; who asks for a tree hears what is there.
      return own !== undefined || depth === '0' ? [own ?? { entry: name, value: null }, ...below] : below;
    });
    const fits = wanted.filter(({ value }) => maxSize === null || (value?.length ?? 0) <= maxSize);
    if (fits.length > 0) sendMetadata(session, target ?? '', fits);
    if (fits.length === wanted.length) return undefined;
    const longest = Math.max(...wanted.map(({ value }) => value?.length ?? 0));
    return { code: `METADATA LONGENTRIES ${longest}`, text: 'Some values are longer' };
  },
};

export const setMetadata: Command<SetMetadata> = {
  states: LOGGED_IN,
  parse: parseSetMetadata,
  run: async ({ target, entries }, session) => {
    const mailboxId = mailboxIdOf(session, target);
    if (entries.some(({ value }) => value !== null && value.length > MAX_VALUE_BYTES)) {
      throw new ImapNo(`METADATA MAXSIZE ${MAX_VALUE_BYTES}`, `A value has at most ${MAX_VALUE_BYTES} bytes`);
    }
    if (entries.some(({ entry }) => entry === SPECIAL_USE)) throw new ImapNo('NOPERM', 'The use of a folder is said when it is made');
    // RFC 5464 §6.2.2: the owner's address is for the administrator to write.
    if (mailboxId === SERVER && entries.some(({ entry }) => entry === '/shared/admin')) throw new ImapNo('NOPERM', 'Read-only');
    try {
      quietly(session, () => session.rooms.metadata.set(mailboxId, ownerOf(session), entries));
    } catch (error) {
      if (error instanceof StoreLimit) throw new ImapNo('METADATA TOOMANY', error.message);
      throw error;
    }
    return undefined;
  },
};

/** RFC 6154 §4. */
function specialUseOf(session: Session, target: string | null): MetadataEntry[] {
  const use = target === '' ? null : findName(session, target).specialUse;
  return use === null ? [] : [{ entry: SPECIAL_USE, value: Buffer.from(use) }];
}

/** Each identity login has its own private annotations, as if it were another user; which it looks like to its client. */
export function ownerOf(session: Session): string {
  return session.login.identity ?? '';
}

function mailboxIdOf(session: Session, target: string | null): number {
  return target === '' ? SERVER : findName(session, target).id;
}

function isBelow(entry: string, top: string, depth: '1' | 'INFINITY'): boolean {
  if (!entry.startsWith(`${top}/`)) return false;
  return depth === 'INFINITY' || !entry.slice(top.length + 1).includes('/');
}

function sendMetadata(session: Session, path: string, entries: readonly (Omit<MetadataEntry, 'value'> & { value: Buffer | null })[]): void {
  session.send(`* METADATA ${formatTarget(session, path)} (`);
  entries.forEach(({ entry, value }, index) => {
    session.send(`${index > 0 ? ' ' : ''}${formatEntry(entry)} `);
    session.send(value?.includes(0) === true ? literal8(value) : nstring(value));
  });
  session.send(')\r\n');
}

export function formatTarget(session: Session, path: string): string {
  return path === '' ? '""' : session.formatMailbox(path);
}

export function formatEntry(entry: string): string {
  return astring(entry).toString('latin1');
}
