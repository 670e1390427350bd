/** Orders about chans, subscriptions and mailing lists. */
import { write } from './write.js';

const chanName = 'its address or the name of its folder';

export const groups = {
  noChan: (wanted: string) => `there is no chan "${wanted}"`,
  manyChans: (wanted: string) => `"${wanted}" names more than one chan: use the address`,
  noSubscription: (wanted: string) => `there is no subscription "${wanted}"`,
  manySubscriptions: (wanted: string) => `"${wanted}" names more than one subscription: use the address`,
  joined: (address: string, folder: string) => `${address}\nFolder: ${folder}`,

  chanJoin: {
    help: 'Join a chan; its folder appears under Chans.',
    passphrase: 'the text that all members share',
    label: 'the name of the folder (otherwise the passphrase)',
    address: 'the address that it must have',
    version: '4 (the default), or 3 for an old chan',
  },
  chanLeave: { help: 'Leave a chan.', chan: chanName, done: (name: string) => `Left ${name}.` },
  chanList: { help: 'List the chans that you joined.', none: 'no chans yet' },
  chanSet: {
    help: 'Change what a chan may bring; what is beyond goes to Junk.',
    chan: chanName,
    posts: 'a number; 0 for no limit; "default" for that of the settings',
    bytes: 'the largest post, or "default"',
    notALimit: (name: string, least: number, most: number) =>
      `${name} is a whole number from ${write.number(least)} to ${write.number(most)}, or "default"`,
    anyNumber: (name: string, bytes: number) => `${name}: any number of posts a day, of ${bytes} bytes at most.`,
    limited: (name: string, posts: number, bytes: number) =>
      `${name}: ${write.number(posts)} ${posts === 1 ? 'post' : 'posts'} a day, of ${bytes} bytes at most.`,
  },
  subscribe: {
    help: 'Read the broadcasts of an address; its folder appears under Subscriptions.',
    address: 'BM-…, or the name of a contact',
    label: 'the name of the folder (otherwise the address)',
  },
  unsubscribe: {
    help: 'No longer read the broadcasts of an address.',
    subscription: 'the address or the name of its folder',
    done: (name: string) => `Ended the subscription of ${name}.`,
  },
  subscriptionList: { help: 'List the addresses whose broadcasts you read.', none: 'no subscriptions yet' },
  listMake: {
    help: 'Broadcast what one of your addresses receives to its subscribers.',
    address: 'the address, or its label',
    name: 'stands before each subject, as [name]',
    badName: (most: number) => `a list's name has at most ${most} characters, and no brackets`,
    done: (address: string, name: string) =>
      `${address} is the mailing list "${name}" now. People subscribe to that address to read, and write to it to post.`,
  },
  listEnd: {
    help: 'End a mailing list; the address stays yours.',
    address: "the list's address, or its label",
    isNone: (address: string) => `${address} is no mailing list`,
    done: (address: string) => `${address} is an ordinary address again.`,
  },
};
