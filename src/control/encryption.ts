/** "encrypt", "unlock", "passphrase" and "decrypt": private keys that nobody reads who gets hold of the disk. */
import { requireKeys } from './keys.js';
import { ControlRefusal, type ControlRooms, type Operation } from './operation.js';

/** Length is all that can be said of a passphrase without knowing where it comes from. */
const MIN_PASSPHRASE_CHARACTERS = 8;

export const encrypt: Operation = {
  name: 'encrypt',
  help: ({ keys }) => keys.encrypt.help,
  parameters: [
    { name: 'passphrase', place: 'secret', isRequired: true, isNew: true, help: ({ keys }) => keys.encrypt.passphrase },
    { name: 'not-by-login', place: 'flag', isRequired: false, help: ({ keys }) => keys.encrypt.notByLogin },
  ],
  async run({ passphrase, 'not-by-login': notByLogin }, rooms) {
    const { custody, password, words } = rooms;
    if (custody.state !== 'open') throw new ControlRefusal(({ keys }) => keys.encrypt.isDone);
    checkPassphrase(passphrase);
    await custody.encrypt(passphrase, notByLogin !== 'true');
    const shown = shownPassphrases(rooms);
    const { done, unlockByLogin, unlockBy, lastPassword, shownFolders, notMail } = words.keys.encrypt;
    const lines = [
      done,
      custody.opensByLogin ? unlockByLogin : unlockBy,
      ...(custody.opensByLogin && password !== null ? [lastPassword(password)] : []),
      ...(shown.length > 0 ? [shownFolders(shown.join(', '))] : []),
      notMail,
    ];
    return { value: { state: custody.state, opensByLogin: custody.opensByLogin, shown }, text: lines.join('\n') };
  },
};

export const unlock: Operation = {
  name: 'unlock',
  help: ({ keys }) => keys.unlock.help,
  parameters: [{ name: 'passphrase', place: 'secret', isRequired: true, help: ({ keys }) => keys.unlock.passphrase }],
  async run({ passphrase }, { custody, words }) {
    if (custody.state === 'open') throw new ControlRefusal(({ keys }) => keys.notEncrypted);
    if (!(await custody.unlock(passphrase))) throw new ControlRefusal(({ keys }) => keys.wrong);
    return { value: { state: custody.state }, text: words.keys.unlock.done };
  },
};

export const passphrase: Operation = {
  name: 'passphrase',
  help: ({ keys }) => keys.change.help,
  parameters: [{ name: 'passphrase', place: 'secret', isRequired: true, isNew: true, help: ({ keys }) => keys.change.passphrase }],
  async run({ passphrase: chosen }, rooms) {
    if (rooms.custody.state === 'open') throw new ControlRefusal(({ keys }) => keys.change.notEncrypted);
    requireKeys(rooms);
    checkPassphrase(chosen);
    await rooms.custody.changePassphrase(chosen);
    return { value: { state: rooms.custody.state }, text: rooms.words.keys.change.done };
  },
};

export const decrypt: Operation = {
  name: 'decrypt',
  help: ({ keys }) => keys.decrypt.help,
  parameters: [{ name: 'passphrase', place: 'secret', isRequired: true, help: ({ keys }) => keys.decrypt.passphrase }],
  async run({ passphrase }, { custody, words }) {
    if (custody.state === 'open') throw new ControlRefusal(({ keys }) => keys.notEncrypted);
    if (custody.isMailSealed) throw new ControlRefusal(({ keys }) => keys.decrypt.mailFirst);
    if (!(await custody.decrypt(passphrase))) throw new ControlRefusal(({ keys }) => keys.wrong);
    return { value: { state: custody.state }, text: words.keys.decrypt.done };
  },
};

function checkPassphrase(text: string): void {
  if ([...text].length >= MIN_PASSPHRASE_CHARACTERS) return;
  throw new ControlRefusal(({ keys }) => keys.tooShort(MIN_PASSPHRASE_CHARACTERS));
}

/** Folders whose names are what the keys of their chans are made of. */
function shownPassphrases({ groups, node }: ControlRooms): string[] {
  const labels = new Map(node.identities().map(({ address, label }) => [address, label]));
  return groups.chans().flatMap(({ address, label, folder }) => (labels.get(address) === label ? [folder] : []));
}
