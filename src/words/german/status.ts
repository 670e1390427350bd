/** In German: the orders that show how everything stands, and those about what is on its way. */
import type { status as english } from '../english/status.js';
import { write } from './write.js';

const number = 'wie „outbox list“ sie zeigt';

export const status: typeof english = {
  help: 'Zeigt verbundene Knoten, Objekte, Nachrichten unterwegs, Adressen, Abonnements und Kanäle.',
  sections: {
    mailProgram: 'Mailprogramm',
    peers: 'Verbundene Knoten',
    proxy: 'Proxy',
    objects: 'Objekte',
    keys: 'Schlüssel',
    outbox: 'Postausgang',
    identities: 'Adressen',
    subscriptions: 'Abonnements',
    chans: 'Kanäle',
  },
  none: 'keine',
  directions: { inbound: 'eingehend', outbound: 'ausgehend' },
  plain: 'unverschlüsselt',
  objects: (objects, unprocessed, nodes) =>
    `${write.number(objects)} im Bestand, ${write.number(unprocessed)} noch zu prüfen; ${write.number(nodes)} Knoten bekannt`,
  lookingBack: (percent) => `Was früher kam, wird nach dem durchsucht, was für neue Schlüssel ist: bisher ${write.number(percent)} %.`,
  noRoom: 'Die Platte ist fast voll: Es wird nichts mehr angenommen, auch nicht, was für Sie kommt, bis wieder Platz ist.',
  onBattery: 'Der Computer läuft im Akkubetrieb: Kein neuer Arbeitsnachweis wird begonnen.',
  route: {
    all: 'Alle Verbindungen',
    onion: 'Onion-Namen',
    trouble: 'Störung',
    service: 'Onion-Dienst',
    through: (proxy) => `über ${proxy}`,
    isolated: 'ein eigener Benutzer für jede Verbindung',
    strict: 'streng',
    notUp: (why) => `nicht erreichbar: ${why}`,
  },

  outbox: {
    number,
    list: { help: 'Zeigt, was unterwegs ist, mit der Nummer für retry und cancel.', none: 'nichts ist unterwegs' },
    retry: {
      help: 'Versucht eine fehlgeschlagene Nachricht noch einmal, gleich wie viel Arbeit der Empfänger verlangt.',
      isNone: (id) => `Es gibt keine fehlgeschlagene Nachricht ${id}`,
      done: (id) => `Nachricht ${id} wird noch einmal versucht.`,
    },
    cancel: {
      help: 'Hält eine Nachricht an, die noch nicht im Netz ist; ihre Mail kommt in den Papierkorb (Trash).',
      noScheduled: (id) => `Es gibt keine geplante Mail ${id}`,
      noMessage: (id) => `Es gibt keine Nachricht ${id}`,
      tooLate: (id) => `Nachricht ${id} lässt sich nicht mehr anhalten`,
      mailDone: (id) => `Die Mail ${id} wird nicht gesendet.`,
      messageDone: (id) => `Nachricht ${id} wird nicht gesendet.`,
    },
    notANumber: (text) => `„${text}“ ist keine Nummer aus „outbox list“`,
  },
};
