/** In German: the command line. */
import type { commandLine as english } from '../english/command-line.js';

export const commandLine: typeof english = {
  noCommand: 'Kein Befehl ist angegeben',
  unknown: (typed) => `Den Befehl „${typed}“ gibt es nicht`,
  unknownAmong: (typed, known) => `Den Befehl „${typed}“ gibt es nicht; es gibt ${known}`,
  seeHelp: '„postern help“ zeigt alle Befehle.',
  noShell: (shells) => `„completion“ braucht eines von ${shells}`,
  missing: (command, name) => `„${command}“ braucht ${name}`,
  missingChoice: (command, name, choices) => `„${command}“ braucht ${name}: ${choices}`,

  noGateway: (directory) => `Mit ${directory} läuft kein Postern; „postern start --data ${directory}“ startet eines`,
  noAnswer: (directory, why) => `Das Postern von ${directory} antwortet nicht: ${why}`,
  ended: (directory) => `Das Postern von ${directory} endete, bevor es geantwortet hatte`,
  silent: (seconds) => `keine Antwort in ${seconds.toFixed(0)} Sekunden`,
  notGiven: (name) => `${name} wurde nicht eingegeben, oder nicht zweimal gleich`,
  again: (name) => `${name} noch einmal`,

  cannotUse: (directory, why) => `${directory} ist nicht brauchbar: ${why}`,
  isFile: 'Das ist eine Datei, kein Verzeichnis',
  isInFile: 'Ein Teil davon ist eine Datei, kein Verzeichnis',
  isForeign: 'Es gehört einem anderen Benutzer dieses Rechners; --data VERZEICHNIS nennt ein eigenes',
  notWritable: 'Dieser Benutzer darf dort nicht schreiben, oder die Platte ist schreibgeschützt',
  notReachable: 'Ein übergeordnetes Verzeichnis ist für diesen Benutzer gesperrt',
  damaged: (why) =>
    `Die Datenbank darin ist beschädigt (${why}); „postern doctor“ sagt mehr, und „postern restore“ macht aus einer Sicherung ein Verzeichnis`,
  isRunning: 'Damit läuft schon ein Postern; „postern page“ öffnet seine Seite im Browser, „postern status“ sagt, was es tut',
  diskLost: (why) =>
    `Die Platte hat nicht behalten, was geschrieben wurde (${why}). Was bis dahin bestätigt wurde, ist da; sehen Sie nach der Platte und starten Sie neu`,
  portIsTaken: (port, setting) =>
    `${port} belegt ein anderes Programm. Beenden Sie jenes, oder nehmen Sie einen anderen Port: „postern start --set ${setting}“, oder in config.toml auf Dauer`,
  peerPortIsTaken: (port, setting) =>
    `${port} belegt ein anderes Programm, vielleicht PyBitmessage. Beenden Sie jenes, oder nehmen Sie einen anderen Port: „postern start --set ${setting}“, oder in config.toml auf Dauer`,
  portIsForbidden: (port, key) => `${port} verlangt mehr Rechte; ändern Sie ${key}, in config.toml oder mit --set`,
  noSuchHost: (port, key) => `${port} ist keine Adresse dieses Rechners; ändern Sie ${key}, in config.toml oder mit --set`,
  port: (host, port) => `${host} Port ${port.toFixed(0)}`,
  ports: (host, port, other) => `${host} Port ${port.toFixed(0)} und ${other.toFixed(0)}`,

  help: {
    usage: 'Aufruf: postern <Befehl> [Optionen]',
    usageOf: 'Aufruf: postern',
    start: 'Startet Postern: Mailserver und Bitmessage-Knoten.',
    readyJson: 'gibt eine Zeile JSON aus, sobald alle Ports offen sind',
    config: 'Ihre Einstellungen (sonst config.toml im Datenverzeichnis, falls vorhanden)',
    set: 'eine Einstellung, stärker als Datei und Umgebung; mehrmals möglich',
    explained: '(alle sind in config/default.toml erklärt; in der Umgebung: POSTERN_NETWORK_PROFILE=private)',
    completion: 'Gibt aus, was eine Shell zum Vervollständigen dieser Befehle braucht.',
    man: 'Gibt die Handbuchseite aus (englisch).',
    help: 'Zeigt dies, oder alles, was ein Befehl annimmt.',
    version: 'Nennt die Version.',
    everyCommand: 'Jeder Befehl nimmt an',
    data: (directory) => `das Datenverzeichnis (sonst ${directory})`,
    everyOther: 'und jeder außer start auch',
    json: 'antwortet mit einer Zeile JSON',
    text: 'TEXT',
    askedFor: (name) => `(${name}, wird erfragt)`,
  },

  ready: {
    running: (network) => `Postern läuft (Netz: ${network}).`,
    listening: (network, host, port) => `Postern läuft (Netz: ${network}, erreichbar unter ${host} Port ${port.toFixed(0)}).`,
    type: 'Geben Sie dies in Ihr Mailprogramm ein:',
    chosen: 'das von Ihnen gewählte',
    addresses: (count) => (count === 1 ? 'Ihre Adresse:' : 'Ihre Adressen:'),
    certificate: 'Es wird nach Posterns eigenem Zertifikat fragen. Vergleichen Sie den SHA-256:',
    settings: 'Fertige Einstellungen (Thunderbird, Apple Mail, mutt und andere): „postern setup“',
    page: 'All das und mehr steht auf einer Seite für Ihren Browser:',
    pageAgain: '(einmal gültig, zehn Minuten lang; „postern page“ gibt eine neue aus)',
    pageElsewhere: '„postern page“ gibt ihre Adresse aus.',
    data: (directory) => `Daten: ${directory}`,
    stop: 'Strg-C beendet Postern.',
  },
};
