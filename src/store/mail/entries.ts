/** What lies in folders: adding, flagging and removing entries. Each call belongs into a transaction of `mailboxes`. */
import type { UnixSeconds } from '../../base/clock.js';
import type { Database } from '../database.js';
import { ChangeLog } from './change-log.js';
import { readEntryColumns } from './entry-columns.js';
import { selectEntries } from './entry-conditions.js';
import { type BitsChange, CountChange, readCounts } from './entry-counts.js';

import { ofIdentity, readEntryRows } from './entry-rows.js';
import { EntryStates } from './entry-states.js';
import { flagChange } from './flag-operation.js';
import { SEEN, type StoredFlags, toStoredFlags } from './flags.js';
import { Keywords } from './keywords.js';
import { insertMessage } from './messages.js';
import { RemovedEntries } from './removed-entries.js';
import { type StateBlock, type StateChange, type StateRun, UIDS_PER_BLOCK } from './state-block.js';
import type { State } from './state-pool.js';
import type {
  Changes,
  ChangesPosition,
  Describe,
  Entry,
  EntryColumn,
  EntryColumns,
  EntryCondition,
  EntryStateRun,
  FlagOperation,
  NewEntry,
  Scope,
  UidPairs,
} from './types.js';
import { exactRuns, type UidRun } from './uid-runs.js';

/** Where it is not known how many will do: a thousand entries. */
const BLOCKS_AT_ONCE = 8;

export class Entries {
  readonly #changes: ChangeLog;
  readonly #keywords: Keywords;
  readonly #states: EntryStates;
  readonly #removed: RemovedEntries;

  constructor(
    private readonly database: Database,
    private readonly describe: Describe,
  ) {
    this.#changes = new ChangeLog(database);
    this.#keywords = new Keywords(database);
    this.#states = new EntryStates(database);
    this.#removed = new RemovedEntries(database);
  }

  uids(mailboxId: number, scope: Scope, first = 1, last = Number.MAX_SAFE_INTEGER): number[] {
    const uids: number[] = [];
    for (const block of this.#states.inRange(mailboxId, first, last)) block.collectUids(uids, first, last);
    return this.#inScope(mailboxId, scope, uids);
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
    for (let from = 0; ; ) {
      const blocks = this.#states.unseen(mailboxId, from, scope === null ? 1 : BLOCKS_AT_ONCE);
      if (blocks.length === 0) return null;
      const unseen = blocks.flatMap((block) => block.runs()).filter(({ state }) => (state.bits & SEEN) === 0);
      const uids = unseen.flatMap((run) => run.uids);
      const [first] = this.#inScope(mailboxId, scope, uids);
      if (first !== undefined) return first;
      from = blocks[blocks.length - 1].endUid;
    }
  }

  /** Those of the UIDs (ascending, each once) whose entries are there. */
  present(mailboxId: number, uids: readonly number[]): number[] {
    return uidsOf(this.states(mailboxId, uids));
  }

  states(mailboxId: number, uids: readonly number[]): EntryStateRun[] {
    return this.#runs(mailboxId, uids).map(toEntryStates);
  }

  read(mailboxId: number, uids: readonly number[]): Entry[] {
    const states = this.#each(mailboxId, uids);
    const rows = readEntryRows(
      this.database,
      mailboxId,
      states.map(({ uid }) => uid),
    );
    // Named one by one: spreading each row took longer than reading it.
    return rows.map(({ uid, internalDate, savedAt, size, messageId, identity }, index) => {
      const { modseq, flags } = states[index];
      return { uid, modseq, flags, internalDate, savedAt, size, messageId, identity };
    });
  }

  columns(mailboxId: number, uids: readonly number[], wanted: readonly EntryColumn[]): EntryColumns {
    const runs = this.#runs(mailboxId, uids);
    const columns = readEntryColumns(this.database, mailboxId, uidsOf(runs), wanted);
    return {
      ...columns,
      flags: wanted.includes('flags') ? runs.flatMap((run) => new Array<readonly string[]>(run.uids.length).fill(run.state.flags)) : [],
      modseq: wanted.includes('modseq') ? runs.flatMap((run) => new Array<number>(run.uids.length).fill(run.modseq)) : [],
    };
  }

  changesSince(mailboxId: number, scope: Scope, from: number | ChangesPosition, limit: number): Changes {
    const isFirst = typeof from === 'number';
    const { since, upTo, afterUid } = isFirst ? { since: from, upTo: this.#changes.highest(mailboxId), afterUid: 0 } : from;
    const count = Math.ceil(limit / UIDS_PER_BLOCK);
    const blocks = this.#states.changedSince(mailboxId, since, afterUid + 1, count);
    const runs = blocks.flatMap((block) => block.runs(undefined, since, upTo));
    return {
      entries: this.#visible(mailboxId, scope, runs).map(toEntryStates),
      expunged: isFirst ? this.#changes.expungedSince(mailboxId, since, upTo) : [],
      highestModseq: upTo,
      next: blocks.length < count ? null : { since, upTo, afterUid: blocks[blocks.length - 1].endUid - 1 },
    };
  }

  /** The UIDs from the first to the last whose entries fit. */
  select(mailboxId: number, condition: EntryCondition, first: number, last: number): number[] {
    const runs = this.#states.inRange(mailboxId, first, last).flatMap((block) => {
      const uids: number[] = [];
      block.collectUids(uids, first, last);
      return block.runs(uids);
    });
    return selectEntries(this.database, mailboxId, condition, runs);
  }

