/** "import …": identities, mail and addresses from other programs. */
import { MigrationRefusal } from '../migration/refusal.js';
import type { ImportReport, Kind, Outcome } from '../migration/report.js';
import type { Words } from '../words/words.js';
import { type Answer, ControlRefusal, type Operation, type Parameter } from './operation.js';
import { table } from './table.js';

const FILE: Parameter = { name: 'file', place: 'positional', isRequired: true, isPath: true, help: ({ moving }) => moving.notbit.file };
const FOLDER: Parameter = { name: 'folder', place: 'option', isRequired: true, help: ({ moving }) => moving.folder };

export const importPybitmessage: Operation = {
  name: 'import pybitmessage',
  help: ({ moving }) => moving.pybitmessage.help,
  parameters: [
    { name: 'directory', place: 'positional', isRequired: true, isPath: true, help: ({ moving }) => moving.pybitmessage.directory },
    { name: 'resume', place: 'flag', isRequired: false, help: ({ moving }) => moving.pybitmessage.resume },
  ],
  run: ({ directory, resume }, { migration, words }, progress = ignore) =>
    refusing(async () => {
      const report = await migration.importPybitmessage(directory, { resume: resume === 'true' }, progress);
      return answer(report, words);
    }),
};

export const importNotbit: Operation = {
  name: 'import notbit',
  help: ({ moving }) => moving.notbit.help,
  parameters: [FILE],
  run: ({ file }, { migration, words }) => refusing(async () => answer(await migration.importKeysFile(file), words)),
};

export const importWif: Operation = {
  name: 'import wif',
  help: ({ moving }) => moving.wif.help,
  parameters: [
    { name: 'signing', place: 'positional', isRequired: true, help: ({ moving }) => moving.wif.signing },
    { name: 'encryption', place: 'positional', isRequired: true, help: ({ moving }) => moving.wif.encryption },
    { name: 'label', place: 'option', isRequired: false, help: ({ moving }) => moving.wif.label },
    { name: 'address-version', place: 'option', isRequired: false, help: ({ moving }) => moving.wif.version },
  ],
  run: ({ signing, encryption, label = '', 'address-version': version = '4' }, { migration, words }) =>
    refusing(async () => {
      if (version !== '3' && version !== '4') throw new ControlRefusal(({ orders }) => orders.notAVersion);
      const { address, isNew } = migration.importWif({ signing, encryption, label, version: version === '3' ? 3 : 4 });
      return { value: { address, new: isNew }, text: isNew ? address : words.moving.wif.isHere(address) };
    }),
};

export const importMbox = mailImport('mbox');
export const importEml = mailImport('eml');
export const importMaildir = mailImport('maildir');

function mailImport(format: 'mbox' | 'eml' | 'maildir'): Operation {
  return {
    name: `import ${format}`,
    help: ({ moving }) => moving[format].help,
    parameters: [{ name: 'path', place: 'positional', isRequired: true, isPath: true, help: ({ moving }) => moving[format].path }, FOLDER],
    run: ({ path, folder }, { migration, words }, progress = ignore) =>
      refusing(async () => answer(await migration.importMail({ format, path: path, folder }, progress), words)),
  };
}

/** What cannot be brought in is the person's to mend. @throws ControlRefusal */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MigrationRefusal) throw new ControlRefusal(error.say, { cause: error });
    throw error;
  }
}

export function ignore(): void {}

function answer({ counts, notes: sayings }: ImportReport, words: Words): Answer {
  const { moving } = words;
  const rows = (Object.entries(counts) as [Kind, Record<Outcome, number>][]).map(([kind, { taken, known, refused }]) => [
    moving.kinds[kind],
    moving.taken(taken),
    known > 0 ? moving.known(known) : '',
    refused > 0 ? moving.refused(refused) : '',
  ]);
  const notes = sayings.map((say) => say(words));
  return { value: { counts: counts, notes }, text: [table(rows) || moving.nothingFound, ...notes].join('\n') };
}
