/** Addresses that came without their capital letters: what they may stand for, and which held mail waits to know. For mapping alone. */
import type { Database } from './database.js';
import type { Held } from './held-mail.js';

export const SPELLINGS_SCHEMA = `
CREATE TABLE spelling (
  lowered    TEXT    PRIMARY KEY,            -- an address without "BM-", all its letters small
  searched   INTEGER NOT NULL DEFAULT 0,     -- 0 = its candidates are not known yet
  candidates TEXT    NOT NULL DEFAULT '[]',  -- JSON: the addresses that are written so; mostly one
  chosen     TEXT    NOT NULL DEFAULT '',    -- which of them it is, '' = not known
  created_at INTEGER NOT NULL                -- UnixSeconds
) STRICT;
CREATE TABLE held_for_spelling (
  outbox_uid INTEGER NOT NULL REFERENCES held_mail (outbox_uid) ON DELETE CASCADE,
  lowered    TEXT    NOT NULL REFERENCES spelling (lowered),
  PRIMARY KEY (outbox_uid, lowered)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_for_spelling_lowered ON held_for_spelling (lowered);
`;

export interface Spelling {
  readonly lowered: string;
  readonly searched: boolean;
  readonly candidates: readonly string[];
  readonly chosen: string;
}

type SpellingRow = Omit<Spelling, 'searched' | 'candidates'> & { searched: number; candidates: string };

const SPELLING = 'lowered, searched, candidates, chosen';

export class Spellings {
  constructor(private readonly database: Database) {}

  find(lowered: string): Spelling | undefined {
    return toSpelling(this.database.get(`SELECT ${SPELLING} FROM spelling WHERE lowered = ?`, lowered));
  }

  /** A mail that is held waits for this one. */
  want(lowered: string, outboxUid: number, now: number): void {
    this.database.run('INSERT INTO spelling (lowered, created_at) VALUES (?, ?) ON CONFLICT (lowered) DO NOTHING', lowered, now);
    this.database.run('INSERT INTO held_for_spelling (outbox_uid, lowered) VALUES (?, ?)', outboxUid, lowered);
  }

  /** The oldest that is not searched and that somebody waits for. */
  nextWanted(): string | undefined {
    return this.database.get<{ lowered: string }>(
      `SELECT lowered FROM spelling WHERE searched = 0 AND lowered IN (SELECT lowered FROM held_for_spelling)
       ORDER BY created_at, lowered LIMIT 1`,
    )?.lowered;
  }

  /** How many are not searched yet and waited for. */
  countWanted(): number {
    return this.database.get<{ count: number }>(
      'SELECT count(*) AS count FROM spelling WHERE searched = 0 AND lowered IN (SELECT lowered FROM held_for_spelling)',
    )!.count;
  }

  /** The held mail that waits for this one. */
  waitingFor(lowered: string): Held[] {
    return this.database.all(
      `SELECT outbox_uid AS outboxUid, release_at AS releaseAt, envelope FROM held_mail
       WHERE outbox_uid IN (SELECT outbox_uid FROM held_for_spelling WHERE lowered = ?)`,
      lowered,
    );
  }

  /** What a held mail waits for. */
  awaitedBy(outboxUid: number): string[] {
    return this.database
      .all<{ lowered: string }>(
        `SELECT lowered FROM held_for_spelling WHERE outbox_uid = ? AND lowered IN (SELECT lowered FROM spelling WHERE searched = 0)`,
        outboxUid,
      )
      .map(({ lowered }) => lowered);
  }

  /** With one candidate, that is the one. */
  setSearched(lowered: string, candidates: readonly string[]): void {
    const chosen = candidates.length === 1 ? candidates[0] : '';
    this.database.run(
      'UPDATE spelling SET searched = 1, candidates = ?, chosen = ? WHERE lowered = ?',
      JSON.stringify(candidates),
      chosen,
      lowered,
    );
  }

  /** Those of which it is not known which candidate is meant. */
  undecided(): Spelling[] {
    return this.database
      .all<SpellingRow>(`SELECT ${SPELLING} FROM spelling WHERE searched = 1 AND chosen = '' AND candidates <> '[]'`)
      .map((row) => toSpelling(row)!);
  }

  choose(lowered: string, address: string): void {
    this.database.run('UPDATE spelling SET chosen = ? WHERE lowered = ?', address, lowered);
  }

  /** Keeps the newest of those that nobody waits for. */
  prune(keep: number): void {
    this.database.run(
      `DELETE FROM spelling WHERE lowered NOT IN (SELECT lowered FROM held_for_spelling)
       AND lowered NOT IN (SELECT lowered FROM spelling ORDER BY created_at DESC, lowered LIMIT ?)`,
      keep,
    );
  }
}

function toSpelling(row: SpellingRow | undefined): Spelling | undefined {
  return row && { ...row, searched: row.searched === 1, candidates: JSON.parse(row.candidates) as string[] };
}
