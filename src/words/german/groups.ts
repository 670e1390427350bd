/** In German: orders about chans, subscriptions and mailing lists. */
import type { groups as english } from '../english/groups.js';
import { write } from './write.js';

const chanName = 'seine Adresse oder der Name seines Ordners';

export const groups: typeof english = {
  noChan: (wanted) => `Es gibt keinen Kanal „${wanted}“`,
  manyChans: (wanted) => `„${wanted}“ passt auf mehrere Kanäle: Nennen Sie die Adresse`,
  noSubscription: (wanted) => `Es gibt kein Abonnement „${wanted}“`,
  manySubscriptions: (wanted) => `„${wanted}“ passt auf mehrere Abonnements: Nennen Sie die Adresse`,
  joined: (address, folder) => `${address}\nOrdner: ${folder}`,

  chanJoin: {
    help: 'Tritt einem Kanal (Chan) bei; sein Ordner erscheint unter Chans.',
    passphrase: 'der Text, den alle Mitglieder kennen',
    label: 'der Name des Ordners (sonst die Passphrase)',
    address: 'die Adresse, die er haben muss',
    version: '4 (der Normalfall), oder 3 für einen alten Kanal',
  },
  chanLeave: { help: 'Verlässt einen Kanal.', chan: chanName, done: (name) => `Sie haben ${name} verlassen.` },
  chanList: { help: 'Zeigt die Kanäle, denen Sie beigetreten sind.', none: 'noch keine Kanäle' },
  chanSet: {
    help: 'Ändert, was ein Kanal bringen darf; was darüber ist, kommt nach Junk.',
    chan: chanName,
    posts: 'eine Zahl; 0 für unbegrenzt; „default“ für den Wert der Einstellungen',
    bytes: 'der größte Beitrag, oder „default“',
    notALimit: (name, least, most) => `${name} ist eine ganze Zahl von ${write.number(least)} bis ${write.number(most)}, oder „default“`,
    anyNumber: (name, bytes) => `${name}: beliebig viele Beiträge am Tag, mit höchstens ${write.number(bytes)} Bytes.`,
    limited: (name, posts, bytes) =>
      `${name}: ${write.number(posts)} ${posts === 1 ? 'Beitrag' : 'Beiträge'} am Tag, mit höchstens ${write.number(bytes)} Bytes.`,
  },
  subscribe: {
    help: 'Abonniert die Rundsendungen einer Adresse; der Ordner erscheint unter Subscriptions.',
    address: 'BM-… oder der Name eines Kontakts',
    label: 'der Name des Ordners (sonst die Adresse)',
  },
  unsubscribe: {
    help: 'Beendet ein Abonnement.',
    subscription: 'die Adresse oder der Name des Ordners',
    done: (name) => `Das Abonnement von ${name} ist beendet.`,
  },
  subscriptionList: { help: 'Zeigt die Adressen, deren Rundsendungen Sie lesen.', none: 'noch keine Abonnements' },
  listMake: {
    help: 'Verteilt, was eine Ihrer Adressen empfängt, an alle, die sie abonniert haben.',
    address: 'die Adresse oder ihr Name',
    name: 'steht vor jedem Betreff, als [Name]',
    badName: (most) => `Der Name eines Verteilers hat höchstens ${most} Zeichen und keine eckigen Klammern`,
    done: (address, name) =>
      `${address} ist jetzt der Verteiler „${name}“. Wer mitlesen will, abonniert diese Adresse; wer schreiben will, schreibt an sie.`,
  },
  listEnd: {
    help: 'Beendet einen Verteiler; die Adresse bleibt Ihre.',
    address: 'die Adresse des Verteilers oder ihr Name',
    isNone: (address) => `${address} ist kein Verteiler`,
    done: (address) => `${address} ist wieder eine gewöhnliche Adresse.`,
  },
};
