/** Orders about one's own addresses. */
import { write } from './write.js';

const addressOrLabel = 'the address, or its label';
const label = 'its name, which only you see';
const version = '4 (the default) or 3';

export const identities = {
  notYours: (wanted: string) => `"${wanted}" is not one of your addresses`,
  ambiguous: (wanted: string) => `"${wanted}" names more than one of your addresses: use the address`,
  noneYet: 'no addresses yet',
  badLabel: (most: number) => `a label is one line of at most ${most} characters`,

  make: {
    help: 'Make a new address of your own.',
    label,
    passphrase: 'make it from this text, always the same one',
    short: 'a character or two shorter: takes seconds, or a minute from a passphrase',
    version,
    searching: (share: number) => `looking for a short address: ${write.percent(share)} of what is usual`,
  },
  list: {
    help: 'List your own addresses.',
    deleted: (until: number) => `(deleted; "identity undelete" until ${write.time(until)})`,
    disabled: '(switched off)',
    mailingList: (name: string) => `(mailing list "${name}")`,
  },
  show: {
    help: 'Show one of your addresses, or a contact, in all forms in which it can be passed on.',
    address: 'the address, its label, or the name of a contact',
    qr: 'as a QR code, for a telephone to read from the screen',
    vcard: 'as a vCard, for a file or a mail',
    rows: { address: 'Address', name: 'Name', mail: 'Mail', alias: 'Lower case', link: 'Link' },
  },
  set: {
    help: 'Change what holds for one of your addresses.',
    address: addressOrLabel,
    label: 'its name',
    enabled: 'yes, or no: it neither sends nor receives',
    ttl: 'how long its messages live: 2d, 36h; "default" for that of the settings',
    delay: 'its messages wait at random, at most so long: 30m, 2h; "none", or "default" for that of the settings',
    signature: 'sha256 (the default), or sha1 for readers that know nothing else (Jabit, bitchan)',
    trials: 'work demanded of who writes to it, per byte; 1000 is the least, 0 the default',
    extraBytes: 'counted to each message to it; 1000 is the least, 0 the default',
    nothing: 'say what to change, such as --label, --enabled or --ttl',
    none: 'none',
    notYesOrNo: 'enabled is yes or no',
    notADelay: 'a delay looks like 30m or 2h, and is a day at most',
    notADigest: 'signature is sha256 or sha1',
    notADemand: (name: string, most: number) => `${name} is a whole number of at most ${write.number(most)}`,
  },
  remove: {
    help: (days: number) => `Give up one of your addresses; its keys are kept for ${days} days.`,
    address: addressOrLabel,
    yes: 'do it; without it you are told what it means',
    onlyOne: (address: string) => `${address} is your only address: make another one first`,
    meaning: (name: string) => `This gives up ${name}: its login ends, and nothing that is sent to it arrives any more.`,
    cancels: (count: number) => `What it has in Outbox (${count}) is not sent.`,
    notYet: (address: string) => `Its mail stays. Nothing is done yet. To do it:\n\n  identity delete ${address} --yes`,
    done: (name: string, days: number, address: string) =>
      `Deleted ${name}. Within ${days} days this brings it back, with its keys:\n\n  identity undelete ${address}`,
  },
  undelete: {
    help: (days: number) => `Take back an address that was deleted in the last ${days} days.`,
    address: addressOrLabel,
    notFound: (wanted: string, days: number) => `no address "${wanted}" was deleted in the last ${days} days`,
    done: (address: string) => `${address} is yours again. What was sent to it meanwhile is looked for.`,
  },
};
