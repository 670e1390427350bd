/** Private keys on the disk: encrypting and unlocking them. */

export const keys = {
  locked: 'Your keys are locked: nothing is read or sent before "postern unlock".',
  lockedUntilLogin: 'Your keys are locked: nothing is read or sent before "postern unlock", or before a mail program logs in.',
  lockedRefusal: 'your keys are locked: "postern unlock" first',
  encryptedAndUnlocked: 'Encrypted on the disk, and unlocked.',
  notEncrypted: 'nothing is encrypted',
  wrong: 'that is not the passphrase',
  tooShort: (least: number) => `a passphrase has at least ${least} characters`,

  encrypt: {
    help: 'Encrypt your private keys on the disk.',
    passphrase: 'without it the keys are lost',
    notByLogin: 'a mail program that logs in does not unlock them',
    isDone: 'they are encrypted already; "passphrase" chooses another passphrase',
    done: 'Your private keys are encrypted. Nobody can restore them if you forget the passphrase; "postern export keys" writes them readable, for a safe place.',
    unlockBy: 'After a start they are locked until you say "postern unlock".',
    unlockByLogin: 'After a start they are locked until you say "postern unlock", or until a mail program logs in.',
    lastPassword: (password: string) =>
      `The password of your mail programs is not in login.json any more. Keep it, it is shown for the last time: ${password}`,
    shownFolders: (folders: string) => `These folders are named after the passphrase of their chan; rename them: ${folders}`,
    notMail: 'Mail, contacts and folder names are not encrypted: encrypt the disk for that.',
  },
  unlock: {
    help: 'Unlock your private keys after a start.',
    passphrase: 'that of "encrypt"',
    done: 'Unlocked. What came meanwhile is read now.',
  },
  change: {
    help: 'Choose another passphrase for your private keys, which must be unlocked.',
    passphrase: 'the new one',
    notEncrypted: 'nothing is encrypted; "encrypt" does it',
    done: 'From now on the new passphrase unlocks your keys, and the old one does not.',
  },
  decrypt: {
    help: 'Keep your private keys as they are again, not encrypted.',
    passphrase: 'that of "encrypt"',
    done: 'Your private keys are not encrypted any more.',
  },
};
