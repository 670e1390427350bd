/** "restore": a data directory out of a backup. */
import { BackupRefusal } from '../backup/refusal.js';
import { ControlRefusal, type OfflineOperation } from './operation.js';
import { isoTime } from './words.js';

export const restore: OfflineOperation = {
  name: 'restore',
  help: ({ moving }) => moving.restore.help,
  parameters: [
    { name: 'file', place: 'positional', isRequired: true, isPath: true, help: ({ moving }) => moving.restore.file },
    { name: 'passphrase', place: 'secret', isRequired: true, help: ({ moving }) => moving.restore.passphrase },
  ],
  async run({ file, passphrase }, dataDirectory, words) {
    // Loaded here: no other command needs the store in the program that asks.
    const { restoreBackup } = await import('../backup/restore.js');
    try {
      const { createdAt, isSealed } = await restoreBackup(file, passphrase, dataDirectory);
      return {
        value: { dataDirectory, createdAt: isoTime(createdAt) },
        text: [words.moving.restore.done(dataDirectory, createdAt), ...(isSealed ? [words.moving.restore.isSealed] : [])].join('\n'),
      };
    } catch (error) {
      if (error instanceof BackupRefusal) throw new ControlRefusal(error.say, { cause: error });
      throw error;
    }
  },
};
