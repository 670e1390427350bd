/** In German: private keys on the disk. */
import type { keys as english } from '../english/keys.js';
import { write } from './write.js';

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
    notMail: 'Mails, Kontakte und Ordnernamen sind nicht verschlüsselt: „postern mail encrypt“ tut es, sobald Postern beendet ist.',
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
    mailFirst: 'Ihre Mails sind damit verschlüsselt: Beenden Sie Postern, dann zuerst „postern mail decrypt“',
  },
  mail: {
    encryptHelp: 'Verschlüsselt auch Mails, Kontakte und alles andere (nach „encrypt“, während Postern nicht läuft).',
    decryptHelp: 'Bewahrt Mails und alles andere wieder unverschlüsselt auf (während Postern nicht läuft).',
    passphrase: 'die von „encrypt“',
    locked:
      'Ihre Mails sind verschlüsselt und gesperrt: Nichts kann gelesen, gesendet oder empfangen werden, bevor Sie „postern unlock“ eingeben.',
    lockedUntilLogin:
      'Ihre Mails sind verschlüsselt und gesperrt: Nichts kann gelesen, gesendet oder empfangen werden, bevor Sie „postern unlock“ eingeben oder ein Mailprogramm sich anmeldet.',
    lockedRefusal: 'Ihre Mails sind gesperrt: Geben Sie zuerst „postern unlock“ ein',
    unlockedAll: 'Mails und Schlüssel sind auf der Platte verschlüsselt und entsperrt.',
    notOpened: 'Die Mails konnten nicht geöffnet werden; das Protokoll sagt, warum',
    isGone: (database, slots) => `${slots} ist da, ${database} aber nicht: Legen Sie es zurück, oder nehmen Sie beide weg`,
    isDone: 'Ihre Mails sind schon verschlüsselt',
    notEncrypted: 'Ihre Mails sind nicht verschlüsselt',
    keysFirst: 'Verschlüsseln Sie zuerst Ihre Schlüssel: „postern encrypt“, während Postern läuft; deren Passphrase öffnet auch die Mails',
    isRunning: (directory) => `Auf ${directory} läuft Postern: Beenden Sie es zuerst`,
    nothingThere: (directory) => `In ${directory} sind noch keine Mails; „postern start“ beginnt damit`,
    needsNode: (least, present) => `Verschlüsselte Mails brauchen Node.js ${least} oder neuer; dieses ist ${present}`,
    needsDriver: (line) => `Verschlüsselte Mails brauchen ein Paket, das hier nicht installiert ist; diese Zeile tut es:\n${line}`,
    noRoom: (megabytes) => `Dafür braucht es eine Zeit lang ${write.number(megabytes)} MB auf der Platte, und die sind nicht frei`,
    stages: { copying: 'wird neu geschrieben', comparing: 'alles wird verglichen', checking: 'die neue Datei wird durchgesehen' },
    encrypted:
      'Ihre Mails sind verschlüsselt, mit ihrem Index, Ihren Kontakten und allem anderen in der Datenbank. Nach einem Start kann nichts gelesen, gesendet oder empfangen werden, bevor sie entsperrt sind.\nWas lesbar war, ist überschrieben. Eine SSD, ein Schnappschuss des Dateisystems oder eine alte Kopie des Verzeichnisses kann es noch haben.\nBewahren Sie eine Sicherung auf: Ohne die Passphrase kann niemand sie öffnen.',
    decrypted: 'Ihre Mails sind nicht mehr verschlüsselt. Ihre Schlüssel sind es noch.',
  },
};
