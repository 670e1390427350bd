/** The UIDs of the folders that sessions open: read once, shared by all of them, and kept up by what changed since. */
import type { Mailbox, Mailboxes, Scope } from '../store/mail/types.js';
import { UidList } from './uid-list.js';

/** 2 ms each for one identity, 8 where nothing of the folder is in memory. */
const UIDS_PER_SLICE = 10_000;
/** 8 bytes each: what is kept takes 4 MB at most, and a folder without gaps has one. */
const MAX_KEPT_RUNS = 500_000;
/** Folders that were never read take a place too. */
const MAX_KEPT_FOLDERS = 1000;

interface Kept {
  readonly uids: UidList;
  /** What the folder was when it held these. */
  readonly modseq: number;
  readonly uidNext: number;
}

export class FolderUids {
  /** The least recently used first. */
  readonly #kept = new Map<string, Kept>();
  #keptRuns = 0;

  constructor(private readonly mailboxes: Pick<Mailboxes, 'byId' | 'uids' | 'uidRuns' | 'expungedSince'>) {}

  /**
   * The folder and its UIDs as they are at one and the same moment; undefined when it was removed.
   *
   * @param breathe lets others have their turn if it is time: a folder that nobody has opened is read piece by piece
   */
  async open(mailboxId: number, scope: Scope, breathe: () => Promise<void>): Promise<{ mailbox: Mailbox; uids: UidList } | undefined> {
    for (;;) {
      const mailbox = this.mailboxes.byId(mailboxId);
      if (mailbox === undefined) return undefined;
      const uids = this.#catchUp(mailbox, scope);
      if (uids !== null) return { mailbox, uids };
      await this.#read(mailbox, scope, breathe);
    }
  }

  /** Null: nothing is kept that could be brought up to date in a moment. */
  #catchUp(mailbox: Mailbox, scope: Scope): UidList | null {
    const { id, uidNext, highestModseq: modseq } = mailbox;
    const kept = this.#kept.get(keyOf(id, scope));
    if (kept === undefined || uidNext - kept.uidNext > UIDS_PER_SLICE) return null;
    if (kept.modseq === modseq) {
      this.#keep(id, scope, kept);
      return kept.uids;
    }
    const expunged = this.mailboxes.expungedSince(id, kept.modseq);
    if (expunged === null) return null;
    const added = kept.uidNext < uidNext ? this.mailboxes.uids(id, scope, kept.uidNext, uidNext - 1) : [];
    const uids = kept.uids.without(expunged).withAdded(added);
    this.#keep(id, scope, { uids, modseq, uidNext });
    return uids;
  }

  /** What happens meanwhile is made up for afterwards: what is expunged, and what has a UID behind these. */
  async #read({ id, uidNext, highestModseq: modseq }: Mailbox, scope: Scope, breathe: () => Promise<void>): Promise<void> {
    const runs = scope === null ? this.mailboxes.uidRuns(id) : null;
    let uids = runs === null ? UidList.EMPTY : UidList.ofRuns(runs);
    for (let first = 1; runs === null && first < uidNext; first += UIDS_PER_SLICE) {
      const last = Math.min(first + UIDS_PER_SLICE, uidNext) - 1;
      uids = uids.withAdded(this.mailboxes.uids(id, scope, first, last));
      await breathe();
    }
    this.#keep(id, scope, { uids, modseq, uidNext });
  }

  #keep(mailboxId: number, scope: Scope, kept: Kept): void {
    const key = keyOf(mailboxId, scope);
    this.#forget(key);
    this.#kept.set(key, kept);
    this.#keptRuns += kept.uids.runCount;
    for (const oldest of this.#kept.keys()) {
      if (oldest === key || (this.#keptRuns <= MAX_KEPT_RUNS && this.#kept.size <= MAX_KEPT_FOLDERS)) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#keptRuns -= this.#kept.get(key)?.uids.runCount ?? 0;
    this.#kept.delete(key);
  }
}

function keyOf(mailboxId: number, scope: Scope): string {
  return scope === null ? `${mailboxId}` : `${mailboxId} ${scope}`;
}
