/** "export …": mail, keys and addresses for other programs. */

import type { Saying } from '../words/words.js';
import { ignore, refusing } from './import.js';
import type { Operation, Parameter } from './operation.js';

const PATH: Parameter = { name: 'path', place: 'positional', isRequired: true, isPath: true, help: ({ moving }) => moving.newFile };
const FOLDER: Parameter = { name: 'folder', place: 'option', isRequired: false, help: ({ moving }) => moving.onlyFolder };

export const exportMbox = mailExport('mbox', ({ moving }) => moving.exportMbox.help);
export const exportMaildir = mailExport('maildir', ({ moving }) => moving.exportMaildir.help);

export const exportKeys: Operation = {
  name: 'export keys',
  help: ({ moving }) => moving.exportKeys.help,
  parameters: [PATH],
  run: ({ path }, { migration, words }) =>
    refusing(async () => {
      const addresses = await migration.exportKeys(path);
      return { value: { path, addresses }, text: words.moving.addressesWritten(addresses, path) };
    }),
};

export const exportAddresses: Operation = {
  name: 'export addresses',
  help: ({ moving }) => moving.exportAddresses.help,
  parameters: [PATH],
  run: ({ path }, { migration, words }) =>
    refusing(async () => {
      const addresses = await migration.exportAddresses(path);
      return { value: { path, addresses }, text: words.moving.addressesWritten(addresses, path) };
    }),
};

function mailExport(format: 'mbox' | 'maildir', help: Saying): Operation {
  return {
    name: `export ${format}`,
    help,
    parameters: [{ ...PATH, help: ({ moving }) => moving.newFileOrDirectory }, FOLDER],
    run: ({ path, folder = '' }, { migration, words }, progress = ignore) =>
      refusing(async () => {
        const mails = await migration.exportMail({ format, path: path, folder: folder === '' ? null : folder }, progress);
        return { value: { path, mails }, text: words.moving.mailsWritten(mails, path) };
      }),
  };
}