  expungedSince(mailboxId: number, modseq: number): UidRun[] | null {
    return this.#changes.runsSince(mailboxId, modseq);
  }

  append(mailboxId: number, messages: readonly NewEntry[], now: UnixSeconds): number[] {
    if (messages.length === 0) return [];
    const counts = new CountChange();
    const firstUid = this.#uidNext(mailboxId);
    const states = messages.map(({ raw, flags, internalDate, identity }, index) => {
      const { bits, keywords } = toStoredFlags(flags);
      this.database.run(
        'INSERT INTO entries (mailbox_id, uid, internal_date, saved_at, size, message_id, identity) VALUES (?, ?, ?, ?, ?, ?, ?)',
        mailboxId,
        firstUid + index,
        internalDate,
        now,
        raw.length,
        insertMessage(this.database, this.describe, raw),
        identity,
      );
      const state = this.#states.pool.of(bits, this.#keywords.spell(mailboxId, keywords).join(' '));
      counts.add(identity, 1, state.bits, 1, raw.length);
      return state;
    });
    counts.write(this.database, mailboxId);
    return this.#give(mailboxId, firstUid, states);
  }

  setFlags(
    mailboxId: number,
    uids: readonly number[],
    operation: FlagOperation,
    flags: readonly string[],
    unchangedSince: number,
  ): { changed: EntryStateRun[]; refused: number[] } {
    if (uids.length === 0) return { changed: [], refused: [] };
    const change = flagChange(operation, this.#spelled(mailboxId, toStoredFlags(flags), operation), this.#states.pool);
    const modseq = this.#changes.highest(mailboxId) + 1;
    const changes: StateChange[] = [];
    const refused: number[] = [];
    const blocks: StateBlock[] = [];
    for (const { block, uids: asked } of this.#states.at(mailboxId, uids)) {
      const inBlock = block.change(asked, change, modseq, unchangedSince, refused);
      if (inBlock.length === 0) continue;
      blocks.push(block);
      changes.push(...inBlock);
    }
    if (changes.length > 0) {
      this.#changes.next(mailboxId);
      this.#states.write(mailboxId, blocks);
      this.#count(
        mailboxId,
        mailboxId,
        changes.map((run) => ({ uids: run.uids, from: run.from.bits, to: run.to.bits })),
      );
    }
    return { changed: changes.map((run) => ({ uids: run.uids, flags: run.to.flags, modseq })), refused };
  }

