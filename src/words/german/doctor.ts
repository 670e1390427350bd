/** In German: what the doctor finds. */
import type { doctor as english } from '../english/doctor.js';
import { write } from './write.js';

export const doctor: typeof english = {
  help: 'Prüft Uhr, Ports, Verbindungen, Proxy, Zertifikat, Platte und Datenbank und sagt, was nicht stimmt.',
  send: 'sendet auch eine Nachricht an Sie selbst und wartet auf sie',
  report: 'ein Bericht, den Sie anderen zeigen können: ohne Adressen und Rechnernamen',
  looking: 'prüft alles',
  subjects: {
    clock: 'Uhr',
    peers: 'Knoten',
    listening: 'Erreichbarkeit',
    objects: 'Objekte',
    proxy: 'Proxy',
    'onion service': 'Onion-Dienst',
    disk: 'Platte',
    certificate: 'Zertifikat',
    keys: 'Schlüssel',
    log: 'Protokoll',
    gateway: 'Postern',
    settings: 'Einstellungen',
    'data directory': 'Datenverzeichnis',
    database: 'Datenbank',
    'send to self': 'Selbstversand',
    imap: 'IMAP',
    'imap (TLS)': 'IMAP (TLS)',
    smtp: 'SMTP',
    'smtp (TLS)': 'SMTP (TLS)',
    network: 'Bitmessage',
  },
  verdicts: { ok: 'gut', warn: 'Achtung', fail: 'Fehler' },
  platform: (node, system) => `Node.js ${node} auf ${system}`,

  noPeerForClock: (now) =>
    `Nach der Uhr dieses Rechners ist es ${write.moment(now)}, und kein Knoten ist da, um das zu vergleichen. Geht sie um mehr als eine Stunde falsch, spricht niemand mit uns.`,
  clockAgrees: 'Die Uhr stimmt mit den anderen Knoten überein.',
  behind: (seconds) => `Die Uhr geht gegenüber den anderen Knoten ${write.number(seconds)} Sekunden nach`,
  ahead: (seconds) => `Die Uhr geht gegenüber den anderen Knoten ${write.number(seconds)} Sekunden vor`,
  fewPeers: (clock) => `${clock}, aber es sind nur wenige verbunden.`,
  clockIsWrong: (clock) => `${clock}. Bei mehr als einer Stunde spricht niemand mehr mit uns.`,

  peers: (peers, inbound, nodes) =>
    `Mit ${write.number(peers)} Knoten verbunden, davon kamen ${write.number(inbound)} von außen; ${write.number(nodes)} Knoten sind bekannt.`,
  noPeersYet: (nodes) =>
    `Mit keinem Knoten verbunden; ${write.number(nodes)} Knoten sind bekannt. Gleich nach dem Start dauert das eine Minute.`,
  noPeers: (nodes) =>
    `Mit keinem Knoten verbunden; ${write.number(nodes)} Knoten sind bekannt. Ist dieser Rechner im Netz, geht seine Uhr richtig, und lässt die Firewall Node.js hinaus, vor allem zu Port 8444?`,
  notListening: 'Andere Knoten können sich nicht mit diesem verbinden; er verbindet sich mit ihnen.',
  listening: 'Der Port für andere Knoten ist hier offen; ob sie ihn erreichen, liegt an Router und Firewall.',
  objects: (count) => `${write.number(count)} Objekte sind noch zu prüfen.`,

  noProxy: 'Kein Proxy ist eingestellt: Verbindungen gehen direkt.',
  proxyFails: 'Der Proxy arbeitet nicht: Läuft er (etwa Tor), und unter der Adresse in network.proxy?',
  notStrict: 'Alle Verbindungen laufen über den Proxy; network.proxy_strict stellt das sicher, was auch sonst eingestellt ist.',
  onionProxy: 'Onion-Namen laufen über einen Proxy.',
  strictProxy: 'Nichts geht am Proxy vorbei.',
  noOnionService: 'Der Onion-Dienst ist nicht erreichbar.',

  portsAnswer: (name) => `Die Ports für ${name} antworten.`,
  portsFail: (name, why) => `Die Ports für ${name} antworten nicht so, wie sie sollen (${why}).`,
  foreignCertificate: (name) =>
    `Die Ports für ${name} zeigen ein Zertifikat, das die Stelle in certificates/ca.pem nicht unterschrieben hat: Starten Sie Postern neu.`,
  portIsFree: (name) => `Der Port für ${name} ist frei.`,
  portIsTaken: (name) =>
    `Den Port für ${name} belegt ein anderes Programm: Beenden Sie jenes, oder stellen Sie in config.toml einen anderen Port ein.`,
  peerPortIsTaken:
    'Den Port für andere Knoten belegt ein anderes Programm, vielleicht PyBitmessage: Beenden Sie es, oder ändern Sie network.listen.',
  portFails: (name, why) => `Der Port für ${name} ist nicht zu haben (${why}).`,

  disk: (megabytes) => `${write.number(megabytes)} MB sind frei, wo die Daten liegen.`,
  diskIsFull: (megabytes) =>
    `Nur ${write.number(megabytes)} MB sind frei, wo die Daten liegen. Unter 200 MB wird nichts Neues aus dem Netz genommen: Schaffen Sie Platz.`,
  certificate: (days) =>
    `Das Zertifikat gilt noch ${write.number(days)} ${days === 1 ? 'Tag' : 'Tage'}; ein Start erneuert es rechtzeitig.`,
  keysEncrypted: 'Ihre privaten Schlüssel sind auf der Platte verschlüsselt.',
  keysNotEncrypted: 'Ihre privaten Schlüssel sind auf der Platte nicht verschlüsselt.',
  logLevel: (level) => `Die Stufe des Protokolls ist ${level}.`,
  logTellsMuch: 'Die Stufe des Protokolls ist debug: Es verrät, mit wem Sie verbunden sind, und wächst schnell.',
  ownerAlone: 'Das Datenverzeichnis gehört seinem Besitzer allein.',
  othersLookIn: 'Andere auf diesem Rechner können in das Datenverzeichnis sehen: Verbieten Sie es mit chmod 700.',
  noDirectory: 'Es ist noch nicht da: Der erste Start legt es an.',
  databaseSound: 'Die Datenbank ist in Ordnung.',
  databaseSealed: 'Die Datenbank ist verschlüsselt: Nachsehen lässt sich, während Postern läuft und sie entsperrt ist.',
  databaseDamaged: 'Die Datenbank ist beschädigt: Stellen Sie eine Sicherung wieder her.',

  noGateway: 'Postern läuft nicht; „postern start“ startet es.',
  settingsFail: 'Die Einstellungen sind nicht brauchbar.',
  settingsWork: 'Die Einstellungen sind brauchbar.',

  noSender: 'Es gibt keine Adresse, von der gesendet werden kann.',
  messageGone: 'Die Nachricht ist aus dem Postausgang verschwunden.',
  toYourself: (how) => `Eine Nachricht an Sie selbst: ${how}.`,
  toYourselfNow: (how) => `eine Nachricht an Sie selbst: ${how}`,
  cameBack: (seconds) =>
    `Eine Nachricht an Sie selbst war nach ${write.number(seconds)} Sekunden gesendet und liegt als „Postern-Prüfung“ im Posteingang.`,
  neverCameBack: (minutes) => `Eine Nachricht an Sie selbst war nach ${write.number(minutes)} Minuten noch nicht gesendet.`,
  testSubject: 'Postern-Prüfung',
  testText: (time) => `Diese Nachricht ging den ganzen Weg, am ${write.time(time)}. Sie können sie löschen.`,
};
