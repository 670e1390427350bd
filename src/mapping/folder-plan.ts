/** Pure: what the name of a folder means. */
import type { Saying } from '../words/words.js';

/** The folders that every gateway has, in the order a new one gets them; the attributes are RFC 6154's. */
export const STANDARD_FOLDERS: readonly { readonly path: string; readonly specialUse: string | null; readonly selectable: boolean }[] = [
  { path: 'INBOX', specialUse: null, selectable: true },
  { path: 'Sent', specialUse: '\\Sent', selectable: true },
  { path: 'Drafts', specialUse: '\\Drafts', selectable: true },
  { path: 'Junk', specialUse: '\\Junk', selectable: true },
  { path: 'Trash', specialUse: '\\Trash', selectable: true },
  { path: 'Archive', specialUse: '\\Archive', selectable: true },
  // RFC 6154 knows no attribute for it.
  { path: 'Outbox', specialUse: null, selectable: true },
  // They hold folders, not mail.
  { path: 'Chans', specialUse: null, selectable: false },
  { path: 'Subscriptions', specialUse: null, selectable: false },
];

export type GroupKind = 'chan' | 'subscription';

export const PARENTS: Record<GroupKind, string> = { chan: 'Chans', subscription: 'Subscriptions' };

export type FolderPlan =
  /** One of the standard folders: neither made, renamed nor removed by a client. */
  | { readonly kind: 'standard' }
  /** Directly under Chans or Subscriptions. */
  | { readonly kind: 'group'; readonly group: GroupKind; readonly name: string }
  | { readonly kind: 'ordinary' }
  /** Nothing can be there; the sentence says why. */
  | { readonly kind: 'refused'; readonly why: Saying };

/** Longer names only cause trouble elsewhere; a passphrase that long cannot be typed twice. */
const MAX_NAME_BYTES = 255;
const MAX_DEPTH = 20;

export function planFolder(path: string): FolderPlan {
  const levels = path.split('/');
  const [top, ...below] = levels;
  if (levels.some((level) => level === '')) return refused(({ folders }) => folders.empty);
  if (levels.length > MAX_DEPTH) return refused(({ folders }) => folders.tooDeep(MAX_DEPTH));
  if (levels.some((level) => Buffer.byteLength(level) > MAX_NAME_BYTES)) return refused(({ folders }) => folders.tooLong(MAX_NAME_BYTES));
  if (/\p{Cc}/u.test(path)) return refused(({ folders }) => folders.controlCharacters);
  const standard = STANDARD_FOLDERS.find((folder) => folder.path.toLowerCase() === top.toLowerCase())?.path;
  if (standard === undefined) return { kind: 'ordinary' };
  // IMAP compares all names but INBOX exactly: "chans/x" beside "Chans/x" would only mislead.
  if (standard !== top && standard !== 'INBOX') return refused(({ folders }) => folders.capital(standard));
  return below.length === 0 ? { kind: 'standard' } : planBelow(standard, below);
}

function planBelow(standard: string, levels: readonly string[]): FolderPlan {
  if (standard === 'Outbox') return refused(({ folders }) => folders.outboxHoldsNone);
  for (const group of ['chan', 'subscription'] as const) {
    if (PARENTS[group] !== standard) continue;
    return levels.length === 1 ? { kind: 'group', group, name: levels[0] } : refused(NESTED[group]);
  }
  return { kind: 'ordinary' };
}

const NESTED: Record<GroupKind, Saying> = {
  chan: ({ folders }) => folders.chansDirectly,
  subscription: ({ folders }) => folders.subscriptionsDirectly,
};

/**
 * What the name of a folder under Chans says: a passphrase, and behind it, where the chan is known by its address ("general
 * BM-2DAV89w336ovy6BUJnfVRD5B9qipFbRgmr"), that address, which the passphrase has to make.
 */
export function readChanName(name: string): { passphrase: string; address?: string } {
  const [, passphrase, address] = /^(.*\S)\s+(BM-[1-9A-HJ-NP-Za-km-z]{25,})$/s.exec(name) ?? [];
  return passphrase === undefined ? { passphrase: name } : { passphrase, address };
}

/** A folder name made from a passphrase, a label or an address: no delimiter, no controls, no leading or trailing blanks. */
export function toFolderName(label: string): string {
  let name = label
    .replace(/\p{Cc}+/gu, ' ')
    // A look-alike that is no delimiter.
    .replaceAll('/', '\u2215')
    .trim();
  while (Buffer.byteLength(name) > MAX_NAME_BYTES - 8) name = [...name].slice(0, -1).join('');
  return name === '' ? 'unnamed' : name;
}

function refused(why: Saying): FolderPlan {
  return { kind: 'refused', why };
}
