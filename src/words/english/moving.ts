/** Orders that bring things in and out: import, export, backup. */
import { write } from './write.js';

const newFile = 'a file that is not there yet';
const folder = 'the folder that the mail goes into';
const twice = 'Doing it twice is harmless.';

export const moving = {
  /** What was counted. */
  kinds: {
    identities: 'identities',
    chans: 'chans',
    contacts: 'contacts',
    subscriptions: 'subscriptions',
    'black list': 'black list',
    'white list': 'white list',
    'public keys': 'public keys',
    'received mails': 'received mails',
    'sent mails': 'sent mails',
    mails: 'mails',
    objects: 'objects',
    peers: 'peers',
  },
  taken: (count: number) => `${write.number(count)} new`,
  known: (count: number) => `${write.number(count)} known already`,
  refused: (count: number) => `${write.number(count)} could not be used`,
  nothingFound: 'nothing found',
  busy: 'another import or export is under way: wait until it is done',
  stopping: 'the gateway is stopping; the same command goes on where this one ended',

  pybitmessage: {
    help: `Take over all that PyBitmessage keeps. Quit it first. ${twice}`,
    directory: 'where its keys.dat and messages.dat are',
    resume: 'also send what it had not finished sending',
    notTaken: (name: string, why: string) => `${name} could not be taken over: ${why}`,
    identity: (address: string) => `identity ${address}`,
    whiteList: 'PyBitmessage let only senders of the white list through; the list was taken over, the restriction was not.',
    setting: (line: string) => `PyBitmessage's settings would be: ${line}`,
    mailingList: (address: string, name: string) => `${address} is a mailing list, "${name}".`,
    emailGateway: (address: string, gateway: string) =>
      `${address} is an account at the e-mail gateway ${gateway}; it is an ordinary identity here.`,
    oldNodes: 'knownnodes.dat is a program in an old format and was passed over; peers are found without it.',
    badNodes: 'knownnodes.dat could not be read; peers are found without it.',
    oldMessages: 'messages.dat is of an old version: its mails and addresses were taken over, its keys and objects were not.',
    unsent: (subject: string) =>
      `"${subject}" was not sent yet. It is in Sent without $Submitted; import again with --resume, and it is sent from here.`,
    notClosed: 'PyBitmessage did not close its messages.dat: start it once more, quit it, and try again',
    running: (directory: string) => `PyBitmessage is running on ${directory}: quit it first`,
    runningAs: (directory: string, process: number) =>
      `PyBitmessage is running on ${directory} (process ${process.toFixed(0)}): quit it first`,
    noKeys: (directory: string) => `${directory} has no keys.dat`,
    crashCopy: (directory: string, name: string) =>
      `${directory} has no keys.dat; there is a copy from a crash, ${name}: rename it to keys.dat to use it`,
  },
  notbit: {
    help: 'Take over the keys in a keys.dat of notbit, or of any program that writes that format.',
    file: 'its keys.dat',
    tooLarge: (path: string) => `${path} is too large to be a file of keys`,
    empty: (path: string) => `${path} holds no addresses`,
  },
  wif: {
    help: 'Make an identity of two private keys.',
    signing: 'the signing key, "5…"',
    encryption: 'the encryption key, "5…"',
    label: 'its name, which only you see',
    version: '4 (the default) or 3',
    badSigning: 'the signing key cannot be used: it is mistyped, cut or of another kind',
    badEncryption: 'the encryption key cannot be used: it is mistyped, cut or of another kind',
    isHere: (address: string) => `${address} is here already`,
  },
  mbox: { help: `Bring the mails of an mbox file into a folder. ${twice}`, path: 'the mbox file' },
  eml: { help: `Bring a mail, or all .eml files of a directory, into a folder. ${twice}`, path: 'an .eml file or a directory' },
  maildir: {
    help: `Bring the mails of a Maildir, with the Maildirs in it, into a folder. ${twice}`,
    path: 'the Maildir',
    isNone: (path: string) => `${path} is no Maildir: it has no "cur" and "new" in it`,
  },
  folder,
  mails: (count: number) => `mails: ${write.number(count)}`,
  mailsOf: (done: number, all: number) => `mails: ${write.number(done)} of ${write.number(all)}`,
  objectsOf: (done: number, all: number) => `objects: ${write.number(done)} of ${write.number(all)}`,
  groupFolder: (path: string) => `${path} would stand for a chan or a subscription: join or subscribe first`,
  holdsFolders: (path: string) => `${path} holds folders, not mail`,
  noFile: (path: string) => `there is no file ${path}`,
  noDirectory: (path: string) => `there is no directory ${path}`,
  notThere: (path: string) => `there is no ${path}`,
  notReadable: (path: string, why: string) => `${path} cannot be read: ${why}`,
  isDirectory: (path: string) => `${path} is a directory, not a file`,
  isFile: (path: string) => `${path} is a file, not a directory`,
  noRegularFile: (path: string) => `${path} is neither a file nor a directory`,

  exportMbox: { help: 'Write a folder as an mbox file, or all folders as mbox files below a directory.' },
  exportMaildir: { help: 'Write a folder, or all folders, as a Maildir.' },
  exportKeys: { help: 'Write the private keys of all addresses as a keys.dat, for PyBitmessage and notbit. Keep it safe.' },
  exportAddresses: { help: 'Write contacts and subscriptions as a table (CSV).' },
  newFile,
  newFileOrDirectory: 'a file or directory that is not there yet',
  onlyFolder: 'only this folder (otherwise all of them)',
  noFolder: (name: string) => `there is no folder ${name}`,
  mailsWritten: (count: number, path: string) => `${write.number(count)} ${count === 1 ? 'mail' : 'mails'} written to ${path}`,
  addressesWritten: (count: number, path: string) => `${write.number(count)} ${count === 1 ? 'address' : 'addresses'} written to ${path}`,
  folderMails: (name: string, count: number) => `${name}: ${write.number(count)} mails`,

  backup: {
    help: 'Write keys, mail and settings into one file, encrypted with a passphrase.',
    file: newFile,
    passphrase: 'without it the file cannot be read',
    packing: 'packing and sealing',
    done: (file: string, bytes: number) => `${file}: ${write.megabytes(bytes)}. Keep the passphrase: without it the file cannot be read.`,
    tooShort: (least: number) => `the passphrase needs at least ${least} characters: the file holds all keys and mail`,
    busy: 'another backup is under way: wait until it is done',
  },
  restore: {
    help: 'Make a data directory of a backup: the one that --data names, new or empty.',
    file: 'what "backup" wrote',
    passphrase: 'that of the backup',
    done: (directory: string, time: number) =>
      `${directory} is as it was at ${write.time(time)}.\nDo not run the old one beside it: both would answer for the same addresses.`,
    isSealed: 'Its mail is encrypted: the passphrase of "encrypt", or a login of your mail program, opens it.',
    about: (file: string, what: string) => `${file}: ${what}`,
    wrongPassphrase: 'the passphrase is wrong',
    notABackup: 'it is not a backup of Postern',
    damaged: 'it is damaged or cut short',
    tooNew: 'it was made by a newer version: update Postern',
    notSound: (file: string, fault: string) => `the database in ${file} is not sound: ${fault}`,
    notUsable: (directory: string, why: string) => `${directory} cannot be used: ${why}`,
    notEmpty: (directory: string) => `${directory} is not empty: restore into a directory that is new`,
  },
};
