/** Thread door: writes a backup, away from the main thread. */
import { answerJobs } from '../base/worker-pool.js';
import { type BackupOrder, writeBackup } from './write-backup.js';

export type BackupReply = { readonly size: number };

answerJobs<BackupOrder, BackupReply>(async (order) => ({ size: await writeBackup(order) }));
