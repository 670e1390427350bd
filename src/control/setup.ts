/** "setup": ready settings for a mail program, printed or written. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../base/make-directory.js';
import type { Identity } from '../bitmessage/node.js';
import { findIdentity } from './identity-find.js';
import { ControlRefusal, type ControlRooms, type Operation } from './operation.js';
import { mailAddress, type Setup, type SetupAccount } from './setup/account.js';
import { SETUPS } from './setup/clients.js';

export const setup: Operation = {
  name: 'setup',
  help: ({ setup: told }) => told.help,
  parameters: [
    { name: 'client', place: 'positional', isRequired: true, choices: Object.keys(SETUPS), help: () => Object.keys(SETUPS).join(', ') },
    { name: 'identity', place: 'option', isRequired: false, help: ({ setup: told }) => told.identity },
    { name: 'write', place: 'option', isRequired: false, isPath: true, help: ({ setup: told }) => told.write },
  ],
  run({ client, identity = '', write = '' }, rooms) {
    const wanted = client.toLowerCase();
    if (!Object.hasOwn(SETUPS, wanted)) throw new ControlRefusal((words) => words.setup.isNone(client, Object.keys(SETUPS).join(', ')));
    const made = SETUPS[wanted](setupAccount(rooms, identity));
    const value = { client: wanted, hint: made.hint, files: made.files.map(({ name, text }) => ({ name, text })) };
    if (write === '') return { value, text: setupText(made) };
    writeSetup(made, write);
    const next = made.opensWith === undefined ? `${made.hint}.` : rooms.words.setup.opensWith(made.opensWith(write, process.platform));
    return { value: { ...value, path: write }, text: `${rooms.words.setup.done(write)}\n${next}` };
  },
};

/** @param identity an address or a label; '' for the combined login @throws ControlRefusal */
export function setupAccount({ mail, node, password, words }: ControlRooms, identity: string): SetupAccount {
  const found = identity === '' ? firstInUse(node) : findIdentity(node, identity);
  const address = mailAddress(found.address);
  return {
    imap: mail.imap,
    smtp: mail.smtp,
    user: identity === '' ? mail.user : address,
    password,
    address,
    label: found.label,
    caPath: mail.caPath,
    ca: readFileSync(mail.caPath, 'utf8'),
    fingerprint: mail.fingerprint,
    words,
  };
}

/** One file as it stands, so that it can be redirected into its place; several with their names. */
export function setupText({ hint, files }: Setup): string {
  if (files.length === 1) return files[0].text.trimEnd();
  return `${hint}.\n\n${files.map(({ name, text }) => `=== ${name}\n${text}`).join('\n')}`.trimEnd();
}

/** @throws ControlRefusal */
function firstInUse(node: ControlRooms['node']): Identity {
  const own = node.identities().filter(({ chan }) => !chan);
  const first = own.find(({ enabled }) => enabled) ?? own.at(0);
  if (first === undefined) throw new ControlRefusal((words) => words.setup.noIdentity);
  return first;
}

/** Never over something that is there. @throws ControlRefusal */
function writeSetup({ files, isDirectory = false }: Setup, target: string): void {
  try {
    if (!isDirectory) {
      writeFileSync(target, files[0].text, { mode: 0o600, flag: 'wx' });
      return;
    }
    makeDirectory(target, 0o700);
    if (readdirSync(target).length > 0) throw new ControlRefusal((words) => words.setup.notEmpty(target));
    for (const { name, text } of files) {
      mkdirSync(dirname(join(target, name)), { recursive: true, mode: 0o700 });
      writeFileSync(join(target, name), text, { mode: 0o600, flag: 'wx' });
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new ControlRefusal(({ orders }) => (code === 'EEXIST' ? orders.isThere(target) : orders.notWritable(target, message)), {
      cause: error,
    });
  }
}
