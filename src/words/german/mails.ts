/** In German: the mails that Postern itself writes. */
import type { mails as english } from '../english/mails.js';

export const mails: typeof english = {
  welcome: {
    subject: 'Willkommen bei Bitmessage',
    text: (address, domain, control) => `Das ist Ihre Bitmessage-Adresse:

    ${address}

Geben Sie sie so weiter, wie sie ist; Groß- und Kleinbuchstaben zählen.


JEMANDEM SCHREIBEN
  Senden Sie eine Mail an BM-...@${domain}. Sie liegt im Postausgang
  (Outbox), solange Ihr Computer dafür arbeitet, kommt nach Gesendet
  (Sent), sobald sie im Netz ist, und wird mit $Delivered markiert, wenn
  die Gegenseite sie entschlüsselt hat. Um sie anzuhalten, löschen Sie
  sie aus dem Postausgang. Schreiben Sie zum Probieren an sich selbst.

EINEM KANAL (CHAN) BEITRETEN, einer Gruppe für alle, die seine
Passphrase kennen
  Legen Sie unter Chans einen Ordner an, der wie die Passphrase heißt.
  Mit Chans/general schreiben Sie an general@${domain}. Um den Kanal zu
  verlassen, löschen Sie den Ordner.

RUNDSENDUNGEN VON JEMANDEM LESEN
  Legen Sie unter Subscriptions einen Ordner an, der wie die Adresse
  heißt.

AN ALLE SCHREIBEN, DIE IHRE LESEN
  Senden Sie eine Mail an broadcast@${domain}.

AUFTRÄGE PER MAIL GEBEN
  Was zu tun ist, steht im Betreff. Jeder dieser Links öffnet eine neue
  Mail; sie geht nur an dieses Programm, und die Antwort kommt sofort.

  Hilfe            <mailto:${control}?subject=help>
  Wie es steht     <mailto:${control}?subject=status>
  Kanal beitreten  <mailto:${control}?subject=join%20general>
  Neue Adresse     <mailto:${control}?subject=new%20identity%20Arbeit>


Antworten, Themenstränge und Anhänge (bis etwa 250 kB) gehen wie in jeder
Mail. Ihr Name, Ihr Mailprogramm, Ihr Computer und Ihre Zeitzone
verlassen diesen Rechner nie.
`,
  },
  newAddress: {
    subject: (label) => `Ihre neue Adresse: ${label}`,
    text: (label, address, remove) => `Mit der Anmeldung als new+${label} haben Sie diese Bitmessage-Adresse angelegt:

    ${address}

Tragen Sie sie in Ihrem Mailprogramm als E-Mail-Adresse dieses Kontos ein. Als Benutzername geht beides: die Adresse
und das, was Sie eingegeben haben. Das Konto zeigt nur die Mails dieser Adresse und sendet von ihr.

Wenn das nicht Ihre Absicht war, löschen Sie sie wieder:

    ${remove}
`,
  },
  orderAnswer: 'Re: Ihr Auftrag',
  notSent: {
    subject: (subject) => `Nicht gesendet: ${subject}`,
    text: (subject, why) =>
      `Ihre Mail „${subject}“ sollte jetzt gesendet werden, und das geht nicht:\n\n${why}.\n\nSie liegt noch im Postausgang (Outbox); löschen Sie sie dort, oder bearbeiten Sie sie als neue Mail und senden Sie sie noch einmal.\n`,
  },

  report: {
    subjects: {
      failed: (subject) => `Nicht zugestellt: ${subject}`,
      delayed: (subject) => `Wartet noch: ${subject}`,
      delivered: (subject) => `Zugestellt: ${subject}`,
      relayed: (subject) => `Gesendet: ${subject}`,
    },
    text: (mail, recipient, sentence) => `${mail}\nan ${recipient}\n\n${sentence}\n`,
    nameless: 'Ihre Mail',
    mail: (subject) => `Ihre Mail „${subject}“`,
    delayed:
      'wartet auf den Schlüssel des Empfängers. Das Netz wurde danach gefragt und wird wieder gefragt; um zu antworten, muss das Programm des Empfängers laufen. Sie brauchen nichts zu tun und hören davon erst wieder, wenn es sich entschieden hat.',
    delivered: 'wurde vom Programm des Empfängers entschlüsselt. Ob sie jemand gelesen hat, kann niemand sagen.',
    relayed: 'ist im Netz. Eine Mail dieser Art bestätigt niemand; mehr lässt sich also nicht wissen.',
    failed: {
      'no-acknowledgement':
        'wurde mehrmals gesendet, und das Programm des Empfängers hat sie nie bestätigt. Vielleicht läuft es für immer nicht mehr.',
      'no-pubkey':
        'konnte nicht verschlüsselt werden: Der Schlüssel des Empfängers ist nie gekommen. Vielleicht läuft dessen Programm für immer nicht mehr.',
      'too-difficult':
        'wurde nicht gesendet: Der Empfänger verlangt mehr Arbeitsnachweis (Proof of Work), als Ihre Einstellungen zulassen. „postern outbox retry“ sendet sie trotzdem.',
      'bad-key': 'konnte nicht verschlüsselt werden: Der Schlüssel des Empfängers ist ungültig.',
      'too-large': 'wurde nicht gesendet: Sie ist größer, als das Netz befördert.',
    },
  },

  spelling: {
    about: (mail, typed) => `${mail} ist adressiert an\n\n${typed}\n\nDiese Adresse hat ihre Großbuchstaben verloren.`,
    found: {
      subject: (subject) => `Adresse gefunden: ${subject}`,
      text: (about, address) =>
        `${about}\n\nDie Prüfziffern verraten, welche Adresse es ist, und Ihre Mail wird gesendet an\n\n${address}\n\nBitte berichtigen Sie sie in Ihrem Adressbuch: In einer Adresse zählen Groß- und Kleinbuchstaben.\n`,
    },
    choice: {
      subject: (subject) => `Welche Adresse? ${subject}`,
      text: (about, links) =>
        `${about}\n\nIhre Prüfziffern passen auf mehrere Adressen, von denen nur eine echt sein kann. Das Netz wird nach dem Schlüssel einer jeden gefragt; die eine, die einen Schlüssel hat, bekommt Ihre Mail, und Sie brauchen nichts zu tun. Wenn Sie wissen, welche es ist, senden Sie die Mail, die darunter steht:\n\n${links}\n`,
    },
    unknown: (about) =>
      `${about}\n\nWie auch immer sie groß und klein geschrieben war, ihre Prüfziffern passen nicht: Sie enthält einen Tippfehler. Bitte kopieren Sie die Adresse noch einmal, so wie sie ist, und senden Sie die Mail erneut.\n`,
  },

  unreadable: {
    subject: 'Eine Nachricht, die sich nicht zeigen lässt',
    unknownEncoding: (encoding) => `Ihre Kodierung (${encoding}) ist hier nicht bekannt`,
    damaged: (why) => `Sie ist beschädigt (${why})`,
    text: (why) =>
      `Diese Nachricht wurde entschlüsselt, und ihre Unterschrift ist gültig, aber sie lässt sich nicht zeigen: ${why}.\nIhre Bytes sind angehängt, so wie sie kamen.\n`,
  },

  books: { contacts: 'Kontakte', identities: 'Meine Adressen', subscriptions: 'Abonnements', chans: 'Kanäle' },
};
