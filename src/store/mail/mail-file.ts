/** The file with the mail as a thread reads it, beside the main thread, which alone writes there. */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';

/** Readers wait only while the write-ahead log begins anew. */
const LOCK_PATIENCE_MS = 5000;

export function readMailFile<T>(path: string, read: (mail: DatabaseSyncInstance) => T): T {
  const mail = new DatabaseSync(path, { readOnly: true, timeout: LOCK_PATIENCE_MS });
  try {
    return read(mail);
  } finally {
    mail.close();
  }
}
