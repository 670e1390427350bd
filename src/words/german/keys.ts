/** In German: private keys on the disk. */
import type { keys as english } from '../english/keys.js';

export const keys: typeof english = {
  locked: 'Ihre Schlüssel sind gesperrt: Nichts wird gelesen oder gesendet, bevor Sie „postern unlock“ eingeben.',
  lockedUntilLogin:
    'Ihre Schlüssel sind gesperrt: Nichts wird gelesen oder gesendet, bevor Sie „postern unlock“ eingeben oder ein Mailprogramm sich anmeldet.',
  lockedRefusal: 'Ihre Schlüssel sind gesperrt: Geben Sie zuerst „postern unlock“ ein',
  encryptedAndUnlocked: 'Auf der Platte verschlüsselt und entsperrt.',
  notEncrypted: 'Nichts ist verschlüsselt',
  wrong: 'Das ist nicht die Passphrase',
  tooShort: (least) => `Eine Passphrase hat mindestens ${least} Zeichen`,

  encrypt: {
    help: 'Verschlüsselt Ihre privaten Schlüssel auf der Platte.',
    passphrase: 'ohne sie sind die Schlüssel verloren',
    notByLogin: 'ein Mailprogramm, das sich anmeldet, entsperrt sie nicht',
    isDone: 'Sie sind schon verschlüsselt; „passphrase“ wählt eine andere Passphrase',
    done: 'Ihre privaten Schlüssel sind verschlüsselt. Wenn Sie die Passphrase vergessen, kann niemand sie wiederherstellen; „postern export keys“ schreibt sie lesbar, für einen sicheren Ort.',
    unlockBy: 'Nach einem Start sind sie gesperrt, bis Sie „postern unlock“ eingeben.',
    unlockByLogin: 'Nach einem Start sind sie gesperrt, bis Sie „postern unlock“ eingeben oder ein Mailprogramm sich anmeldet.',
    lastPassword: (password) =>
      `Das Passwort Ihrer Mailprogramme steht nicht mehr in login.json. Heben Sie es auf, es wird zum letzten Mal gezeigt: ${password}`,
    shownFolders: (folders) => `Diese Ordner heißen wie die Passphrase ihres Kanals; benennen Sie sie um: ${folders}`,
    notMail: 'Mails, Kontakte und Ordnernamen werden nicht verschlüsselt: Verschlüsseln Sie dafür die ganze Platte.',
  },
  unlock: {
    help: 'Entsperrt Ihre privaten Schlüssel nach einem Start.',
    passphrase: 'die von „encrypt“',
    done: 'Entsperrt. Was inzwischen kam, wird jetzt gelesen.',
  },
  change: {
    help: 'Wählt eine andere Passphrase für Ihre privaten Schlüssel, die entsperrt sein müssen.',
    passphrase: 'die neue',
    notEncrypted: 'Nichts ist verschlüsselt; „encrypt“ tut es',
    done: 'Von nun an entsperrt die neue Passphrase Ihre Schlüssel, die alte nicht mehr.',
  },
  decrypt: {
    help: 'Bewahrt Ihre privaten Schlüssel wieder unverschlüsselt auf.',
    passphrase: 'die von „encrypt“',
    done: 'Ihre privaten Schlüssel sind nicht mehr verschlüsselt.',
  },
};
