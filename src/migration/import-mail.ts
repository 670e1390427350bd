/** Mails of other mail programs go into a folder of this one, with their flags and dates; each once, however often the file is imported. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WorkerPool } from '../base/worker-pool.js';
import { findAddress } from '../mapping/address.js';
import { planFolder } from '../mapping/folder-plan.js';
import { outOfThread } from '../mime/describe.js';
import { LARGE_MESSAGE_BYTES, PIECE_BYTES } from '../store/mail/large-messages.js';
import { StoreLimit } from '../store/mail/message-types.js';
import type { NewEntry } from '../store/mail/types.js';
import { inBatches } from './batches.js';
import type { ImportRooms, Progress } from './import-pybitmessage.js';
import { type FileMail, type MailFormat, readMailFiles } from './mail-files.js';
import { type DescribedMail, type MailJob, type PreparedMail, prepareMail } from './prepared-mail.js';
import { MigrationRefusal } from './refusal.js';
import { type ImportReport, type Outcome, Tally } from './report.js';

const KIND = 'mail';
/** Stored together, unless they are large. */
const MAILS_PER_STEP = 25;
const STEP_BYTES = 4_194_304;

/** @throws MigrationRefusal, AbortError */
export async function importMail(
  source: { readonly format: MailFormat; readonly path: string; readonly folder: string },
  rooms: ImportRooms,
  progress: Progress,
  signal: AbortSignal,
): Promise<ImportReport> {
  const tally = new Tally();
  checkFolder(source.folder, rooms);
  const threads = new WorkerPool<MailJob, DescribedMail>({ url: new URL('./mail-worker.js', import.meta.url), threads: 1, maxQueued: 1 });
  const count = (outcome: Outcome | null): void => {
    if (outcome !== null) tally.count('mails', outcome);
  };
  let step: FileMail[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    await inBatches(rooms.database, step, signal, (mail) => count(takeSmall(mail, source.folder, rooms)));
    step = [];
    bytes = 0;
    progress(({ moving }) => moving.mails(tally.total('mails')));
  };
  try {
    for await (const mail of readMailFiles(source.format, source.path, () => tally.count('mails', 'refused'))) {
      signal.throwIfAborted();
      const length = mail.pieces.reduce((sum, piece) => sum + piece.length, 0);
      if (length > LARGE_MESSAGE_BYTES) {
        await flush();
        count(await takeLarge(mail, source.folder, rooms, threads, signal));
        continue;
      }
      step.push(mail);
      bytes += length;
      if (step.length >= MAILS_PER_STEP || bytes >= STEP_BYTES) await flush();
    }
    await flush();
    return tally.report();
  } finally {
    await threads.close();
  }
}

/** Null: it was deleted in its file already. */
function takeSmall(mail: FileMail, folder: string, rooms: ImportRooms): Outcome | null {
  const path = folderOf(mail, folder);
  const prepared = prepareMail({ pieces: mail.pieces, path });
  if (rooms.imports.has(KIND, prepared.key)) return 'known';
  return storeMail(mail, path, prepared, prepared.raw, rooms);
}

/** Read in a thread, brought onto the disk piece by piece, and then put into its folder. */
async function takeLarge(
  mail: FileMail,
  folder: string,
  rooms: ImportRooms,
  threads: WorkerPool<MailJob, DescribedMail>,
  signal: AbortSignal,
): Promise<Outcome | null> {
  const path = folderOf(mail, folder);
  const transfer = mail.pieces.map(({ buffer }) => buffer as ArrayBuffer);
  const prepared = await threads.run({ pieces: mail.pieces, path }, { transfer, signal });
  if (rooms.imports.has(KIND, prepared.key)) return 'known';
  if (prepared.mboxFlags === null && mail.flags === null) return null;
  const staging = rooms.mailboxes.stage();
  try {
    const { raw } = prepared;
    const { message, add } = staging.beginLarge(outOfThread(prepared.description), raw.length);
    for (let start = 0; start < raw.length; start += PIECE_BYTES) {
      add(Buffer.from(raw.buffer, raw.byteOffset + start, Math.min(PIECE_BYTES, raw.length - start)));
      await nextTurn();
      signal.throwIfAborted();
    }
    return rooms.database.transaction(() => storeMail(mail, path, prepared, message, rooms));
  } finally {
    staging.close();
  }
}

function folderOf({ subfolder }: FileMail, folder: string): string {
  return [folder, ...subfolder.map((level) => level.replaceAll('/', '_'))].join('/');
}

/** Inside the caller's transaction. */
function storeMail(mail: FileMail, path: string, prepared: PreparedMail, raw: NewEntry['raw'], rooms: ImportRooms): Outcome | null {
  const { imports, mailboxes, clock } = rooms;
  const flags = mail.flags ?? prepared.mboxFlags;
  if (flags === null) return null;
  try {
    if (mailboxes.find(path)?.selectable !== true) {
      mailboxes.create(path);
      mailboxes.subscribe(path);
    }
    const internalDate = mail.receivedAt ?? prepared.datedAt ?? clock.now();
    mailboxes.append(mailboxes.find(path)!.id, [{ raw, flags, internalDate, identity: identityOf(prepared, rooms) }]);
  } catch (error) {
    if (error instanceof StoreLimit) return 'refused';
    throw error;
  }
  imports.claim(KIND, prepared.key);
  return 'taken';
}

function checkFolder(path: string, { mailboxes }: ImportRooms): void {
  const plan = planFolder(path);
  if (plan.kind === 'refused') throw new MigrationRefusal(plan.why);
  if (path === 'Outbox') throw new MigrationRefusal(({ folders }) => folders.outboxBySending);
  const isThere = mailboxes.find(path)?.selectable === true;
  if (plan.kind === 'group' && !isThere) throw new MigrationRefusal(({ moving }) => moving.groupFolder(path));
  if (plan.kind === 'standard' && !isThere) throw new MigrationRefusal(({ moving }) => moving.holdsFolders(path));
}

/** The identity it is from or to, so that a login of that identity shows it. */
function identityOf({ addresses }: PreparedMail, { node }: ImportRooms): string {
  const own = node.identities().map(({ address }) => address);
  for (const address of addresses) {
    const found = findAddress(address, () => own);
    if (found !== null && own.includes(found)) return found;
  }
  return '';
}
