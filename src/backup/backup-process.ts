/** Process door: writes a backup. */
import { answerJob } from '../base/job-process.js';
import { type BackupOrder, writeBackup } from './write-backup.js';

export type BackupReply = { readonly size: number };

answerJob<BackupOrder, BackupReply>(async (order) => ({ size: await writeBackup(order) }));
