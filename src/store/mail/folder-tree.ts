/** The names: making, renaming and removing folders, and subscriptions. Entries are not touched here. */
import type { UnixSeconds } from '../../base/clock.js';
import type { Database } from '../database.js';
import { StoreLimit } from './message-types.js';
import { RemovedFolders } from './removed-folders.js';
import type { Mailbox } from './types.js';
import { WhileUnchanged } from './while-unchanged.js';

/** Far more than a person keeps; a client in a loop must not fill the disk with names. */
export const MAX_MAILBOXES = 10_000;
/** Each level costs a row; deeper trees than this come from broken scripts. */
export const MAX_DEPTH = 50;
/** Fits a line of every client, also in UTF-7. */
export const MAX_PATH_LENGTH = 1000;

interface MailboxRow {
  id: number;
  path: string;
  uid_validity: number;
  uid_next: number;
  recent_from: number;
  highest_modseq: number;
  special_use: string | null;
  selectable: number;
}

/** What changes only when a folder is made, renamed or removed. */
type Name = Omit<Mailbox, 'uidNext' | 'recentFrom' | 'highestModseq'>;

const COLUMNS = 'id, path, uid_validity, uid_next, recent_from, highest_modseq, special_use, selectable';

export class FolderTree {
  readonly #removed: RemovedFolders;
  /** By id, with their places in the order of the list; null: they have changed since they were read. */
  #names: ReadonlyMap<number, { place: number; name: Name }> | null = null;
  /** By id, and by path. */
  readonly #found: WhileUnchanged<Mailbox | null>;

  constructor(private readonly database: Database) {
    this.#found = new WhileUnchanged(database);
    this.#removed = new RemovedFolders(database);
  }

  list(): Mailbox[] {
    const names = this.#names ?? this.#readNames();
    // As one text: a call out of the database per value would cost more than writing and parsing it.
    const { rows } = this.database.get<{ rows: string }>(
      'SELECT json_group_array(json_array(id, uid_next, recent_from, highest_modseq)) AS rows FROM mailboxes WHERE removed = 0',
    )!;
    const list = new Array<Mailbox>(names.size);
    for (const [id, uidNext, recentFrom, highestModseq] of JSON.parse(rows) as [number, number, number, number][]) {
      const { place, name } = names.get(id)!;
      list[place] = { ...name, uidNext, recentFrom, highestModseq };
    }
    return list;
  }

  find(path: string): Mailbox | undefined {
    // None is longer, and what clients invent is not to be kept.
    if (path.length > MAX_PATH_LENGTH) return undefined;
    return this.#find('path', canonicalPath(path));
  }

  byId(id: number): Mailbox | undefined {
    return this.#find('id', id);
  }

  create(path: string, specialUse: string | null, selectable: boolean, now: UnixSeconds): Mailbox {
    this.#names = null;
    const levels = checkedLevels(path);
    for (let depth = 1; depth < levels.length; depth++) {
      const parent = levels.slice(0, depth).join('/');
      if (this.find(parent) === undefined) this.#insert(parent, null, false, now);
    }
    const canonical = levels.join('/');
    const present = this.find(canonical);
    if (present === undefined) this.#insert(canonical, specialUse, selectable, now);
    else if (present.selectable) throw new Error(`the folder ${canonical} exists`);
    else this.database.run('UPDATE mailboxes SET selectable = ?, special_use = ? WHERE id = ?', selectable ? 1 : 0, specialUse, present.id);
    return this.find(canonical)!;
  }

  /** Moves a name and all below it, and the subscriptions with them. */
  rename(from: string, to: string, now: UnixSeconds): void {
    this.#names = null;
    const source = canonicalPath(from);
    const levels = checkedLevels(to);
    const target = levels.join('/');
    if (this.find(source) === undefined) throw new Error(`there is no folder ${source}`);
    if (this.find(target) !== undefined) throw new Error(`the folder ${target} exists`);
    if (target.startsWith(`${source}/`)) throw new Error('a folder cannot move below itself');
    const moved = this.#below(source);
    for (const path of moved) checkedLevels(target + path.slice(source.length));
    this.database.run(
      "UPDATE mailboxes SET path = ? || substr(path, ?) WHERE path = ? OR substr(path, 1, ?) = ? || '/'",
      ...rename(source, target),
    );
    // OR REPLACE: a name of a folder that is gone may be subscribed already.
    this.database.run(
      "UPDATE OR REPLACE subscriptions SET path = ? || substr(path, ?) WHERE path = ? OR substr(path, 1, ?) = ? || '/'",
      ...rename(source, target),
    );
    for (let depth = 1; depth < levels.length; depth++) {
      const parent = levels.slice(0, depth).join('/');
      if (this.find(parent) === undefined) this.#insert(parent, null, false, now);
    }
  }

