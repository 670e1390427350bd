/** What lies in folders: adding, flagging and removing entries. Each call belongs into a transaction of `mailboxes`. */
import type { UnixSeconds } from '../../base/clock.js';
import type { Database } from '../database.js';
import { ChangeLog } from './change-log.js';
import { CountChange, readCounts } from './entry-counts.js';
import { type EntryRow, readEntryRows, readUids, toEntry } from './entry-rows.js';
import { type StoredFlags, toStoredFlags } from './flags.js';
import { Keywords } from './keywords.js';
import { deleteOrphans, insertMessage } from './messages.js';
import type { Changes, Describe, Entry, FlagOperation, NewEntry, Scope, UidPairs } from './types.js';
import { exactRuns, readingRuns, type UidRun } from './uid-runs.js';

export class Entries {
  readonly #changes: ChangeLog;
  readonly #keywords: Keywords;

  constructor(
    private readonly database: Database,
    private readonly describe: Describe,
  ) {
    this.#changes = new ChangeLog(database);
    this.#keywords = new Keywords(database);
  }

  uids(mailboxId: number, scope: Scope, first = 1, last = Number.MAX_SAFE_INTEGER): number[] {
    const condition = 'mailbox_id = ?1 AND uid BETWEEN ?3 AND ?4 AND (?2 IS NULL OR identity = ?2)';
    return readUids(this.database, condition, mailboxId, scope, first, last);
  }

  uidRuns(mailboxId: number): UidRun[] | null {
    const expunged = this.#changes.runsSince(mailboxId, 0);
    if (expunged === null) return null;
    const { uid_next: uidNext } = this.database.get<{ uid_next: number }>('SELECT uid_next FROM mailboxes WHERE id = ?', mailboxId)!;
    const runs: UidRun[] = [];
    let next = 1;
    for (const { first, last } of expunged) {
      if (first > next) runs.push({ first: next, last: first - 1 });
      next = last + 1;
    }
    if (next < uidNext) runs.push({ first: next, last: uidNext - 1 });
    // Whatever else may have taken entries away: the counts know.
    const { messages } = readCounts(this.database, mailboxId, null);
    return messages === runs.reduce((sum, { first, last }) => sum + last - first + 1, 0) ? runs : null;
  }

  firstUnseen(mailboxId: number, scope: Scope): number | null {
    const row = this.database.get<{ uid: number }>(
      `SELECT uid FROM entries INDEXED BY entries_unseen
       WHERE mailbox_id = ?1 AND flags & 1 = 0 AND (?2 IS NULL OR identity = ?2) ORDER BY uid LIMIT 1`,
      mailboxId,
      scope,
    );
    return row?.uid ?? null;
  }

  read(mailboxId: number, uids: readonly number[]): Entry[] {
    return this.#rows(mailboxId, uids).map(toEntry);
  }

  changesSince(mailboxId: number, scope: Scope, modseq: number, limit = Number.MAX_SAFE_INTEGER): Changes {
    const highest = this.#changes.highest(mailboxId);
    const upTo = this.#modseqAfter(mailboxId, modseq, limit) ?? highest;
    const rows = readEntryRows(
      this.database,
      'mailbox_id = ?1 AND modseq > ?2 AND modseq <= ?4 AND (?3 IS NULL OR identity = ?3)',
      mailboxId,
      modseq,
      scope,
      upTo,
    );
    return {
      entries: rows.map(toEntry),
      expunged: this.#changes.expungedSince(mailboxId, modseq, upTo),
      highestModseq: upTo,
      complete: upTo >= highest,
    };
  }

  expungedSince(mailboxId: number, modseq: number): UidRun[] | null {
    return this.#changes.runsSince(mailboxId, modseq);
  }

