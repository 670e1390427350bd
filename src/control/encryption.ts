/** "encrypt", "unlock", "passphrase" and "decrypt": private keys that nobody reads who gets hold of the disk. */
import { requireKeys } from './keys.js';
import { ControlRefusal, type ControlRooms, type Operation } from './operation.js';

/** Length is all that can be said of a passphrase without knowing where it comes from. */
const MIN_PASSPHRASE_CHARACTERS = 8;

export const encrypt: Operation = {
  name: 'encrypt',
  help: 'Encrypt your private keys on the disk.',
  parameters: [
    { name: 'passphrase', place: 'secret', isRequired: true, isNew: true, help: 'without it the keys are lost' },
    { name: 'not-by-login', place: 'flag', isRequired: false, help: 'a mail program that logs in does not unlock them' },
  ],
  async run({ passphrase, 'not-by-login': notByLogin }, rooms) {
    const { custody, password } = rooms;
    if (custody.state !== 'open') throw new ControlRefusal('they are encrypted already; "passphrase" chooses another passphrase');
    checkPassphrase(passphrase);
    await custody.encrypt(passphrase, notByLogin !== 'true');
    const shown = shownPassphrases(rooms);
    const lines = [
      'Your private keys are encrypted. Nobody can restore them if you forget the passphrase; "postern export keys" writes them readable, for a safe place.',
      custody.opensByLogin
        ? 'After a start they are locked until you say "postern unlock", or until a mail program logs in.'
        : 'After a start they are locked until you say "postern unlock".',
      ...(custody.opensByLogin && password !== null
        ? [`The password of your mail programs is not in login.json any more. Keep it, it is shown for the last time: ${password}`]
        : []),
      ...(shown.length > 0 ? [`These folders are named after the passphrase of their chan; rename them: ${shown.join(', ')}`] : []),
      'Mail, contacts and folder names are not encrypted: encrypt the disk for that.',
    ];
    return { value: { state: custody.state, opensByLogin: custody.opensByLogin, shown }, text: lines.join('\n') };
  },
};

export const unlock: Operation = {
  name: 'unlock',
  help: 'Unlock your private keys after a start.',
  parameters: [{ name: 'passphrase', place: 'secret', isRequired: true, help: 'that of "encrypt"' }],
  async run({ passphrase }, { custody }) {
    if (custody.state === 'open') throw new ControlRefusal('nothing is encrypted');
    if (!(await custody.unlock(passphrase))) throw new ControlRefusal('that is not the passphrase');
    return { value: { state: custody.state }, text: 'Unlocked. What came meanwhile is read now.' };
  },
};

export const passphrase: Operation = {
  name: 'passphrase',
  help: 'Choose another passphrase for your private keys, which must be unlocked.',
  parameters: [{ name: 'passphrase', place: 'secret', isRequired: true, isNew: true, help: 'the new one' }],
  async run({ passphrase: chosen }, rooms) {
    if (rooms.custody.state === 'open') throw new ControlRefusal('nothing is encrypted; "encrypt" does it');
    requireKeys(rooms);
    checkPassphrase(chosen);
    await rooms.custody.changePassphrase(chosen);
    return { value: { state: rooms.custody.state }, text: 'From now on the new passphrase unlocks your keys, and the old one does not.' };
  },
};

export const decrypt: Operation = {
  name: 'decrypt',
  help: 'Keep your private keys as they are again, not encrypted.',
  parameters: [{ name: 'passphrase', place: 'secret', isRequired: true, help: 'that of "encrypt"' }],
  async run({ passphrase }, { custody }) {
    if (custody.state === 'open') throw new ControlRefusal('nothing is encrypted');
    if (!(await custody.decrypt(passphrase))) throw new ControlRefusal('that is not the passphrase');
    return { value: { state: custody.state }, text: 'Your private keys are not encrypted any more.' };
  },
};

function checkPassphrase(text: string): void {
  if ([...text].length >= MIN_PASSPHRASE_CHARACTERS) return;
  throw new ControlRefusal(`a passphrase has at least ${MIN_PASSPHRASE_CHARACTERS} characters`);
}

/** Folders whose names are what the keys of their chans are made of. */
function shownPassphrases({ groups, node }: ControlRooms): string[] {
  const labels = new Map(node.identities().map(({ address, label }) => [address, label]));
  return groups.chans().flatMap(({ address, label, folder }) => (labels.get(address) === label ? [folder] : []));
}