  /** Gives up a name; with children it stays, as a new \Noselect one. */
  remove(mailbox: Mailbox, now: UnixSeconds): void {
    const hasChildren = this.#below(mailbox.path).length > 1;
    if (hasChildren && !mailbox.selectable) throw new Error(`${mailbox.path} has children`);
    this.#names = null;
    this.#removed.hide(mailbox.id);
    if (hasChildren) this.#insert(mailbox.path, null, false, now);
  }

  subscribe(path: string): void {
    checkedLevels(path);
    const { count } = this.database.get<{ count: number }>('SELECT count(*) AS count FROM subscriptions')!;
    if (count >= MAX_MAILBOXES) throw new StoreLimit(`${MAX_MAILBOXES} subscriptions are the most`);
    this.database.run('INSERT OR IGNORE INTO subscriptions (path) VALUES (?)', canonicalPath(path));
  }

  unsubscribe(path: string): void {
    this.database.run('DELETE FROM subscriptions WHERE path = ?', canonicalPath(path));
  }

  subscriptions(): string[] {
    const paths = this.database.all<{ path: string }>('SELECT path FROM subscriptions').map((row) => row.path);
    return paths.sort((a, b) => compareUnits(sortKey(a), sortKey(b)));
  }

  #find(column: 'id' | 'path', value: number | string): Mailbox | undefined {
    const found = this.#found.get(value, () => {
      const row = this.database.get<MailboxRow>(`SELECT ${COLUMNS} FROM mailboxes WHERE ${column} = ? AND removed = 0`, value);
      return row === undefined ? null : toMailbox(row);
    });
    return found ?? undefined;
  }

  #readNames(): ReadonlyMap<number, { place: number; name: Name }> {
    const names = COLUMNS.split(', ').map((column) => `'${column}', ${column}`);
    const { rows } = this.database.get<{ rows: string }>(
      `SELECT json_group_array(json_object(${names.join(', ')})) AS rows FROM mailboxes WHERE removed = 0`,
    )!;
    const keyed = (JSON.parse(rows) as MailboxRow[])
      .map((row) => ({ name: toMailbox(row), key: sortKey(row.path) }))
      .sort((a, b) => compareUnits(a.key, b.key));
    const read = new Map(keyed.map(({ name }, place) => [name.id, { place, name }]));
    // What a transaction has changed may be taken back.
    if (!this.database.inTransaction) this.#names = read;
    return read;
  }

  /** The path itself and all below it. */
  #below(path: string): string[] {
    return this.database
      .all<{ path: string }>("SELECT path FROM mailboxes WHERE path = ? OR substr(path, 1, ?) = ? || '/'", path, codePoints(path) + 1, path)
      .map((row) => row.path);
  }

  #insert(path: string, specialUse: string | null, selectable: boolean, now: UnixSeconds): void {
    const { count } = this.database.get<{ count: number }>('SELECT count(*) AS count FROM mailboxes')!;
    if (count >= MAX_MAILBOXES) throw new StoreLimit(`${MAX_MAILBOXES} folders are the most`);
    // The time, so that a database made anew gives higher ones than the last.
    this.database.run('UPDATE uid_validity SET last = max(last + 1, ?)', now);
    const { last } = this.database.get<{ last: number }>('SELECT last FROM uid_validity')!;
    this.database.run(
      'INSERT INTO mailboxes (path, uid_validity, special_use, selectable) VALUES (?, ?, ?, ?)',
      path,
      last,
      specialUse,
      selectable ? 1 : 0,
    );
  }
}

/** INBOX and what lies below it, in any case, is written in capitals. */
export function canonicalPath(path: string): string {
  return /^inbox(?=\/|$)/i.test(path) ? `INBOX${path.slice(5)}` : path;
}

function checkedLevels(path: string): string[] {
  const levels = canonicalPath(path).split('/');
  if (levels.includes('')) throw new TypeError('an empty level in a folder path');
  if (levels.length > MAX_DEPTH) throw new StoreLimit(`${MAX_DEPTH} levels of folders are the most`);
  if (path.length > MAX_PATH_LENGTH) throw new StoreLimit(`a folder path can have ${MAX_PATH_LENGTH} characters`);
  return levels;
}

/** The values of the two renaming statements. SQLite counts characters, not UTF-16 units. */
function rename(source: string, target: string): [string, number, string, number, string] {
  return [target, codePoints(source) + 1, source, codePoints(source) + 1, source];
}

function codePoints(text: string): number {
  return [...text].length;
}

/** Children follow their parent at once ("a/b" before "a b"), INBOX comes first. */
function sortKey(path: string): string {
  const levels = path.replaceAll('/', '\0');
  return /^INBOX(?=\0|$)/.test(levels) ? `\0${levels}` : levels;
}

function compareUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function toMailbox(row: MailboxRow): Mailbox {
  return {
    id: row.id,
    path: row.path,
    uidValidity: row.uid_validity,
    uidNext: row.uid_next,
    recentFrom: row.recent_from,
    highestModseq: row.highest_modseq,
    specialUse: row.special_use,
    selectable: row.selectable === 1,
    // Given once for ever, like UIDVALIDITY, which is unique among all folders.
    objectId: `F${row.uid_validity}`,
  };
}
