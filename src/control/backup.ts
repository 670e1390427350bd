/** "backup": everything in one sealed file. */
import { BackupRefusal } from '../backup/refusal.js';
import { ignore } from './import.js';
import { ControlRefusal, type Operation } from './operation.js';

export const backup: Operation = {
  name: 'backup',
  help: ({ moving }) => moving.backup.help,
  parameters: [
    { name: 'file', place: 'positional', isRequired: true, isPath: true, help: ({ moving }) => moving.backup.file },
    { name: 'passphrase', place: 'secret', isRequired: true, isNew: true, help: ({ moving }) => moving.backup.passphrase },
  ],
  async run({ file, passphrase }, { backup: room, words }, progress = ignore) {
    progress(({ moving }) => moving.backup.packing);
    try {
      const { size } = await room.make(file, passphrase);
      return { value: { file, size }, text: words.moving.backup.done(file, size) };
    } catch (error) {
      if (error instanceof BackupRefusal) throw new ControlRefusal(error.say, { cause: error });
      throw error;
    }
  },
};
