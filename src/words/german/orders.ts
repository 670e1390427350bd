/** In German: what holds for all orders. */
import type { orders as english } from '../english/orders.js';
import { write } from './write.js';

export const orders: typeof english = {
  notDone: (why) => `Nicht ausgeführt: ${why}.`,
  internalError: 'Interner Fehler; mehr dazu im Protokoll',
  notUnderstood: 'Das wurde nicht verstanden.',
  offer: 'Das können Sie verlangen, im Betreff oder in den Zeilen einer Mail:',
  offerHelp: 'Zeigt diese Liste.',
  interrupted: 'Postern wurde dabei angehalten. Fragen Sie mit „status“, ob es noch ausgeführt wurde.',

  diskFull: 'Die Platte ist voll',
  damaged: 'Die Datenbank ist beschädigt: postern doctor untersucht sie',
  notJson: 'Der Inhalt ist kein JSON',
  notAnObject: 'Die Argumente müssen ein JSON-Objekt sein',
  unknownArgument: (order, name) => `„${order}“ kennt kein ${name}`,
  notText: (name, most) => `${name} muss ein Text mit höchstens ${write.number(most)} Zeichen sein`,
  missing: (order, name) => `„${order}“ braucht ${name}`,
  tooMany: (order, word) => `„${order}“ kann mit „${word}“ nichts anfangen`,
  notAVersion: 'address-version ist 3 oder 4',
  notTwice: (name) => `Die beiden Eingaben für ${name} stimmen nicht überein`,
  notAbsolute: (path) => `${path} muss ein absoluter Pfad sein`,
  isThere: (path) => `${path} gibt es schon: Nennen Sie eine Datei, die es noch nicht gibt`,
  notWritable: (path, why) => `${path} kann nicht geschrieben werden: ${why}`,
  stopping: 'Postern wird gerade beendet',

  page: {
    help: 'Gibt die Adresse der lokalen Seite aus: einmal gültig, zehn Minuten lang; der Browser bleibt angemeldet.',
  },
};
