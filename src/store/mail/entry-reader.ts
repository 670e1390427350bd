/** Looks at what lies in folders. An entry is there as long as it has a state: rows of `entries` without one wait to be deleted. */
import type { Database } from '../database.js';
import { ChangeLog } from './change-log.js';
import { readEntryColumns } from './entry-columns.js';
import { selectEntries } from './entry-conditions.js';
import { readCounts } from './entry-counts.js';
import { ofIdentity, readEntryRows } from './entry-rows.js';
import type { EntryStates } from './entry-states.js';
import { SEEN } from './flags.js';
import { type StateBlock, type StateRun, UIDS_PER_BLOCK, uidsOf } from './state-block.js';
import type { Changes, ChangesPosition, Entry, EntryColumn, EntryColumns, EntryCondition, EntryStateRun, Scope } from './types.js';
import type { UidRun } from './uid-runs.js';
import { WhileUnchanged } from './while-unchanged.js';

/** Where it is not known how many will do: a thousand entries. */
const BLOCKS_AT_ONCE = 8;
/** Some kilobytes each. */
const MAX_KEPT_BLOCKS = 32;

export class EntryReader {
  readonly #changes: ChangeLog;
  /** Those from which single entries were read: a client that asks for one after the other asks for neighbours. */
  readonly #lone: WhileUnchanged<StateBlock | null>;

  constructor(
    private readonly database: Database,
    private readonly blocks: EntryStates,
  ) {
    this.#changes = new ChangeLog(database);
    this.#lone = new WhileUnchanged(database, MAX_KEPT_BLOCKS);
  }

  uids(mailboxId: number, scope: Scope, first = 1, last = Number.MAX_SAFE_INTEGER): number[] {
    const uids: number[] = [];
    for (const block of this.blocks.inRange(mailboxId, first, last)) block.collectUids(uids, first, last);
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
      const blocks = this.blocks.unseen(mailboxId, from, scope === null ? 1 : BLOCKS_AT_ONCE);
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
    const blocks = this.blocks.changedSince(mailboxId, since, afterUid + 1, count);
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
    const runs = this.blocks.inRange(mailboxId, first, last).flatMap((block) => {
      const uids: number[] = [];
      block.collectUids(uids, first, last);
      return block.runs(uids);
    });
    return selectEntries(this.database, mailboxId, condition, runs);
  }

  expungedSince(mailboxId: number, modseq: number): UidRun[] | null {
    return this.#changes.runsSince(mailboxId, modseq);
  }

  /** As `states`, one by one. */
  #each(mailboxId: number, uids: readonly number[]): { uid: number; flags: readonly string[]; modseq: number }[] {
    return this.#runs(mailboxId, uids).flatMap(({ uids: own, state, modseq }) => own.map((uid) => ({ uid, flags: state.flags, modseq })));
  }

  /** The states of those of these entries that are there. */
  #runs(mailboxId: number, uids: readonly number[]): readonly StateRun[] {
    if (uids.length !== 1) return this.blocks.runs(mailboxId, uids);
    const [uid] = uids;
    const block = this.#lone.get(
      `${mailboxId} ${Math.floor(uid / UIDS_PER_BLOCK)}`,
      () => this.blocks.inRange(mailboxId, uid, uid)[0] ?? null,
    );
    return block?.runs(uids) ?? [];
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
}

function toEntryStates({ uids, modseq, state }: StateRun): EntryStateRun {
  return { uids, modseq, flags: state.flags };
}
