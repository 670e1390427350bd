/** The flags, keywords and mod-sequences of entries, in blocks of neighbours; an entry is there as long as its state is. */
import type { Database } from '../database.js';
import { SEEN } from './flags.js';
import { StateBlock, type StateRun, type StoredBlock, UIDS_PER_BLOCK } from './state-block.js';
import { StatePool } from './state-pool.js';
import { exactRuns } from './uid-runs.js';

export const ENTRY_STATES_SCHEMA = `
CREATE TABLE entry_states (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id),
  block      INTEGER NOT NULL, -- the UIDs from 128 times this number on
  modseq     INTEGER NOT NULL, -- the highest of them
  unseen     INTEGER NOT NULL, -- how many of them
  states     BLOB    NOT NULL, -- see StateBlock
  palette    TEXT    NOT NULL,
  UNIQUE (mailbox_id, block)
) STRICT;
CREATE INDEX entry_states_modseq ON entry_states (mailbox_id, modseq, block);
CREATE INDEX entry_states_unseen ON entry_states (mailbox_id, block) WHERE unseen > 0;
`;

const COLUMNS = 'block, states, palette';

export class EntryStates {
  readonly pool = new StatePool();

  constructor(private readonly database: Pick<Database, 'all' | 'run'>) {}

  /** The blocks that hold UIDs of this range, ascending. */
  inRange(mailboxId: number, firstUid: number, lastUid: number): StateBlock[] {
    return this.#select('mailbox_id = ? AND block BETWEEN ? AND ? ORDER BY block', mailboxId, blockOf(firstUid), blockOf(lastUid));
  }

  /** The blocks that hold these UIDs (ascending), each with those of them that it may hold. */
  *at(mailboxId: number, uids: readonly number[]): Generator<{ block: StateBlock; uids: readonly number[] }> {
    let next = 0;
    for (const run of exactRuns(blocksOf(uids))) {
      for (const block of this.inRange(mailboxId, run.first * UIDS_PER_BLOCK, run.last * UIDS_PER_BLOCK)) {
        const { firstUid, endUid } = block;
        while (next < uids.length && uids[next] < firstUid) next++;
        const end = placeOf(endUid, uids, next);
        yield { block, uids: uids.slice(next, end) };
        next = end;
      }
    }
  }

  /** The states of those of these entries (ascending) that are there. */
  runs(mailboxId: number, uids: readonly number[]): StateRun[] {
    const found: StateRun[] = [];
    for (const { block, uids: asked } of this.at(mailboxId, uids)) found.push(...block.runs(asked));
    return found;
  }

  /** From the block of this UID on, some blocks in which something has changed after this mod-sequence, ascending. */
  changedSince(mailboxId: number, modseq: number, fromUid: number, limit: number): StateBlock[] {
    return this.#select(
      `mailbox_id = ?1 AND block IN (SELECT block FROM entry_states INDEXED BY entry_states_modseq
         WHERE mailbox_id = ?1 AND modseq > ?2 AND block >= ?3 ORDER BY block LIMIT ?4) ORDER BY block`,
      mailboxId,
      modseq,
      blockOf(fromUid),
      limit,
    );
  }

  /** From the block of this UID on, some blocks with entries without \Seen, ascending. */
  unseen(mailboxId: number, fromUid: number, limit: number): StateBlock[] {
    return this.#select('mailbox_id = ? AND unseen > 0 AND block >= ? ORDER BY block LIMIT ?', mailboxId, blockOf(fromUid), limit);
  }

  /** The blocks of UIDs that were never given before, or part of them. */
  forNew(mailboxId: number, firstUid: number, lastUid: number): StateBlock[] {
    const present = new Map(this.inRange(mailboxId, firstUid, lastUid).map((block) => [block.number, block]));
    const blocks: StateBlock[] = [];
    for (let number = blockOf(firstUid); number <= blockOf(lastUid); number++) blocks.push(present.get(number) ?? new StateBlock(number));
    return blocks;
  }

  write(mailboxId: number, blocks: readonly StateBlock[]): void {
    for (const block of blocks) {
      if (block.isEmpty) {
        this.database.run('DELETE FROM entry_states WHERE mailbox_id = ? AND block = ?', mailboxId, block.number);
        continue;
      }
      const { states, palette } = block.encode();
      this.database.run(
        `INSERT INTO entry_states (mailbox_id, block, modseq, unseen, states, palette) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (mailbox_id, block) DO UPDATE
           SET modseq = excluded.modseq, unseen = excluded.unseen, states = excluded.states, palette = excluded.palette`,
        mailboxId,
        block.number,
        block.modseq,
        block.count(({ bits }) => (bits & SEEN) === 0),
        states,
        palette,
      );
    }
  }

  #select(condition: string, ...values: number[]): StateBlock[] {
    return this.database
      .all<StoredBlock>(`SELECT ${COLUMNS} FROM entry_states WHERE ${condition}`, ...values)
      .map((row) => StateBlock.decode(row, this.pool));
  }
}

function blockOf(uid: number): number {
  return Math.floor(uid / UIDS_PER_BLOCK);
}

/** Each once. @param uids ascending */
function blocksOf(uids: readonly number[]): number[] {
  const blocks: number[] = [];
  for (let at = 0; at < uids.length; ) {
    const block = blockOf(uids[at]);
    blocks.push(block);
    at = placeOf((block + 1) * UIDS_PER_BLOCK, uids, at);
  }
  return blocks;
}

/** The place of the first UID (ascending, from `start` on) that is not below this one, which is near. */
function placeOf(uid: number, uids: readonly number[], start: number): number {
  // Nearly all are neighbours.
  const expected = start + uid - uids[start];
  if (uids[expected] === uid) return expected;
  let place = start;
  while (place < uids.length && uids[place] < uid) place++;
  return place;
}