  expunge(mailboxId: number, uids: readonly number[]): number[] {
    const removed: StateRun[] = [];
    const blocks: StateBlock[] = [];
    for (const { block, uids: asked } of this.#states.at(mailboxId, uids)) {
      const runs = block.runs(asked);
      if (runs.length === 0) continue;
      blocks.push(block);
      for (const run of runs) {
        removed.push(run);
        for (const uid of run.uids) block.remove(uid);
      }
    }
    if (removed.length === 0) return [];
    this.#count(
      mailboxId,
      mailboxId,
      removed.map((run) => ({ uids: run.uids, from: run.state.bits, to: null })),
    );
    this.#states.write(mailboxId, blocks);
    const gone = uidsOf(removed);
    this.#changes.recordExpunged(mailboxId, this.#changes.next(mailboxId), gone);
    this.#removed.remove(mailboxId, gone);
    return gone;
  }

  copy(mailboxId: number, uids: readonly number[], targetId: number, now: UnixSeconds): UidPairs {
    const runs = this.#runs(mailboxId, uids);
    if (runs.length === 0) return { from: [], to: [] };
    const from = uidsOf(runs);
    const firstUid = this.#uidNext(targetId);
    let given = firstUid;
    for (const { first, last } of exactRuns(from)) {
      this.database.run(
        `INSERT INTO entries (mailbox_id, uid, internal_date, saved_at, size, message_id, identity)
         SELECT ?1, uid + ?2, internal_date, ?3, size, message_id, identity FROM entries WHERE mailbox_id = ?4 AND uid BETWEEN ?5 AND ?6`,
        targetId,
        given - first,
        now,
        mailboxId,
        first,
        last,
      );
      given += last - first + 1;
    }
    this.#count(
      mailboxId,
      targetId,
      runs.map((run) => ({ uids: run.uids, from: null, to: run.state.bits })),
    );
    return { from, to: this.#give(targetId, firstUid, this.#respelled(targetId, runs)) };
  }

  /** @param mailboxId where the entries lie @param countedId the folder whose counts change */
  #count(mailboxId: number, countedId: number, changes: readonly BitsChange[]): void {
    const counts = new CountChange();
    counts.addChanges(this.database, mailboxId, changes);
    counts.write(this.database, countedId);
  }

  #runs(mailboxId: number, uids: readonly number[]): StateRun[] {
    const found: StateRun[] = [];
    for (const { block, uids: asked } of this.#states.at(mailboxId, uids)) found.push(...block.runs(asked));
    return found;
  }

  /** As `states`, one by one. */
  #each(mailboxId: number, uids: readonly number[]): { uid: number; flags: readonly string[]; modseq: number }[] {
    return this.#runs(mailboxId, uids).flatMap(({ uids: own, state, modseq }) => own.map((uid) => ({ uid, flags: state.flags, modseq })));
  }

  /** Those of these entries that a login sees. */
  #visible(mailboxId: number, scope: Scope, runs: readonly StateRun[]): readonly StateRun[] {
    if (scope === null) return runs;
    const own = new Set(this.#inScope(mailboxId, scope, uidsOf(runs)));
    return runs.map((run) => ({ ...run, uids: run.uids.filter((uid) => own.has(uid)) })).filter(({ uids }) => uids.length > 0);
  }

  /** @param uids ascending */
  #inScope(mailboxId: number, scope: Scope, uids: number[]): number[] {
    return scope === null ? uids : ofIdentity(this.database, mailboxId, uids, scope);
  }

  #uidNext(mailboxId: number): number {
    return this.database.get<{ uid_next: number }>('SELECT uid_next FROM mailboxes WHERE id = ?', mailboxId)!.uid_next;
  }

  /** Gives new UIDs to entries in these states, and one new mod-sequence to all. */
  #give(mailboxId: number, firstUid: number, states: readonly State[]): number[] {
    const modseq = this.#changes.next(mailboxId);
    const blocks = this.#states.forNew(mailboxId, firstUid, firstUid + states.length - 1);
    states.forEach((state, index) => {
      const uid = firstUid + index;
      blocks[Math.floor(uid / UIDS_PER_BLOCK) - blocks[0].number].set(uid, state, modseq);
    });
    this.#states.write(mailboxId, blocks);
    this.database.run('UPDATE mailboxes SET uid_next = ? WHERE id = ?', firstUid + states.length, mailboxId);
    return states.map((_, index) => firstUid + index);
  }

  /** The states one by one; keywords get the spelling of the folder that the entries come into. */
  #respelled(mailboxId: number, runs: readonly StateRun[]): State[] {
    const known = new Map<State, State>();
    return runs.flatMap(({ uids, state }) => {
      let spelled = known.get(state);
      if (spelled === undefined) {
        const keywords = state.keywords === '' ? '' : this.#keywords.spell(mailboxId, state.keywords.split(' ')).join(' ');
        known.set(state, (spelled = this.#states.pool.of(state.bits, keywords)));
      }
      return new Array<State>(uids.length).fill(spelled);
    });
  }

  /** A keyword that is only taken away is not made known by that. */
  #spelled(mailboxId: number, flags: StoredFlags, operation: FlagOperation): StoredFlags {
    if (operation === 'remove') return flags;
    return { bits: flags.bits, keywords: this.#keywords.spell(mailboxId, flags.keywords) };
  }
}

function uidsOf(runs: readonly { readonly uids: readonly number[] }[]): number[] {
  return runs.flatMap((run) => run.uids);
}

function toEntryStates({ uids, modseq, state }: StateRun): EntryStateRun {
  return { uids, modseq, flags: state.flags };
}
