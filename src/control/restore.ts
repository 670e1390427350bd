/** "restore": a data directory out of a backup. */
import { BackupRefusal } from '../backup/refusal.js';
import { ControlRefusal, type OfflineOperation } from './operation.js';
import { isoTime } from './words.js';

export const restore: OfflineOperation = {
  name: 'restore',
  help: 'Make a data directory of a backup: the one that --data names, new or empty.',
  parameters: [
    { name: 'file', place: 'positional', isRequired: true, isPath: true, help: 'what "backup" wrote' },
    { name: 'passphrase', place: 'secret', isRequired: true, help: 'that of the backup' },
  ],
  async run({ file, passphrase }, dataDirectory) {
    // Loaded here: no other command needs the store in the program that asks.
    const { restoreBackup } = await import('../backup/restore.js');
    try {
      const { createdAt } = await restoreBackup(file, passphrase, dataDirectory);
      return {
        value: { dataDirectory, createdAt: isoTime(createdAt) },
        text: `${dataDirectory} is as it was at ${isoTime(createdAt)}.\nDo not run the old one beside it: both would answer for the same addresses.`,
      };
    } catch (error) {
      if (error instanceof BackupRefusal) throw new ControlRefusal(error.message, { cause: error });
      throw error;
    }
  },
};
