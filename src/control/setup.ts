/** "setup": ready settings for a mail program, printed or written. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MAIL_DOMAIN } from '../mapping/address.js';
import { ControlRefusal, type ControlRooms, type Operation } from './operation.js';
import { mailAddress, type Setup, type SetupAccount } from './setup/account.js';
import { SETUPS } from './setup/clients.js';

export const setup: Operation = {
  name: 'setup',
  help: 'Print the settings of a mail program, ready to use; they hold your password.',
  parameters: [
    { name: 'client', place: 'positional', isRequired: true, choices: Object.keys(SETUPS), help: Object.keys(SETUPS).join(', ') },
    {
      name: 'identity',
      place: 'option',
      isRequired: false,
      help: 'one of your addresses or its label: a login that shows it alone (otherwise all)',
    },
    {
      name: 'write',
      place: 'option',
      isRequired: false,
      isPath: true,
      help: 'write to a file (thunderbird: a directory) that is not there yet',
    },
  ],
  run({ client, identity = '', write = '' }, rooms) {
    const wanted = client.toLowerCase();
    if (!Object.hasOwn(SETUPS, wanted)) throw new ControlRefusal(`"${client}" is none of ${Object.keys(SETUPS).join(', ')}`);
    const made = SETUPS[wanted](setupAccount(rooms, identity));
    const value = { client: wanted, hint: made.hint, files: made.files.map(({ name, text }) => ({ name, text })) };
    if (write === '') return { value, text: setupText(made) };
    writeSetup(made, write);
    return { value: { ...value, path: write }, text: `${write} is written.\n${made.hint}.` };
  },
};

/** @param identity an address or a label; '' for the combined login @throws ControlRefusal */
export function setupAccount({ mail, node, password }: ControlRooms, identity: string): SetupAccount {
  const own = node.identities().filter(({ chan }) => !chan);
  const found = identity === '' ? (own.find(({ enabled }) => enabled) ?? own[0]) : findIdentity(own, identity);
  if (found === undefined)
    throw new ControlRefusal(identity === '' ? 'there is no identity yet' : `"${identity}" is none of your addresses`);
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
  };
}

/** One file as it stands, so that it can be redirected into its place; several with their names. */
export function setupText({ hint, files }: Setup): string {
  if (files.length === 1) return files[0].text.trimEnd();
  return `${hint}.\n\n${files.map(({ name, text }) => `=== ${name}\n${text}`).join('\n')}`.trimEnd();
}

function findIdentity<T extends { readonly address: string; readonly label: string }>(own: readonly T[], typed: string): T | undefined {
  const wanted = typed.replace(new RegExp(`@${MAIL_DOMAIN}$`, 'i'), '');
  const matches = (fits: (name: string) => boolean): T[] => own.filter(({ address, label }) => fits(address) || fits(label));
  const exact = matches((name) => name === wanted);
  const found = exact.length > 0 ? exact : matches((name) => name.toLowerCase() === wanted.toLowerCase());
  if (found.length > 1) throw new ControlRefusal(`"${typed}" names more than one identity: use the address`);
  return found[0];
}

/** Never over something that is there. @throws ControlRefusal */
function writeSetup({ files, isDirectory = false }: Setup, target: string): void {
  try {
    if (!isDirectory) {
      writeFileSync(target, files[0].text, { mode: 0o600, flag: 'wx' });
      return;
    }
    mkdirSync(target, { recursive: true, mode: 0o700 });
    if (readdirSync(target).length > 0) throw new ControlRefusal(`${target} is not empty`);
    for (const { name, text } of files) {
      mkdirSync(dirname(join(target, name)), { recursive: true, mode: 0o700 });
      writeFileSync(join(target, name), text, { mode: 0o600, flag: 'wx' });
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new ControlRefusal(code === 'EEXIST' ? `${target} is there already` : `cannot write ${target}: ${message}`, { cause: error });
  }
}
