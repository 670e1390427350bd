/** In German: what a mail program shows when a mail is taken, or refused. */
import type { sending as english } from '../english/sending.js';
import { about } from './outgoing.js';
import { write } from './write.js';

export const sending: typeof english = {
  notOurDomain: (domain, form) => `${domain} ist nicht Bitmessage: Mails gehen nur an ${form}, nicht ins Internet`,
  unknownTag: (tag) => `„+${tag}“ bedeutet in einer Adresse nichts; es gibt +ttl=2d, +broadcast und +unsubscribe`,
  badTag: (tag, why) => `„+${tag}“: ${why}`,
  versionOne: (address) => `${address} hat die Version 1, die kein Programm mehr verwenden kann`,
  otherStream: (address, stream) => `${address} liegt in Stream ${stream}, der von hier nicht erreichbar ist`,
  lowered: (address, candidates) =>
    `${address} hat seine Großbuchstaben verloren und kann ${write.either(candidates)} sein: Schreiben Sie bitte eine davon`,
  loweredMistyped: (address) =>
    `${address} enthält einen Tippfehler: Wie auch immer groß und klein geschrieben, die Prüfziffern passen nicht`,
  loweredNone: (address) =>
    `${address} enthält einen Tippfehler oder ist unvollständig: Das ist keine Adresse, wie auch immer groß und klein geschrieben`,
  loweredAccepted: 'Angenommen; die Adresse hat ihre Großbuchstaben verloren, und die Mail wartet im Postausgang, bis sie gefunden sind',
  loweredHeld: (address) => `wartet im Postausgang: Die richtige Schreibweise von ${address} wird gesucht`,
  loweredTooMany: (most) =>
    `${most} Adressen ohne Großbuchstaben werden schon gesucht: Versuchen Sie es in einigen Minuten noch einmal, oder schreiben Sie die Adresse, wie sie ist`,
  namesakes: (name, addresses) => `„${name}“ kann ${write.either(addresses)} sein: Schreiben Sie bitte die Adresse`,
  didYouMean: (typed, address) => `${typed} enthält einen Tippfehler. Meinten Sie ${address}?`,
  nobody: (name) =>
    `„${name}“ ist hier nicht bekannt. Schreiben Sie an die Adresse BM-..., legen Sie einen Kontakt dieses Namens an, oder treten Sie erst dem Kanal bei`,
  nobodyButMaybe: (name, guesses) => `„${name}“ ist hier nicht bekannt. Meinten Sie ${write.either(guesses)}?`,
  noAddress: {
    invalidcharacters: (typed) => `${typed} ist keine Bitmessage-Adresse: Sie enthält Zeichen, die keine Adresse hat`,
    checksumfailed: (typed) => `${typed} enthält einen Tippfehler oder ist unvollständig: Die Prüfziffern passen nicht`,
    varintmalformed: (typed) => `${typed} ist keine Bitmessage-Adresse: Version oder Stream ist fehlerhaft`,
    versiontoohigh: (typed) => `${typed} hat eine Adressversion, die hier nicht bekannt ist`,
    ripetooshort: (typed) => `${typed} ist keine Bitmessage-Adresse: Sie ist zu kurz`,
    ripetoolong: (typed) => `${typed} ist keine Bitmessage-Adresse: Sie ist zu lang`,
    encodingproblem: (typed) => `${typed} ist nicht in der einen Form geschrieben, die eine Adresse dieser Version hat`,
  },
  namecoin: {
    notConfigured: (name) => `„${name}“ ist ein Name in Namecoin, und kein Namecoin-Knoten ist eingestellt (namecoin.rpc)`,
    unreachable: (name, why) => `„${name}“ lässt sich gerade nicht nachschlagen: ${why}`,
    notAnAddress: (name) => `„${name}“ führt in Namecoin zu etwas, das keine Bitmessage-Adresse ist`,
    refused: {
      unknown: (name) => `„${name}“ ist in Namecoin nicht bekannt`,
      expired: (name) => `„${name}“ ist in Namecoin abgelaufen: Es kann inzwischen jemand anderem gehören`,
      valueless: (name) => `„${name}“ hat in Namecoin keinen Wert`,
      'without-address': (name) => `„${name}“ nennt in Namecoin keine Bitmessage-Adresse`,
    },
    resolved: (name, address) => `${name} ist ${address}`,
  },
  onlyItself: (address, sender) => `An die Abonnenten von ${address} kann nur diese Adresse selbst schreiben; diese Mail ist von ${sender}`,

  notYours: (from, own) => `„${from}“ ist keine Ihrer Adressen. Stellen Sie im Mailprogramm eine als Absender ein, etwa ${own}`,
  otherIdentity: (own, other) => `Diese Anmeldung sendet nur als ${own}, nicht als ${other}`,
  switchedOff: (address) => `Die Adresse ${address} ist abgeschaltet`,

  noRecipient: 'Die Mail hat keinen Empfänger',
  cannotBeSent: (why) => `Die Mail kann nicht gesendet werden: ${why}`,
  tooFarAhead: 'Sie soll erst in mehr als einem Jahr gesendet werden',
  ttlForm: 'Eine Lebensdauer sieht aus wie 2d, 36h oder 90m',
  ttlTooLong: 'Das Netz bewahrt eine Nachricht höchstens 28 Tage auf',
  ttlTooShort: 'Eine Nachricht muss mindestens fünf Minuten leben',
  expiresNoDate: 'Das Feld Expires ist kein Datum',
  expiresTooSoon: 'Das Feld Expires liegt weniger als fünf Minuten voraus',
  tooLarge: (bytes, most) =>
    `Die Mail hat ${kilobytes(bytes)} kB; Bitmessage befördert höchstens ${kilobytes(most)} kB. Bitte senden Sie weniger, oder in Teilen`,
  contentTooLarge: (bytes, most) =>
    `Text und Dateien ergeben ${write.number(bytes)} Bytes; Bitmessage befördert höchstens ${write.number(most)}. Senden Sie bitte weniger, oder in Teilen`,
  tooManyFiles: (files, most) => `Die Mail hat ${write.number(files)} Anhänge; Bitmessage befördert höchstens ${write.number(most)}`,
  outlook: 'Die Mail ist im Rich-Text-Format von Outlook (winmail.dat). Stellen Sie HTML oder Nur-Text ein und senden Sie sie noch einmal',
  readsPlain: (address, file, control) =>
    `${address} liest nur einfache Nachrichten: „${file}“ würde dort nicht gezeigt. Senden Sie die Mail ohne die Datei. Lässt sie sich dort doch lesen, schreiben Sie „reads ${address} extended“ an ${control}`,
  tooDifficult: (address, trials, extraBytes) =>
    `${address} verlangt mehr Arbeit, als Ihre Einstellungen zulassen: ${write.number(trials)} Versuche je Byte und ${write.number(extraBytes)} zusätzliche Bytes. Erhöhen Sie pow.max_nonce_trials_per_byte und pow.max_extra_bytes, um dorthin zu schreiben`,
  tooDifficultFor: (address, trials, extraBytes, seconds) =>
    `${address} verlangt mehr Arbeit, als Ihre Einstellungen zulassen: ${write.number(trials)} Versuche je Byte und ${write.number(extraBytes)} zusätzliche Bytes, ${about(seconds)} auf diesem Computer. Erhöhen Sie pow.max_nonce_trials_per_byte und pow.max_extra_bytes, um dorthin zu schreiben`,

  queued: (id) => `eingereiht als ${id}`,
  queuedForMany: (ids, count) => `eingereiht als ${ids} für ${write.number(count)} Empfänger`,
  workTakes: (seconds) => `; der Arbeitsnachweis dauert ${about(seconds)}`,
  workTakesLater: (seconds) => `; der Arbeitsnachweis dauert ${about(seconds)}, sobald der Schlüssel da ist`,
  locked: '; Ihre Schlüssel sind gesperrt, und sie geht hinaus, sobald diese entsperrt sind',
  heldUntil: (time) => `wartet im Postausgang bis ${write.time(time)}`,
  orderAlone: (control) => `Eine Mail an ${control} geht an niemanden sonst: Schreiben Sie nur dorthin`,
  orderFromChan: (control) => `${control} hört auf Ihre Adressen, nicht auf einen Kanal`,
  orderTaken: 'wird ausgeführt, und die Antwort kommt in den Posteingang',
  orderTakenBefore: 'diese Mail kam schon einmal, und nichts wird zweimal ausgeführt',
  combinedOnly: 'Nur die gemeinsame Anmeldung kann Kanäle verlassen und Abonnements beenden',
  noMember: (address) => `${address} ist weder einer Ihrer Kanäle noch ein Abonnement`,
  left: (addresses) => `${addresses} verlassen; der Ordner liegt im Papierkorb (Trash), und ihn zurückzuverschieben macht das rückgängig`,

  wrongLogin: 'Benutzername oder Passwort ist falsch: Die lokale Seite von Postern zeigt beide',
  logInFirst: 'Beginnen Sie zuerst TLS und melden Sie sich an',
  broken: 'Die Verbindung brach ab, bevor die Mail vollständig war',
  tooManyErrors: 'Zu viele Fehler auf dieser Verbindung',
  tooManyPasswords: 'Zu viele falsche Passwörter',
  tooManyConnections: 'Zu viele Verbindungen: Melden Sie sich an, um eine zu behalten',
  shuttingDown: 'Postern wird gerade beendet',
  endless: 'Eine Mail ohne Ende',
  diskFull: 'Die Platte ist voll: Schaffen Sie Platz und versuchen Sie es noch einmal',
  damaged: 'Die Datenbank ist beschädigt: „postern doctor“ untersucht sie',
  internalError: 'Interner Fehler, bitte versuchen Sie es noch einmal',
};

/** Of a limit, too: whole ones that fit. */
function kilobytes(bytes: number): string {
  return write.number(Math.floor(bytes / 1000));
}
