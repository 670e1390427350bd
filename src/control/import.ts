/** "import …": identities, mail and addresses from other programs. */
import { isAbsolute } from 'node:path';
import { MigrationRefusal } from '../migration/refusal.js';
import type { ImportReport } from '../migration/report.js';
import { type Answer, ControlRefusal, type Operation, type Parameter } from './operation.js';
import { table } from './table.js';

const FILE: Parameter = { name: 'file', place: 'positional', isRequired: true, isPath: true, help: 'the file' };
const FOLDER: Parameter = { name: 'folder', place: 'option', isRequired: true, help: 'the folder that the mail goes into' };

export const importPybitmessage: Operation = {
  name: 'import pybitmessage',
  help: 'Take over all that PyBitmessage keeps. Quit it first. Doing it twice is harmless.',
  parameters: [
    { name: 'directory', place: 'positional', isRequired: true, isPath: true, help: 'where its keys.dat and messages.dat are' },
    { name: 'resume', place: 'flag', isRequired: false, help: 'also send what it had not finished sending' },
  ],
  run: ({ directory, resume }, { migration }, progress = ignore) =>
    refusing(async () => {
      const report = await migration.importPybitmessage(absolute(directory), { resume: resume === 'true' }, progress);
      return answer(report);
    }),
};

export const importNotbit: Operation = {
  name: 'import notbit',
  help: 'Take over the keys in a keys.dat of notbit, or of any program that writes that format.',
  parameters: [{ ...FILE, help: 'its keys.dat' }],
  run: ({ file }, { migration }) => refusing(async () => answer(await migration.importKeysFile(absolute(file)))),
};

export const importWif: Operation = {
  name: 'import wif',
  help: 'Make an identity of two private keys.',
  parameters: [
    { name: 'signing', place: 'positional', isRequired: true, help: 'the signing key, "5…"' },
    { name: 'encryption', place: 'positional', isRequired: true, help: 'the encryption key, "5…"' },
    { name: 'label', place: 'option', isRequired: false, help: 'its name, which only you see' },
    { name: 'address-version', place: 'option', isRequired: false, help: '4 (the default) or 3' },
  ],
  run: ({ signing, encryption, label = '', 'address-version': version = '4' }, { migration }) =>
    refusing(async () => {
      if (version !== '3' && version !== '4') throw new ControlRefusal('address-version is 3 or 4');
      const { address, isNew } = migration.importWif({ signing, encryption, label, version: version === '3' ? 3 : 4 });
      return { value: { address, new: isNew }, text: isNew ? address : `${address} is here already` };
    }),
};

export const importMbox = mailImport('mbox', 'Bring the mails of an mbox file into a folder.', 'the mbox file');
export const importEml = mailImport('eml', 'Bring a mail, or all .eml files of a directory, into a folder.', 'an .eml file or a directory');
export const importMaildir = mailImport('maildir', 'Bring the mails of a Maildir, with the Maildirs in it, into a folder.', 'the Maildir');

function mailImport(format: 'mbox' | 'eml' | 'maildir', help: string, what: string): Operation {
  return {
    name: `import ${format}`,
    help: `${help} Doing it twice is harmless.`,
    parameters: [{ name: 'path', place: 'positional', isRequired: true, isPath: true, help: what }, FOLDER],
    run: ({ path, folder }, { migration }, progress = ignore) =>
      refusing(async () => answer(await migration.importMail({ format, path: absolute(path), folder }, progress))),
  };
}

/** What cannot be brought in is the person's to mend. @throws ControlRefusal */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MigrationRefusal) throw new ControlRefusal(error.message, { cause: error });
    throw error;
  }
}

/** The gateway was started somewhere else than the command. @throws ControlRefusal */
export function absolute(path: string): string {
  if (!isAbsolute(path)) throw new ControlRefusal(`${path} must be an absolute path`);
  return path;
}

export function ignore(): void {}

function answer({ counts, notes }: ImportReport): Answer {
  const rows = Object.entries(counts).map(([kind, { taken, known, refused }]) => [
    kind,
    `${taken} new`,
    known > 0 ? `${known} known already` : '',
    refused > 0 ? `${refused} could not be used` : '',
  ]);
  return { value: { counts, notes }, text: [table(rows) || 'nothing found', ...notes].join('\n') };
}
