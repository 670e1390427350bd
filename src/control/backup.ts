/** "backup": everything in one sealed file. */
import { BackupRefusal } from '../backup/refusal.js';
import { absolute, ignore } from './import.js';
import { ControlRefusal, type Operation } from './operation.js';

export const backup: Operation = {
  name: 'backup',
  help: 'Write keys, mail and settings into one file, encrypted with a passphrase.',
  parameters: [
    { name: 'file', place: 'positional', isRequired: true, isPath: true, help: 'a file that is not there yet' },
    { name: 'passphrase', place: 'secret', isRequired: true, isNew: true, help: 'without it the file cannot be read' },
  ],
  async run({ file, passphrase }, { backup: room }, progress = ignore) {
    progress('packing and sealing');
    try {
      const { size } = await room.make(absolute(file), passphrase);
      return {
        value: { file, size },
        text: `${file}: ${(size / 1_000_000).toFixed(1)} MB. Keep the passphrase: without it the file cannot be read.`,
      };
    } catch (error) {
      if (error instanceof BackupRefusal) throw new ControlRefusal(error.message, { cause: error });
      throw error;
    }
  },
};
