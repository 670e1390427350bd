/** In German: orders about one's own addresses. */
import type { identities as english } from '../english/identities.js';
import { write } from './write.js';

const addressOrLabel = 'die Adresse oder ihr Name';
const label = 'ihr Name, den nur Sie sehen';
const version = '4 (der Normalfall) oder 3';

export const identities: typeof english = {
  notYours: (wanted) => `„${wanted}“ ist keine Ihrer Adressen`,
  ambiguous: (wanted) => `„${wanted}“ passt auf mehrere Ihrer Adressen: Nennen Sie die Adresse selbst`,
  noneYet: 'noch keine Adressen',
  badLabel: (most) => `Ein Name ist eine Zeile mit höchstens ${most} Zeichen`,

  make: {
    help: 'Legt eine neue eigene Adresse an.',
    label,
    passphrase: 'aus diesem Text gebildet, immer dieselbe',
    short: 'ein oder zwei Zeichen kürzer: dauert Sekunden, aus einer Passphrase eine Minute',
    version,
    searching: (share) => `sucht eine kurze Adresse: ${write.percent(share)} des Üblichen`,
  },
  list: {
    help: 'Zeigt Ihre eigenen Adressen.',
    deleted: (until) => `(gelöscht; „identity undelete“ bis ${write.time(until)})`,
    disabled: '(abgeschaltet)',
    mailingList: (name) => `(Verteiler „${name}“)`,
  },
  show: {
    help: 'Zeigt eine Ihrer Adressen oder einen Kontakt in allen Formen, in denen man sie weitergibt.',
    address: 'die Adresse, ihr Name oder der Name eines Kontakts',
    qr: 'als QR-Code, den ein Telefon vom Bildschirm liest',
    vcard: 'als vCard, für eine Datei oder eine Mail',
    rows: { address: 'Adresse', name: 'Name', mail: 'Mail', alias: 'Kleinbuchstaben', link: 'Link' },
  },
  set: {
    help: 'Ändert, was für eine Ihrer Adressen gilt.',
    address: addressOrLabel,
    label: 'ihr Name',
    enabled: 'yes, oder no: Sie sendet und empfängt nicht',
    ttl: 'wie lange ihre Nachrichten leben: 2d, 36h; „default“ für den Wert der Einstellungen',
    delay: 'ihre Nachrichten warten zufällig, höchstens so lange: 30m, 2h; „none“, oder „default“ für den Wert der Einstellungen',
    signature: 'sha256 (der Normalfall), oder sha1 für Leser, die nichts anderes kennen (Jabit, bitchan)',
    trials: 'Arbeit, die verlangt wird, wenn jemand an sie schreibt, je Byte; mindestens 1000; 0 für den Normalfall',
    extraBytes: 'werden zu jeder Nachricht an sie hinzugezählt; mindestens 1000; 0 für den Normalfall',
    nothing: 'Nennen Sie, was sich ändern soll, etwa --label, --enabled oder --ttl',
    none: 'keine Angabe',
    notYesOrNo: 'enabled ist yes oder no',
    notADelay: 'Eine Verzögerung sieht aus wie 30m oder 2h und ist höchstens ein Tag',
    notADigest: 'signature ist sha256 oder sha1',
    notADemand: (name, most) => `${name} ist eine ganze Zahl bis ${write.number(most)}`,
  },
  remove: {
    help: (days) => `Gibt eine Ihrer Adressen auf; ihre Schlüssel bleiben ${days} Tage erhalten.`,
    address: addressOrLabel,
    yes: 'ausführen; ohne das erfahren Sie nur, was es bedeutet',
    onlyOne: (address) => `${address} ist Ihre einzige Adresse: Legen Sie vorher eine andere an`,
    meaning: (name) => `Das gibt ${name} auf: Die Anmeldung dieser Adresse endet, und was an sie gesendet wird, kommt nicht mehr an.`,
    cancels: (count) => `Was von ihr im Postausgang (Outbox) liegt (${count}), wird nicht gesendet.`,
    notYet: (address) => `Ihre Mails bleiben. Noch ist nichts geschehen. Um es auszuführen:\n\n  identity delete ${address} --yes`,
    done: (name, days, address) =>
      `${name} ist gelöscht. Innerhalb von ${days} Tagen bringt dies die Adresse mit ihren Schlüsseln zurück:\n\n  identity undelete ${address}`,
  },
  undelete: {
    help: (days) => `Holt eine Adresse zurück, die in den letzten ${days} Tagen gelöscht wurde.`,
    address: addressOrLabel,
    notFound: (wanted, days) => `In den letzten ${days} Tagen wurde keine Adresse „${wanted}“ gelöscht`,
    done: (address) => `${address} gehört wieder Ihnen. Was inzwischen an sie gesendet wurde, wird gesucht.`,
  },
};
