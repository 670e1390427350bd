/** COPY and MOVE with their UID forms, RFC 9051 §6.4.7 and §6.4.8. */
import type { UidPairs } from '../../store/mail/types.js';
import { exactRuns, type UidRun } from '../../store/mail/uid-runs.js';
import { SHOWN_AT_ONCE } from '../../store/mail/unseen-copy.js';
import { type Command, type Completion, SELECTED } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import { noteOwnMessages, quietly } from '../own-changes.js';
import type { Session } from '../session.js';
import { formatRuns, type SequenceSet } from '../wire/sequence-set.js';
import { highestModseq, requireReadWrite } from './expunge.js';
import { findTarget, requireStillThere } from './folder.js';
import { inSlices, type SliceSizes } from './slices.js';

interface Transfer {
  readonly set: SequenceSet;
  readonly target: string | null;
}

/** A row each: 1,000 take some milliseconds, also where the disk has to be read. */
const COPIED_AT_ONCE: SliceSizes = { first: 1000, largest: 5000 };

export const copy = transferCommand('copy', 'number');
export const uidCopy = transferCommand('copy', 'uid');
export const move = transferCommand('move', 'number');
export const uidMove = transferCommand('move', 'uid');

function transferCommand(kind: 'copy' | 'move', by: 'number' | 'uid'): Command<Transfer> {
  return {
    states: SELECTED,
    expunges: kind === 'move',
    byNumber: by === 'number',
    parse: (args) => {
      args.space();
      const set = args.sequenceSet();
      args.space();
      return { set, target: args.mailbox() };
    },
    run: async ({ set, target }, session) => {
      if (kind === 'move') requireReadWrite(session);
      const uids = session.view.resolve(set, by);
      const { path } = findTarget(session, target);
      return uids.length === 0 ? { text: 'No messages' } : transfer(session, kind, uids, path);
    },
  };
}

async function transfer(session: Session, kind: 'copy' | 'move', uids: readonly number[], targetPath: string): Promise<Completion> {
  const { folders } = session.rooms;
  const sourcePath = session.view.mailbox()?.path;
  if (sourcePath === undefined) throw new ImapNo('NONEXISTENT', 'The selected mailbox is gone');
  await folders.beforeTransfer(session.login, sourcePath, targetPath, uids, kind);
  // Looked up again: the house may have done something about it meanwhile.
  const target = findTarget(session, targetPath);
  const pairs = kind === 'copy' ? await copyAll(session, uids, target.id) : await moveAll(session, uids, target.id);
  if (pairs.isEmpty) throw new ImapNo('EXPUNGEISSUED', 'Another client has removed these messages');
  const code = formatCopyUid(target.uidValidity, pairs);
  if (kind === 'copy') return { code };
  // RFC 6851 §4.3: before the EXPUNGEs, which the session tells after this command.
  session.send(`* OK [${code}] Moved\r\n`);
  return highestModseq(session);
}

/**
 * RFC 9051 §6.4.7: all or nothing, whatever happens on the way. Others see them come in at once, too; of more than SHOWN_AT_ONCE they see
 * so many at a time.
 */
async function copyAll(session: Session, uids: readonly number[], targetId: number): Promise<TransferredRuns> {
  const { mailboxes, turns } = session.rooms;
  const copied = new TransferredRuns();
  if (uids.length <= COPIED_AT_ONCE.first) {
    return copied.add(copyAtOnce(session, targetId, () => mailboxes.copy(session.view.id, uids, targetId)));
  }
  const copying = mailboxes.copyStepwise(session.view.id, targetId);
  try {
    for (let start = 0; start < uids.length; ) {
      const together = uids.slice(start, start + SHOWN_AT_ONCE);
      await inSlices(
        session,
        together,
        (slice) => {
          requireStillThere(session, targetId);
          copying.add(slice);
        },
        COPIED_AT_ONCE,
      );
      requireStillThere(session, targetId);
      const pairs = copyAtOnce(session, targetId, () => copying.show());
      // Null: once more.
      if (pairs === null) continue;
      copied.add(pairs);
      start += together.length;
      await session.pace.rest();
    }
  } catch (error) {
    // Not at the pace of the client, which may be gone.
    while (copying.undoNext()) await turns.next();
    throw error;
  }
  copying.finish();
  return copied;
}

/** The step in which copies are there for everybody. */
function copyAtOnce<T extends UidPairs | null>(session: Session, targetId: number, show: () => T): T {
  const pairs = quietly(session, show);
  noteOwnMessages(session, targetId, pairs?.to ?? []);
  return pairs;
}

/** RFC 6851 §3.3: each message is in one of the folders at any time; what was moved before something went wrong stays moved. */
async function moveAll(session: Session, uids: readonly number[], targetId: number): Promise<TransferredRuns> {
  const moved = new TransferredRuns();
  try {
    await inSlices(
      session,
      uids,
      (slice) => {
        requireStillThere(session, targetId);
        const pairs = quietly(session, () => session.rooms.mailboxes.move(session.view.id, slice, targetId));
        noteOwnMessages(session, targetId, pairs.to);
        moved.add(pairs);
      },
      COPIED_AT_ONCE,
    );
  } catch (error) {
    const validity = session.rooms.mailboxes.byId(targetId)?.uidValidity;
    if (!moved.isEmpty && validity !== undefined) session.send(`* OK [${formatCopyUid(validity, moved)}] Moved so far\r\n`);
    throw error;
  }
  return moved;
}

function formatCopyUid(uidValidity: number, { from, to }: TransferredRuns): string {
  return `COPYUID ${uidValidity} ${formatRuns(from)} ${formatRuns(to)}`;
}

/** What was copied or moved, as runs without a gap: a million messages are few of these. */
class TransferredRuns {
  readonly from: UidRun[] = [];
  readonly to: UidRun[] = [];

  get isEmpty(): boolean {
    return this.from.length === 0;
  }

  add(pairs: UidPairs): this {
    for (const key of ['from', 'to'] as const) for (const run of exactRuns(pairs[key])) this[key].push(run);
    return this;
  }
}
