/** Encrypts the mail of a data directory that no gateway runs on, and decrypts it: the database is written anew and takes the old one's name. */
import { chmodSync, chownSync, existsSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { KeySlot } from '../access/key-slot.js';
import { Keystore } from '../access/keystore.js';
import { SLOT_FILE_NAME, SlotFile } from '../access/slot-file.js';
import { DATABASE_NAME, SNAPSHOT_NAME } from '../backup/archive.js';
import { Database } from '../store/database.js';
import { LOCK_NAME, takeInstanceLock } from '../store/instance-lock.js';
import { KeySlots, withSlots } from '../store/key-slots.js';
import { rewriteDatabase } from '../store/rewrite.js';
import { missingForSealed } from '../store/sealed-driver.js';
import type { SqliteFile } from '../store/sqlite-file.js';
import type { Saying } from '../words/words.js';
import { overwriteAndRemove, removeRewritten, replaceByRewritten, rewritten } from './leftover.js';
import { isMailSealed, KEY_NAMES, TEXT_INDEX_NAME, tidyAfterRewriting } from './mail-file.js';
import { missingSaying } from './missing.js';
import { SealingRefusal } from './refusal.js';

/** The copy is compact, but its pages carry a nonce and a tag each, and something is to be left. */
const ROOM_SHARE = 1.1;

/** Told what is being done. */
type Progress = (what: Saying) => void;

/** @param passphrase of `encrypt`, which must have been there before @throws SealingRefusal, with everything as it was */
export function sealMail(dataDirectory: string, passphrase: string, progress: Progress): Promise<void> {
  return alone(dataDirectory, async (path) => {
    if (isMailSealed(dataDirectory)) throw new SealingRefusal(({ keys }) => keys.mail.isDone);
    const database = new Database(path);
    let slots: KeySlot[];
    let keystore: Keystore;
    try {
      slots = new KeySlots<KeySlot['kind']>(database).all();
      keystore = await unlocked(slots, passphrase);
      putLogAway(database);
    } finally {
      database.close();
    }
    const sealed = { path: rewritten(path), key: keystore.derive(KEY_NAMES.database) };
    // Its slots lie beside it.
    write(path, sealed, [], progress);
    const slotFile = join(dataDirectory, SLOT_FILE_NAME);
    new SlotFile(slotFile).write(slots);
    belongTo(slotFile, path);
    // First, for it is readable.
    removeDerived(dataDirectory);
    replaceByRewritten(path);
  });
}

/** @throws SealingRefusal, with everything as it was */
export function unsealMail(dataDirectory: string, passphrase: string, progress: Progress): Promise<void> {
  return alone(dataDirectory, async (path) => {
    if (!isMailSealed(dataDirectory)) throw new SealingRefusal(({ keys }) => keys.mail.notEncrypted);
    const slotFile = new SlotFile(join(dataDirectory, SLOT_FILE_NAME));
    const slots = slotFile.all();
    const sealed = { path, key: (await unlocked(slots, passphrase)).derive(KEY_NAMES.database) };
    const database = new Database(sealed);
    try {
      putLogAway(database);
    } finally {
      database.close();
    }
    write(sealed, rewritten(path), slots, progress);
    removeDerived(dataDirectory);
    replaceByRewritten(path);
    slotFile.removeAll();
  });
}

async function alone(dataDirectory: string, work: (databasePath: string) => Promise<void>): Promise<void> {
  const path = join(dataDirectory, DATABASE_NAME);
  if (!existsSync(path)) throw new SealingRefusal(({ keys }) => keys.mail.nothingThere(dataDirectory));
  const missing = missingForSealed();
  if (missing !== null) throw new SealingRefusal(missingSaying(missing.lacks), { cause: missing });
  const lock = takeInstanceLock(join(dataDirectory, LOCK_NAME));
  if (lock === null) throw new SealingRefusal(({ keys }) => keys.mail.isRunning(dataDirectory));
  const umask = process.umask(0o077);
  try {
    tidyAfterRewriting(dataDirectory);
    await work(path);
  } finally {
    removeRewritten(path);
    process.umask(umask);
    lock.release();
  }
}

async function unlocked(slots: readonly KeySlot[], passphrase: string): Promise<Keystore> {
  const keystore = new Keystore({
    slots: { all: () => [...slots], put: () => {}, removeAll: () => {} },
    transaction: (work) => work(),
    cleanse: async () => {},
  });
  if (keystore.state === 'open') throw new SealingRefusal(({ keys }) => keys.mail.keysFirst);
  if (!(await keystore.unlock(passphrase))) throw new SealingRefusal(({ keys }) => keys.wrong);
  return keystore;
}

/** The file alone is the database then: no log lies beside it that another file of its name would be given. */
function putLogAway(database: Database): void {
  const mode = database.get<{ journal_mode: string }>('PRAGMA journal_mode = DELETE')?.journal_mode;
  if (mode !== 'delete') throw new Error('the write-ahead log could not be put away');
}

function write(from: SqliteFile, to: SqliteFile, slots: readonly KeySlot[], progress: Progress): void {
  const [source, target] = [from, to].map((file) => (typeof file === 'string' ? file : file.path));
  const { size } = statSync(source);
  const { bavail, bsize } = statfsSync(source);
  if (bavail * bsize < size * ROOM_SHARE) throw new SealingRefusal(({ keys }) => keys.mail.noRoom(Math.ceil((size * ROOM_SHARE) / 1e6)));
  rewriteDatabase(from, to, withSlots(slots), (stage) => progress(({ keys }) => keys.mail.stages[stage]));
  belongTo(target, source);
}

/** As root, too, what the gateway of another user can open. */
function belongTo(path: string, model: string): void {
  const { uid, gid } = statSync(model);
  if (process.getuid?.() === 0) chownSync(path, uid, gid);
  chmodSync(path, 0o600);
}

/** What is made of the mail, and was made with the key of before. */
function removeDerived(dataDirectory: string): void {
  for (const name of [TEXT_INDEX_NAME, SNAPSHOT_NAME])
    for (const ending of ['', '-wal', '-shm', '-journal']) {
      const path = join(dataDirectory, `${name}${ending}`);
      if (existsSync(path)) overwriteAndRemove(path);
    }
}