  /** The mod-sequence up to which about `limit` entries have changed; undefined when there are no more than that. */
  #modseqAfter(mailboxId: number, modseq: number, limit: number): number | undefined {
    const at = (offset: number): number | undefined =>
      this.database.get<{ modseq: number }>(
        'SELECT modseq FROM entries WHERE mailbox_id = ? AND modseq > ? ORDER BY modseq LIMIT 1 OFFSET ?',
        mailboxId,
        modseq,
        offset,
      )?.modseq;
    const next = at(limit);
    // The first ones may all have the same: then those at least.
    return next === undefined ? undefined : Math.max(next - 1, at(0)!);
  }

  append(mailboxId: number, messages: readonly NewEntry[], now: UnixSeconds): number[] {
    const rows = messages.map((message) => {
      const { bits, keywords } = toStoredFlags(message.flags);
      return {
        flags: bits,
        keywords: keywords.join(' '),
        internalDate: message.internalDate,
        size: message.raw.length,
        messageId: insertMessage(this.database, this.describe, message.raw),
        identity: message.identity,
      };
    });
    return this.#insert(mailboxId, rows, now);
  }

  setFlags(
    mailboxId: number,
    uids: readonly number[],
    operation: FlagOperation,
    flags: readonly string[],
    unchangedSince: number,
  ): { changed: Entry[]; refused: number[] } {
    const rows = this.#rows(mailboxId, uids);
    const refused = rows.filter((row) => row.modseq > unchangedSince).map((row) => row.uid);
    const wanted = this.#spelled(mailboxId, toStoredFlags(flags), operation);
    const counts = new CountChange();
    const changed: EntryRow[] = [];
    for (const row of rows) {
      if (row.modseq > unchangedSince) continue;
      const bits = combineBits(row.flags, wanted.bits, operation);
      const keywords = combineKeywords(row.keywords, wanted.keywords, operation);
      if (bits === row.flags && keywords === row.keywords) continue;
      counts.removed(row.identity, row.flags, row.size);
      counts.added(row.identity, bits, row.size);
      changed.push({ ...row, flags: bits, keywords });
    }
    const modseq = changed.length === 0 ? 0 : this.#changes.next(mailboxId);
    this.#writeFlags(mailboxId, modseq, changed);
    counts.write(this.database, mailboxId);
    return { changed: changed.map((row) => toEntry({ ...row, modseq })), refused };
  }

  /** One statement for neighbours that come to the same state: nearly always, a client flags all that it flags alike. */
  #writeFlags(mailboxId: number, modseq: number, rows: readonly EntryRow[]): void {
    for (let start = 0, end = 1; start < rows.length; start = end++) {
      const { uid, flags, keywords } = rows[start];
      const continues = (row: EntryRow): boolean => row.uid === uid + end - start && row.flags === flags && row.keywords === keywords;
      while (end < rows.length && continues(rows[end])) end++;
      this.database.run(
        'UPDATE entries SET modseq = ?, flags = ?, keywords = ? WHERE mailbox_id = ? AND uid BETWEEN ? AND ?',
        modseq,
        flags,
        keywords,
        mailboxId,
        uid,
        rows[end - 1].uid,
      );
    }
  }

  expunge(mailboxId: number, uids: readonly number[]): number[] {
    const rows = this.#rows(mailboxId, uids);
    if (rows.length === 0) return [];
    const counts = new CountChange();
    for (const row of rows) counts.removed(row.identity, row.flags, row.size);
    counts.write(this.database, mailboxId);
    const removed = rows.map((row) => row.uid);
    for (const { first, last } of exactRuns(removed)) {
      this.database.run('DELETE FROM entries WHERE mailbox_id = ? AND uid BETWEEN ? AND ?', mailboxId, first, last);
    }
    this.#changes.recordExpunged(mailboxId, this.#changes.next(mailboxId), removed);
    deleteOrphans(this.database, new Set(rows.map((row) => row.messageId)));
    return removed;
  }

  copy(mailboxId: number, uids: readonly number[], targetId: number, now: UnixSeconds): UidPairs {
    const rows = this.#rows(mailboxId, uids);
    return { from: rows.map((row) => row.uid), to: this.#insert(targetId, rows, now) };
  }

  /** @param uids ascending, each once */
  #rows(mailboxId: number, uids: readonly number[]): EntryRow[] {
    const found: EntryRow[] = [];
    let next = 0;
    for (const run of readingRuns(uids)) {
      for (const row of readEntryRows(this.database, 'mailbox_id = ? AND uid BETWEEN ? AND ?', mailboxId, run.first, run.last)) {
        while (next < uids.length && uids[next] < row.uid) next++;
        if (uids[next] === row.uid) found.push(row);
      }
    }
    return found;
  }

  /** Gives new UIDs and one new mod-sequence; keywords get the spelling of this folder. */
  #insert(mailboxId: number, rows: readonly Omit<EntryRow, 'uid' | 'modseq' | 'savedAt'>[], now: UnixSeconds): number[] {
    if (rows.length === 0) return [];
    const modseq = this.#changes.next(mailboxId);
    const { uid_next: uidNext } = this.database.get<{ uid_next: number }>('SELECT uid_next FROM mailboxes WHERE id = ?', mailboxId)!;
    const counts = new CountChange();
    rows.forEach((row, index) => {
      const keywords = row.keywords === '' ? '' : this.#keywords.spell(mailboxId, row.keywords.split(' ')).join(' ');
      this.database.run(
        `INSERT INTO entries (mailbox_id, uid, modseq, flags, keywords, internal_date, saved_at, size, message_id, identity)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        mailboxId,
        uidNext + index,
        modseq,
        row.flags,
        keywords,
        row.internalDate,
        now,
        row.size,
        row.messageId,
        row.identity,
      );
      counts.added(row.identity, row.flags, row.size);
    });
    counts.write(this.database, mailboxId);
    this.database.run('UPDATE mailboxes SET uid_next = ? WHERE id = ?', uidNext + rows.length, mailboxId);
    return rows.map((_, index) => uidNext + index);
  }

  /** A keyword that is only taken away is not made known by that. */
  #spelled(mailboxId: number, flags: StoredFlags, operation: FlagOperation): StoredFlags {
    if (operation === 'remove') return flags;
    return { bits: flags.bits, keywords: this.#keywords.spell(mailboxId, flags.keywords) };
  }
}

function combineBits(present: number, wanted: number, operation: FlagOperation): number {
  if (operation === 'add') return present | wanted;
  return operation === 'remove' ? present & ~wanted : wanted;
}

/** Keeps the order, so that the same set is the same text as long as nothing changes. @throws StoreLimit */
function combineKeywords(present: string, wanted: readonly string[], operation: FlagOperation): string {
  if (wanted.length === 0 && operation !== 'replace') return present;
  const words = present === '' ? [] : present.split(' ');
  const lower = new Set(wanted.map((word) => word.toLowerCase()));
  if (operation === 'remove') return words.filter((word) => !lower.has(word.toLowerCase())).join(' ');
  const kept = operation === 'add' ? words : words.filter((word) => lower.has(word.toLowerCase()));
  const known = new Set(kept.map((word) => word.toLowerCase()));
  const all = [...kept, ...wanted.filter((word) => !known.has(word.toLowerCase()))];
  return toStoredFlags(all).keywords.join(' ');
}
