/** Taking things elsewhere: mail as mbox or Maildir, identities as a keys.dat, addresses as a table. */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OpenNode } from '../bitmessage/node.js';
import { readMailboxes } from '../mime/read-mail.js';
import type { Contacts } from '../store/contacts.js';
import type { Messages } from '../store/mail/message-types.js';
import type { Mailbox, Mailboxes } from '../store/mail/types.js';
import { keysDatSection } from './formats/keys-dat.js';
import type { Progress } from './import-pybitmessage.js';
import { type MailWriter, writeMaildir, writeMbox, writeNewFile } from './mail-files.js';
import { MigrationRefusal } from './refusal.js';

export interface ExportRooms {
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly contacts: Contacts;
  readonly node: OpenNode;
}

/** Entries that are looked up together; their texts are read one by one. */
const ENTRIES_PER_STEP = 200;

/**
 * Writes one folder to `path`, or all folders below it.
 *
 * @returns how many mails
 * @throws MigrationRefusal, AbortError
 */
export async function exportMail(
  target: { readonly format: 'mbox' | 'maildir'; readonly path: string; readonly folder: string | null },
  rooms: ExportRooms,
  progress: Progress,
  signal: AbortSignal,
): Promise<number> {
  const { format, path, folder } = target;
  const folders = rooms.mailboxes.list().filter((mailbox) => mailbox.selectable && (folder === null || mailbox.path === folder));
  if (folders.length === 0) throw new MigrationRefusal(({ moving }) => moving.noFolder(String(folder)));
  let written = 0;
  for (const mailbox of folders) {
    const levels = mailbox.path.split('/');
    const writer =
      format === 'maildir'
        ? await writeMaildir(path, folder !== null || mailbox.path === 'INBOX' ? [] : levels)
        : await writeMbox(folder !== null ? path : `${join(path, ...levels.map(safeLevel))}.mbox`);
    try {
      written += await exportFolder(mailbox, writer, rooms, signal);
    } finally {
      await writer.close();
    }
    progress(({ moving }) => moving.folderMails(mailbox.path, written));
  }
  return written;
}

/** A keys.dat that PyBitmessage and notbit read. @returns how many addresses @throws MigrationRefusal */
export async function exportKeys(path: string, { node }: ExportRooms): Promise<number> {
  const identities = node.takeover.identities();
  await writeNewFile(path, identities.map((identity) => keysDatSection({ ...identity, gateway: '' })).join(''));
  return identities.length;
}

/** Contacts and subscriptions as CSV (RFC 4180): kind, address, label. @returns how many @throws MigrationRefusal */
export async function exportAddresses(path: string, { contacts, node }: ExportRooms): Promise<number> {
  const rows = [
    ...contacts.all().map(({ address, label }) => ['contact', address, label]),
    ...node.subscriptions().map(({ address, label }) => ['subscription', address, label]),
  ];
  const lines = [['kind', 'address', 'label'], ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`);
  await writeNewFile(path, lines.join(''));
  return rows.length;
}

async function exportFolder(
  mailbox: Mailbox,
  writer: MailWriter,
  { mailboxes, messages }: ExportRooms,
  signal: AbortSignal,
): Promise<number> {
  const uids = mailboxes.uids(mailbox.id, null);
  let written = 0;
  for (let start = 0; start < uids.length; start += ENTRIES_PER_STEP) {
    for (const { messageId, flags, internalDate } of mailboxes.entries(mailbox.id, uids.slice(start, start + ENTRIES_PER_STEP))) {
      signal.throwIfAborted();
      await nextTurn();
      // It may have been expunged since: the list is older than the text.
      const mail = readIfThere(messages, messageId);
      if (mail === undefined) continue;
      await writer.write({ ...mail, flags, internalDate });
      written++;
    }
  }
  return written;
}

function readIfThere(messages: Messages, messageId: number): { raw: Buffer; sender: string } | undefined {
  try {
    return { raw: messages.raw(messageId), sender: readMailboxes(messages.describe(messageId).from)[0]?.address ?? '' };
  } catch {
    return undefined; // the store knows one reason only: there is no such message
  }
}

/** A spreadsheet must not take a label for a formula. */
function csvField(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** A level of a folder's path as the name of a file or directory. */
function safeLevel(level: string): string {
  const name = level.replace(/[\\/:*?"<>|\0]/g, '_');
  return /^\.+$/.test(name) ? name.replaceAll('.', '_') : name;
}
