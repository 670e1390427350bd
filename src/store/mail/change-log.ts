/** Mod-sequences and the log of expunged UIDs: what a client missed since it was last here. RFC 7162. */
import type { Database } from '../database.js';
import { exactRuns, type UidRun } from './uid-runs.js';

/** Bounds the log of a folder (about 200 KB); who asks for something older compares with what is there. */
export const MAX_EXPUNGED_RUNS = 10_000;

export class ChangeLog {
  constructor(private readonly database: Database) {}

  /** The mod-sequence for a change that is about to be written. */
  next(mailboxId: number): number {
    this.database.run('UPDATE mailboxes SET highest_modseq = highest_modseq + 1 WHERE id = ?', mailboxId);
    return this.highest(mailboxId);
  }

  highest(mailboxId: number): number {
    const row = this.database.get<{ highest_modseq: number }>(
      'SELECT highest_modseq FROM mailboxes WHERE id = ? AND removed = 0',
      mailboxId,
    );
    if (row === undefined) throw new Error(`there is no folder ${mailboxId}`);
    return row.highest_modseq;
  }

  /** @param uids ascending */
  recordExpunged(mailboxId: number, modseq: number, uids: readonly number[]): void {
    for (const run of exactRuns(uids)) this.#insert(mailboxId, modseq, run);
    this.#trim(mailboxId);
  }

  recordRun(mailboxId: number, modseq: number, run: UidRun): void {
    this.#insert(mailboxId, modseq, run);
    this.#trim(mailboxId);
  }

  #insert(mailboxId: number, modseq: number, { first, last }: UidRun): void {
    this.database.run('INSERT INTO expunged (mailbox_id, modseq, first_uid, last_uid) VALUES (?, ?, ?, ?)', mailboxId, modseq, first, last);
  }

  /** Null: the log does not go back so far. */
  runsSince(mailboxId: number, modseq: number): UidRun[] | null {
    if (modseq < this.#forgottenTo(mailboxId)) return null;
    return this.database.all<UidRun>(
      'SELECT first_uid AS first, last_uid AS last FROM expunged WHERE mailbox_id = ? AND modseq > ? ORDER BY first_uid',
      mailboxId,
      modseq,
    );
  }

  /** UIDs expunged after this mod-sequence, up to that one, ascending; null: the log does not go back so far. */
  expungedSince(mailboxId: number, modseq: number, upTo: number): number[] | null {
    if (modseq < this.#forgottenTo(mailboxId)) return null;
    const uids: number[] = [];
    const runs = this.database.all<{ first_uid: number; last_uid: number }>(
      'SELECT first_uid, last_uid FROM expunged WHERE mailbox_id = ? AND modseq > ? AND modseq <= ? ORDER BY first_uid',
      mailboxId,
      modseq,
      upTo,
    );
    for (const run of runs) for (let uid = run.first_uid; uid <= run.last_uid; uid++) uids.push(uid);
    return uids;
  }

  #forgottenTo(mailboxId: number): number {
    return this.database.get<{ forgotten_to: number }>('SELECT forgotten_to FROM mailboxes WHERE id = ?', mailboxId)!.forgotten_to;
  }

  #trim(mailboxId: number): void {
    const { count } = this.database.get<{ count: number }>('SELECT count(*) AS count FROM expunged WHERE mailbox_id = ?', mailboxId)!;
    if (count <= MAX_EXPUNGED_RUNS) return;
    // A fifth at once, so that not every expunge has to trim.
    const { modseq } = this.database.get<{ modseq: number }>(
      'SELECT modseq FROM expunged WHERE mailbox_id = ? ORDER BY modseq LIMIT 1 OFFSET ?',
      mailboxId,
      count - Math.floor(MAX_EXPUNGED_RUNS * 0.8),
    )!;
    this.database.run('DELETE FROM expunged WHERE mailbox_id = ? AND modseq <= ?', mailboxId, modseq);
    this.database.run('UPDATE mailboxes SET forgotten_to = ? WHERE id = ?', modseq, mailboxId);
  }
}
