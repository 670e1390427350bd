/** In German: why a folder cannot be made, renamed, removed or written to. */
import type { folders as english } from '../english/folders.js';
import { write } from './write.js';

export const folders: typeof english = {
  empty: 'Ein Ordnername darf nicht leer sein',
  tooDeep: (most) => `Ordner können höchstens ${most} Ebenen tief liegen`,
  tooLong: (most) => `Ein Ordnername hat höchstens ${write.number(most)} Bytes`,
  controlCharacters: 'Ein Ordnername darf keine Steuerzeichen enthalten',
  capital: (name) => `Schreiben Sie ${name}, mit großem Anfangsbuchstaben`,
  outboxHoldsNone: 'Outbox enthält keine Ordner',
  outboxBySending: 'In den Postausgang (Outbox) kommen Mails, indem Sie sie senden (SMTP)',
  chansDirectly: 'Kanäle liegen direkt unter Chans. Eine Passphrase mit „/“ kann kein Ordnername sein: Verwenden Sie „postern chan join“',
  subscriptionsDirectly: 'Abonnements liegen direkt unter Subscriptions',
  chanByCreating: 'Ordner unter Chans sind Kanäle: Um beizutreten, legen Sie dort einen Ordner an, der wie die Passphrase heißt',
  subscriptionByCreating:
    'Ordner unter Subscriptions sind Abonnements: Um zu abonnieren, legen Sie dort einen Ordner an, der wie die Adresse heißt',
  staysBelow: (parent) => `Dieser Ordner bleibt direkt unter ${parent}; dort kann er anders heißen, oder in den Papierkorb (Trash) kommen`,

  isThere: (path) => `${path} gibt es schon`,
  nameTaken: 'Einen Ordner dieses Namens gibt es schon',
  malformed: 'Dieser Name ist nicht zulässig',
  useTaken: (use) => `${use} ist schon ein anderer Ordner`,
  keepsName: (path) => `${path} behält seinen Namen`,
  intoItself: 'Ein Ordner lässt sich nicht in sich selbst verschieben',
  stays: (path) => `${path} gehört zu Postern und bleibt`,
  inboxStays: 'Der Posteingang (INBOX) lässt sich nicht löschen',
  hasFolders: (path) => `${path} enthält Ordner`,
  notThere: (path) => `Es gibt keinen Ordner ${path}`,
  inChanAlready: (path) => `In diesem Kanal sind Sie schon: ${path}`,
  notThatPassphrase: (address) => `Das ist nicht die Passphrase von ${address}`,
  notReachable: (address) => `${address} liegt in einem Stream, der von hier nicht erreichbar ist`,
  subscribedAlready: (path) => `Diese Adresse haben Sie schon abonniert: ${path}`,
  nameAfterAddress: (problem) => `${problem}. Um zu abonnieren, benennen Sie den Ordner nach einer Adresse`,
  oneIdentity: 'Diese Anmeldung zeigt eine einzige Adresse; Kanäle und Abonnements gehören zur gemeinsamen Anmeldung',
  tooLarge: (path, most) => `Eine Mail in ${path} hat höchstens ${write.number(most)} Bytes`,
  tooLargeForFolder:
    'Die Mail ist zu groß für diesen Ordner, oder von Hand kommt nichts hinein (statt sie in Outbox zu legen, senden Sie sie)',
  hasFoldersBelow: 'Unter diesem Namen liegen noch Ordner',
  wrongLogin: 'Benutzername oder Passwort ist falsch: Die lokale Seite von Postern zeigt beide',
  needsTls: 'Verwenden Sie TLS: Das Passwort ginge sonst unverschlüsselt durch das Netz',
  diskFull: 'Die Platte ist voll: Schaffen Sie Platz und versuchen Sie es noch einmal',
  damaged: 'Die Datenbank ist beschädigt: „postern doctor“ untersucht sie',
};
