/** What is done to folders: adding, flagging, copying and removing entries. Each call belongs into a transaction of `mailboxes`. */
import type { UnixSeconds } from '../../base/clock.js';
import type { Database } from '../database.js';
import { ChangeLog } from './change-log.js';
import { type BitsChange, CountChange } from './entry-counts.js';
import type { EntryStates } from './entry-states.js';
import { flagChange } from './flag-operation.js';
import { type StoredFlags, toStoredFlags } from './flags.js';
import { Keywords } from './keywords.js';
import type { Describe } from './message-types.js';
import { insertMessage } from './messages.js';
import { RemovedEntries } from './removed-entries.js';
import { takeStaged } from './staged-messages.js';
import { type StateBlock, type StateChange, type StateRun, UIDS_PER_BLOCK, uidsOf } from './state-block.js';
import type { State } from './state-pool.js';
import type { EntryStateRun, FlagOperation, NewEntry, UidPairs } from './types.js';
import { exactRuns, type UidRun } from './uid-runs.js';

export class Entries {
  /** Where copies that nobody sees yet have their UIDs, by folder. */
  readonly #reserved = new Map<number, Set<UidRun>>();
  readonly #changes: ChangeLog;
  readonly #keywords: Keywords;
  readonly #states: EntryStates;
  readonly #removed: RemovedEntries;

  constructor(
    private readonly database: Database,
    private readonly describe: Describe,
    states: EntryStates,
  ) {
    this.#changes = new ChangeLog(database);
    this.#keywords = new Keywords(database);
    this.#states = states;
    this.#removed = new RemovedEntries(database);
  }

