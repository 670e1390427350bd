/** Mails of other mail programs go into a folder of this one, with their flags and dates; each once, however often the file is imported. */
import { createHash } from 'node:crypto';
import { findAddress } from '../mapping/address.js';
import { planFolder } from '../mapping/folder-plan.js';
import { parseDate } from '../mime/date.js';
import { readHeaderField, readMailboxes } from '../mime/read-mail.js';
import { StoreLimit } from '../store/mail/types.js';
import { inBatches } from './batches.js';
import type { ImportRooms, Progress } from './import-pybitmessage.js';
import { type FileMail, type MailFormat, readMailFiles } from './mail-files.js';
import { MigrationRefusal } from './refusal.js';
import { type ImportReport, Tally } from './report.js';

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
  let step: FileMail[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    await inBatches(rooms.database, step, signal, (mail) => tally.count('mails', storeMail(mail, source.folder, rooms)));
    step = [];
    bytes = 0;
    progress(({ moving }) => moving.mails(tally.total('mails')));
  };
  for await (const mail of readMailFiles(source.format, source.path, () => tally.count('mails', 'refused'))) {
    signal.throwIfAborted();
    step.push(mail);
    bytes += mail.raw.length;
    if (step.length >= MAILS_PER_STEP || bytes >= STEP_BYTES) await flush();
  }
  await flush();
  return tally.report();
}

function storeMail(mail: FileMail, folder: string, rooms: ImportRooms): 'taken' | 'known' | 'refused' {
  const { imports, mailboxes, clock } = rooms;
  const path = [folder, ...mail.subfolder.map((level) => level.replaceAll('/', '_'))].join('/');
  const key = createHash('sha256').update(path).update('\0').update(mail.raw).digest();
  if (imports.has(KIND, key)) return 'known';
  try {
    if (mailboxes.find(path)?.selectable !== true) {
      mailboxes.create(path);
      mailboxes.subscribe(path);
    }
    const internalDate = mail.receivedAt ?? dateOf(mail.raw) ?? clock.now();
    mailboxes.append(mailboxes.find(path)!.id, [{ raw: mail.raw, flags: mail.flags, internalDate, identity: identityOf(mail.raw, rooms) }]);
  } catch (error) {
    if (error instanceof StoreLimit) return 'refused';
    throw error;
  }
  imports.claim(KIND, key);
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
function identityOf(raw: Buffer, { node }: ImportRooms): string {
  const own = node.identities().map(({ address }) => address);
  for (const field of ['from', 'to', 'cc']) {
    for (const { address } of readMailboxes(readHeaderField(raw, field) ?? '')) {
      const found = findAddress(address, () => own);
      if (found !== null && own.includes(found)) return found;
    }
  }
  return '';
}

/** When the last server took it, else when its sender wrote it. */
function dateOf(raw: Buffer): number | null {
  const received = readHeaderField(raw, 'received')?.split(';').at(-1);
  const texts = [readHeaderField(raw, 'delivery-date'), received, readHeaderField(raw, 'date')];
  for (const text of texts) {
    const date = text ? parseDate(text) : null;
    if (date !== null) return date.at;
  }
  return null;
}
