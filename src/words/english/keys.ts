/** Private keys on the disk, and mail: encrypting and unlocking them. */
import { write } from './write.js';

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
    notMail: 'Mail, contacts and folder names are not encrypted: "postern mail encrypt" does it, once Postern is stopped.',
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
    mailFirst: 'your mail is encrypted with them: stop Postern, then "postern mail decrypt" first',
  },
  /** Of the whole database. */
  mail: {
    encryptHelp: 'Encrypt mail, contacts and everything else as well (after "encrypt", while Postern is stopped).',
    decryptHelp: 'Keep mail and the rest as they are again, not encrypted (while Postern is stopped).',
    passphrase: 'that of "encrypt"',
    locked: 'Your mail is encrypted, and locked: nothing can be read, sent or received before "postern unlock".',
    lockedUntilLogin:
      'Your mail is encrypted, and locked: nothing can be read, sent or received before "postern unlock", or before a mail program logs in.',
    lockedRefusal: 'your mail is locked: "postern unlock" first',
    unlockedAll: 'Mail and keys are encrypted on the disk, and unlocked.',
    notOpened: 'the mail could not be opened; the log says why',
    isGone: (database: string, slots: string) => `${slots} is there and ${database} is not: put it back, or take both away`,
    isDone: 'your mail is encrypted already',
    notEncrypted: 'your mail is not encrypted',
    keysFirst: 'encrypt your keys first: "postern encrypt", while Postern is running; their passphrase opens the mail, too',
    isRunning: (directory: string) => `a gateway is running on ${directory}: stop it first`,
    nothingThere: (directory: string) => `there is no mail in ${directory} yet; "postern start" begins with it`,
    needsNode: (least: string, present: string) => `encrypted mail needs Node.js ${least} or later; this is ${present}`,
    needsDriver: (line: string) => `encrypted mail needs a package that is not installed here; this line does it:\n${line}`,
    noRoom: (megabytes: number) => `it needs ${write.number(megabytes)} MB on the disk for a while, and they are not free`,
    stages: { copying: 'writing it anew', comparing: 'comparing all of it', checking: 'looking through the new file' },
    encrypted:
      'Your mail is encrypted, with its index, your contacts and all else in the database. After a start, nothing can be read, sent or received before it is unlocked.\nWhat was readable is overwritten. An SSD, a snapshot of the file system or an old copy of the directory may still have it.\nKeep a backup: nobody can open it without the passphrase.',
    decrypted: 'Your mail is not encrypted any more. Your keys still are.',
  },
};
