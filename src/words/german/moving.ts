/** In German: orders that bring things in and out. */
import type { moving as english } from '../english/moving.js';
import { write } from './write.js';

const newFile = 'eine Datei, die es noch nicht gibt';
const folder = 'der Ordner, in den die Mails kommen';
const twice = 'Wiederholen schadet nicht.';

export const moving: typeof english = {
  kinds: {
    identities: 'Adressen',
    chans: 'Kanäle',
    contacts: 'Kontakte',
    subscriptions: 'Abonnements',
    'black list': 'Sperrliste',
    'white list': 'Positivliste',
    'public keys': 'öffentliche Schlüssel',
    'received mails': 'empfangene Mails',
    'sent mails': 'gesendete Mails',
    mails: 'Mails',
    objects: 'Objekte',
    peers: 'Knoten',
  },
  taken: (count) => `${write.number(count)} neu`,
  known: (count) => `${write.number(count)} schon bekannt`,
  refused: (count) => `${write.number(count)} nicht brauchbar`,
  nothingFound: 'nichts gefunden',
  busy: 'Ein anderer Import oder Export läuft noch: Warten Sie, bis er fertig ist',
  stopping: 'Postern wird gerade beendet; derselbe Befehl macht dort weiter, wo dieser aufhörte',

  pybitmessage: {
    help: `Übernimmt alles, was PyBitmessage aufbewahrt. Beenden Sie es vorher. ${twice}`,
    directory: 'wo dessen keys.dat und messages.dat liegen',
    resume: 'auch senden, was dort noch nicht fertig gesendet war',
    notTaken: (name, why) => `${name} konnte nicht übernommen werden: ${why}`,
    identity: (address) => `Adresse ${address}`,
    whiteList: 'PyBitmessage ließ nur Absender der Positivliste durch; die Liste wurde übernommen, die Beschränkung nicht.',
    setting: (line) => `Die Einstellungen von PyBitmessage wären hier: ${line}`,
    mailingList: (address, name) => `${address} ist ein Verteiler, „${name}“.`,
    emailGateway: (address, gateway) => `${address} ist ein Konto beim E-Mail-Übergang ${gateway}; hier ist es eine gewöhnliche Adresse.`,
    oldNodes: 'knownnodes.dat ist ein Programm in einem alten Format und wurde übergangen; Knoten finden sich auch ohne sie.',
    badNodes: 'knownnodes.dat war nicht lesbar; Knoten finden sich auch ohne sie.',
    oldMessages: 'messages.dat hat eine alte Version: Ihre Mails und Adressen wurden übernommen, ihre Schlüssel und Objekte nicht.',
    unsent: (subject) =>
      `„${subject}“ war noch nicht gesendet. Die Mail liegt in Sent, ohne $Submitted; importieren Sie noch einmal mit --resume, dann wird sie von hier gesendet.`,
    notClosed:
      'PyBitmessage hat seine messages.dat nicht geschlossen: Starten und beenden Sie es noch einmal und versuchen Sie es dann wieder',
    running: (directory) => `PyBitmessage läuft gerade mit ${directory}: Beenden Sie es zuerst`,
    runningAs: (directory, process) => `PyBitmessage läuft gerade mit ${directory} (Prozess ${process.toFixed(0)}): Beenden Sie es zuerst`,
    noKeys: (directory) => `${directory} enthält keine keys.dat`,
    crashCopy: (directory, name) =>
      `${directory} enthält keine keys.dat, aber eine Kopie von einem Absturz, ${name}: Benennen Sie diese in keys.dat um, wenn Sie sie verwenden wollen`,
  },
  notbit: {
    help: 'Übernimmt die Schlüssel einer keys.dat von notbit, oder von jedem Programm, das dieses Format schreibt.',
    file: 'dessen keys.dat',
    tooLarge: (path) => `${path} ist zu groß für eine Schlüsseldatei`,
    empty: (path) => `${path} enthält keine Adressen`,
  },
  wif: {
    help: 'Macht aus zwei privaten Schlüsseln eine Adresse.',
    signing: 'der Schlüssel zum Unterschreiben, „5…“',
    encryption: 'der Schlüssel zum Entschlüsseln, „5…“',
    label: 'ihr Name, den nur Sie sehen',
    version: '4 (der Normalfall) oder 3',
    badSigning: 'Der Schlüssel zum Unterschreiben ist nicht brauchbar: vertippt, unvollständig oder von anderer Art',
    badEncryption: 'Der Schlüssel zum Entschlüsseln ist nicht brauchbar: vertippt, unvollständig oder von anderer Art',
    isHere: (address) => `${address} ist schon hier`,
  },
  mbox: { help: `Bringt die Mails einer mbox-Datei in einen Ordner. ${twice}`, path: 'die mbox-Datei' },
  eml: {
    help: `Bringt eine Mail, oder alle .eml-Dateien eines Verzeichnisses, in einen Ordner. ${twice}`,
    path: 'eine .eml-Datei oder ein Verzeichnis',
  },
  maildir: {
    help: `Bringt die Mails eines Maildir, mit den Maildirs darin, in einen Ordner. ${twice}`,
    path: 'das Maildir',
    isNone: (path) => `${path} ist kein Maildir: „cur“ und „new“ fehlen darin`,
  },
  folder,
  mails: (count) => `Mails: ${write.number(count)}`,
  mailsOf: (done, all) => `Mails: ${write.number(done)} von ${write.number(all)}`,
  objectsOf: (done, all) => `Objekte: ${write.number(done)} von ${write.number(all)}`,
  groupFolder: (path) => `${path} stünde für einen Kanal oder ein Abonnement: Treten Sie zuerst bei, oder abonnieren Sie`,
  holdsFolders: (path) => `${path} enthält Ordner, keine Mails`,
  noFile: (path) => `Es gibt keine Datei ${path}`,
  noDirectory: (path) => `Es gibt kein Verzeichnis ${path}`,
  notThere: (path) => `${path} gibt es nicht`,
  notReadable: (path, why) => `${path} ist nicht lesbar: ${why}`,
  isDirectory: (path) => `${path} ist ein Verzeichnis, keine Datei`,
  isFile: (path) => `${path} ist eine Datei, kein Verzeichnis`,
  noRegularFile: (path) => `${path} ist weder eine Datei noch ein Verzeichnis`,

  exportMbox: { help: 'Schreibt einen Ordner als mbox-Datei, oder alle Ordner als mbox-Dateien unter ein Verzeichnis.' },
  exportMaildir: { help: 'Schreibt einen Ordner, oder alle Ordner, als Maildir.' },
  exportKeys: {
    help: 'Schreibt alle privaten Schlüssel als keys.dat, für PyBitmessage und notbit. Bewahren Sie sie sicher auf.',
  },
  exportAddresses: { help: 'Schreibt Kontakte und Abonnements als Tabelle (CSV).' },
  newFile,
  newFileOrDirectory: 'eine Datei oder ein Verzeichnis, die es noch nicht gibt',
  onlyFolder: 'nur dieser Ordner (sonst alle)',
  noFolder: (name) => `Es gibt keinen Ordner ${name}`,
  mailsWritten: (count, path) => `${write.number(count)} ${count === 1 ? 'Mail' : 'Mails'} nach ${path} geschrieben`,
  addressesWritten: (count, path) => `${write.number(count)} ${count === 1 ? 'Adresse' : 'Adressen'} nach ${path} geschrieben`,
  folderMails: (name, count) => `${name}: ${write.number(count)} Mails`,

  backup: {
    help: 'Schreibt Schlüssel, Mails und Einstellungen in eine Datei, mit einer Passphrase verschlüsselt.',
    file: newFile,
    passphrase: 'ohne sie ist die Datei nicht lesbar',
    packing: 'packt und verschlüsselt',
    done: (file, bytes) => `${file}: ${write.megabytes(bytes)}. Bewahren Sie die Passphrase auf: Ohne sie ist die Datei nicht lesbar.`,
    tooShort: (least) => `Die Passphrase braucht mindestens ${least} Zeichen: Die Datei enthält alle Schlüssel und Mails`,
    busy: 'Eine andere Sicherung läuft noch: Warten Sie, bis sie fertig ist',
  },
  restore: {
    help: 'Macht aus einer Sicherung ein Datenverzeichnis: das mit --data genannte, neu oder leer.',
    file: 'was „backup“ geschrieben hat',
    passphrase: 'die der Sicherung',
    done: (directory, time) =>
      `${directory} ist auf dem Stand vom ${write.time(time)}.\nLassen Sie das alte nicht daneben laufen: Beide würden für dieselben Adressen antworten.`,
    isSealed: 'Die Mails darin sind verschlüsselt: Die Passphrase von „encrypt“ öffnet sie, oder die Anmeldung Ihres Mailprogramms.',
    about: (file, what) => `${file}: ${what}`,
    wrongPassphrase: 'Die Passphrase ist falsch',
    notABackup: 'Das ist keine Sicherung von Postern',
    damaged: 'Die Datei ist beschädigt oder unvollständig',
    tooNew: 'Eine neuere Version hat sie angelegt: Aktualisieren Sie Postern',
    notSound: (file, fault) => `Die Datenbank in ${file} ist nicht in Ordnung: ${fault}`,
    notUsable: (directory, why) => `${directory} ist nicht brauchbar: ${why}`,
    notEmpty: (directory) => `${directory} ist nicht leer: Nehmen Sie für die Wiederherstellung ein neues Verzeichnis`,
  },
};
