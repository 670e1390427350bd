/** The orders that show how everything stands, and those about what is on its way. */
import { write } from './write.js';

const number = 'as "outbox list" shows it';

export const status = {
  help: 'Show peers, objects, messages on their way, identities, subscriptions and chans.',
  sections: {
    mailProgram: 'Mail program',
    peers: 'Peers',
    proxy: 'Proxy',
    objects: 'Objects',
    keys: 'Keys',
    outbox: 'Outbox',
    identities: 'Identities',
    subscriptions: 'Subscriptions',
    chans: 'Chans',
  },
  none: 'none',
  directions: { inbound: 'inbound', outbound: 'outbound' },
  plain: 'plain',
  objects: (objects: number, unprocessed: number, nodes: number) =>
    `${write.number(objects)} in the inventory, ${write.number(unprocessed)} still to be looked at; ${write.number(nodes)} nodes known`,
  lookingBack: (percent: number) => `What came earlier is looked through for what is for new keys: ${write.number(percent)} % so far.`,
  noRoom: 'The disk is nearly full: no more are taken, also not what comes for you, until there is room.',
  onBattery: 'The computer runs on its battery: no new proof of work is begun.',
  route: {
    all: 'All connections',
    onion: 'Onion names',
    trouble: 'Trouble',
    service: 'Onion service',
    through: (proxy: string) => `through ${proxy}`,
    isolated: 'another user for each connection',
    strict: 'strict',
    notUp: (why: string) => `not up: ${why}`,
  },

  outbox: {
    number,
    list: { help: 'List what is on its way, with the number that retry and cancel want.', none: 'nothing is on its way' },
    retry: {
      help: 'Try a failed message again, whatever work the recipient demands.',
      isNone: (id: string) => `there is no failed message ${id}`,
      done: (id: string) => `Message ${id} is tried again.`,
    },
    cancel: {
      help: 'Stop a message that is not on the network yet; its mail goes to Trash.',
      noScheduled: (id: string) => `there is no scheduled mail ${id}`,
      noMessage: (id: string) => `there is no message ${id}`,
      tooLate: (id: string) => `message ${id} cannot be stopped any more`,
      mailDone: (id: string) => `The mail ${id} will not be sent.`,
      messageDone: (id: string) => `Message ${id} will not be sent.`,
    },
    notANumber: (text: string) => `"${text}" is not a number of "outbox list"`,
  },
};
