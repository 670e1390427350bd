/** "export …": mail, keys and addresses for other programs. */
import { absolute, ignore, refusing } from './import.js';
import type { Operation, Parameter } from './operation.js';

const PATH: Parameter = { name: 'path', place: 'positional', isRequired: true, isPath: true, help: 'a file that is not there yet' };
const FOLDER: Parameter = { name: 'folder', place: 'option', isRequired: false, help: 'only this folder (otherwise all of them)' };

export const exportMbox = mailExport('mbox', 'Write a folder as an mbox file, or all folders as mbox files below a directory.');
export const exportMaildir = mailExport('maildir', 'Write a folder, or all folders, as a Maildir.');

export const exportKeys: Operation = {
  name: 'export keys',
  help: 'Write the private keys of all addresses as a keys.dat, for PyBitmessage and notbit. Keep it safe.',
  parameters: [PATH],
  run: ({ path }, { migration }) =>
    refusing(async () => {
      const addresses = await migration.exportKeys(absolute(path));
      return { value: { path, addresses }, text: `${addresses} addresses written to ${path}` };
    }),
};

export const exportAddresses: Operation = {
  name: 'export addresses',
  help: 'Write contacts and subscriptions as a table (CSV).',
  parameters: [PATH],
  run: ({ path }, { migration }) =>
    refusing(async () => {
      const addresses = await migration.exportAddresses(absolute(path));
      return { value: { path, addresses }, text: `${addresses} addresses written to ${path}` };
    }),
};

function mailExport(format: 'mbox' | 'maildir', help: string): Operation {
  return {
    name: `export ${format}`,
    help,
    parameters: [{ ...PATH, help: 'a file or directory that is not there yet' }, FOLDER],
    run: ({ path, folder = '' }, { migration }, progress = ignore) =>
      refusing(async () => {
        const mails = await migration.exportMail({ format, path: absolute(path), folder: folder === '' ? null : folder }, progress);
        return { value: { path, mails }, text: `${mails} mails written to ${path}` };
      }),
  };
}