  append(mailboxId: number, messages: readonly NewEntry[], now: UnixSeconds): number[] {
    if (messages.length === 0) return [];
    const counts = new CountChange();
    const firstUid = this.#claim(mailboxId, messages.length);
    takeStaged(
      this.database,
      messages.flatMap(({ raw }) => (Buffer.isBuffer(raw) ? [] : [raw.messageId])),
    );
    const known = new Map<string, State>();
    const states = messages.map(({ raw, flags, internalDate, identity }, index) => {
      this.database.run(
        'INSERT INTO entries (mailbox_id, uid, internal_date, saved_at, size, message_id, identity) VALUES (?, ?, ?, ?, ?, ?, ?)',
        mailboxId,
        firstUid + index,
        internalDate,
        now,
        raw.length,
        Buffer.isBuffer(raw) ? insertMessage(this.database, this.describe, raw) : raw.messageId,
        identity,
      );
      const key = flags.join(' ');
      const state = known.get(key) ?? this.#stateOf(mailboxId, flags);
      known.set(key, state);
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
      removed.map((run) => ({ uids: run.uids, from: run.state.bits, to: null })),
    );
    this.#states.write(mailboxId, blocks);
    const gone = uidsOf(removed);
    this.#changes.recordExpunged(mailboxId, this.#changes.next(mailboxId), gone);
    this.#removed.remove(mailboxId, gone);
    return gone;
  }

  copy(mailboxId: number, uids: readonly number[], targetId: number, now: UnixSeconds): UidPairs {
    const runs = this.#states.runs(mailboxId, uids);
    if (runs.length === 0) return { from: [], to: [] };
    const from = uidsOf(runs);
    const firstUid = this.#claim(targetId, from.length);
    const counts = new CountChange();
    const states = this.#insertCopies(mailboxId, runs, { mailboxId: targetId, firstUid }, now, counts);
    counts.write(this.database, targetId);
    return { from, to: this.#give(targetId, firstUid, states) };
  }

  /** UIDs for copies that are to be seen later, above those that are left to others meanwhile. To be released. */
  reserve(mailboxId: number, count: number, left: number): UidRun {
    const others = this.#reserved.get(mailboxId) ?? new Set();
    this.#reserved.set(mailboxId, others);
    const first = Math.max(this.#uidNext(mailboxId), ...[...others].map(({ last }) => last + 1)) + left;
    const area = { first, last: first + count - 1 };
    others.add(area);
    return area;
  }

  release(mailboxId: number, area: UidRun): void {
    this.#reserved.get(mailboxId)?.delete(area);
  }

  /** As `copy`, to UIDs that were reserved: nobody sees what has no state. Answers the states; what they count comes to `counts`. */
  copyUnseen(
    mailboxId: number,
    uids: readonly number[],
    target: { readonly mailboxId: number; readonly firstUid: number },
    now: UnixSeconds,
    counts: CountChange,
  ): { from: number[]; states: State[] } {
    const runs = this.#states.runs(mailboxId, uids);
    return { from: uidsOf(runs), states: this.#insertCopies(mailboxId, runs, target, now, counts) };
  }

  /** Copies that came in unseen are there for everybody. Answers false when the UIDs were passed over meanwhile. */
  show(mailboxId: number, firstUid: number, states: readonly State[], counts: CountChange): boolean {
    const next = this.#uidNext(mailboxId);
    if (next > firstUid) return false;
    if (states.length === 0) return true;
    this.#give(mailboxId, firstUid, states);
    // Never given, and so as good as gone: the log accounts for every UID.
    if (next < firstUid) this.#changes.recordRun(mailboxId, this.#changes.highest(mailboxId), { first: next, last: firstUid - 1 });
    counts.write(this.database, mailboxId);
    return true;
  }

  /** Takes away what a copy that did not come to its end has put there: seen, as earlier versions did it, or not. */
  undoCopy(mailboxId: number, { first, last }: UidRun): void {
    const folder = this.database.get<{ removed: number }>('SELECT removed FROM mailboxes WHERE id = ?', mailboxId);
    if (folder === undefined || folder.removed === 1) return; // all that lay there goes
    const uids = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    if (this.expunge(mailboxId, uids).length > 0) return;
    this.#removed.leave(mailboxId, { first, last });
    // They are in the way until they are deleted.
    this.database.run('UPDATE mailboxes SET uid_next = max(uid_next, ?) WHERE id = ?', last + 1, mailboxId);
  }

  /** Inserts what never changes of copies of these entries; answers their states. */
  #insertCopies(
    mailboxId: number,
    runs: readonly StateRun[],
    target: { readonly mailboxId: number; readonly firstUid: number },
    now: UnixSeconds,
    counts: CountChange,
  ): State[] {
    let given = target.firstUid;
    for (const { first, last } of exactRuns(uidsOf(runs))) {
      this.database.run(
        `INSERT INTO entries (mailbox_id, uid, internal_date, saved_at, size, message_id, identity)
         SELECT ?1, uid + ?2, internal_date, ?3, size, message_id, identity FROM entries WHERE mailbox_id = ?4 AND uid BETWEEN ?5 AND ?6`,
        target.mailboxId,
        given - first,
        now,
        mailboxId,
        first,
        last,
      );
      given += last - first + 1;
    }
    counts.addChanges(
      this.database,
      mailboxId,
      runs.map((run) => ({ uids: run.uids, from: null, to: run.state.bits })),
    );
    return this.#respelled(target.mailboxId, runs);
  }

  #count(mailboxId: number, changes: readonly BitsChange[]): void {
    const counts = new CountChange();
    counts.addChanges(this.database, mailboxId, changes);
    counts.write(this.database, mailboxId);
  }

  #uidNext(mailboxId: number): number {
    return this.database.get<{ uid_next: number }>('SELECT uid_next FROM mailboxes WHERE id = ?', mailboxId)!.uid_next;
  }

  #stateOf(mailboxId: number, flags: readonly string[]): State {
    const { bits, keywords } = toStoredFlags(flags);
    return this.#states.pool.of(bits, this.#keywords.spell(mailboxId, keywords).join(' '));
  }

  /** Where new entries begin. Who would run into reserved UIDs passes over them. */
  #claim(mailboxId: number, count: number): number {
    let first = this.#uidNext(mailboxId);
    for (const area of [...(this.#reserved.get(mailboxId) ?? [])].sort((a, b) => a.first - b.first)) {
      if (first <= area.last && first + count > area.first) first = area.last + 1;
    }
    return first;
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
