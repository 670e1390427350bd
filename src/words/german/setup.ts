/** In German: what to type into a mail program, and what stands in the settings that are made for it. */
import type { setup as english } from '../english/setup.js';

export const setup: typeof english = {
  help: 'Gibt die Einstellungen eines Mailprogramms aus, fertig zum Gebrauch; sie enthalten Ihr Passwort.',
  identity: 'eine Ihrer Adressen oder ihr Name: eine Anmeldung, die nur sie zeigt (sonst alle)',
  write: 'in eine Datei schreiben (thunderbird: in ein Verzeichnis), die es noch nicht gibt',
  isNone: (client, clients) => `„${client}“ ist nicht dabei: ${clients}`,
  noIdentity: 'Es gibt noch keine Adresse',
  notEmpty: (path) => `${path} ist nicht leer`,
  done: (path) => `${path} ist geschrieben.`,

  incoming: 'Posteingang (IMAP)',
  outgoing: 'Postausgang (SMTP)',
  user: 'Benutzername',
  password: 'Passwort',
  inLoginFile: 'in login.json im Datenverzeichnis',
  certificate: 'Zertifikat',
  authority: 'Vertrauenswürdige Stelle',
  port: (host, port) => `${host}, Port ${port.toFixed(0)} mit STARTTLS`,
  ports: (host, port, tlsPort) => `${host}, Port ${port.toFixed(0)} mit STARTTLS oder Port ${tlsPort.toFixed(0)} mit TLS`,

  settingsFor: (file) => `Einstellungen für ${file}`,
  module: 'Ein Modul für eigene Programme',
  appleHint: 'Ein Konfigurationsprofil: Öffnen Sie die Datei und installieren Sie es in den Systemeinstellungen unter „Profile“',
  appleDescription: 'Liest und schreibt Bitmessage über Postern auf Ihrem Computer.',
  thunderbirdHint: `„postern setup thunderbird --write VERZEICHNIS“ schreibt diese Dateien als eigenes Profil, in dem alles eingestellt ist; „thunderbird --profile VERZEICHNIS“ öffnet es.
In das Thunderbird, das Sie schon haben, geben Sie die Einstellungen ein: Konten-Einstellungen, Konten-Aktionen, E-Mail-Konto hinzufügen. Nehmen Sie das Zertifikat an, einmal beim Lesen und einmal beim ersten Senden`,
  opensWith: (command) => `Das öffnet es; Thunderbird fragt einmal nach dem Passwort:\n  ${command}`,
  tags: { pending: 'Wartet', submitted: 'Im Netz', delivered: 'Zugestellt', failed: 'Fehlgeschlagen' },

  holdsPassword: 'Die Datei enthält Ihr Passwort: Behalten Sie sie für sich (chmod 600).',
  ownersAlone: (program) => `Die Datei enthält Ihr Passwort; ${program} verlangt, dass nur Sie sie lesen können (chmod 600).`,
  asksPassword: (file) => `an ${file} anfügen. alpine fragt nach dem Passwort.`,
  aercTrust: (command) => `Damit aerc dem Zertifikat von Postern vertraut, starten Sie es so: ${command}`,
  maildir: (path) => `Ihre Mails kommen nach ${path}, das es geben muss: mkdir -p ${path}`,
  moduleComment: 'Postern in imapflow und nodemailer. Die Datei enthält Ihr Passwort: Behalten Sie sie für sich.',
  thunderbirdComment:
    'Postern in Thunderbird. Thunderbird liest diese Datei bei jedem Start; löschen Sie sie, sobald das Konto so ist, wie Sie es wollen.',
};
