/** "outbox list", "outbox retry" and "outbox cancel": what is on its way, and what to do about it. */
import { ControlRefusal, type ControlRooms, type Operation } from './operation.js';
import { table } from './table.js';
import { isoTime, outgoingWords, workWords } from './words.js';

const NUMBER = { name: 'number', place: 'positional', isRequired: true, help: 'as "outbox list" shows it' } as const;

export const outboxList: Operation = {
  name: 'outbox list',
  help: 'List what is on its way, with the number that retry and cancel want.',
  parameters: [],
  run(_, rooms) {
    const rows = outboxRows(rooms);
    return {
      value: { outbox: rows.map(([id, to, since, text]) => ({ id, to, since, text })) },
      text: table(rows) || 'nothing is on its way',
    };
  },
};

export const outboxRetry: Operation = {
  name: 'outbox retry',
  help: 'Try a failed message again, whatever work the recipient demands.',
  parameters: [NUMBER],
  run({ number }, { node }) {
    const id = readNumber(number);
    if (!node.retry(id)) throw new ControlRefusal(`there is no failed message ${number}`);
    return { value: { id, retried: true }, text: `Message ${id} is tried again.` };
  },
};

export const outboxCancel: Operation = {
  name: 'outbox cancel',
  help: 'Stop a message that is not on the network yet; its mail goes to Trash.',
  parameters: [NUMBER],
  run({ number }, { node, scheduled }) {
    if (/^h\d+$/i.test(number)) {
      if (!scheduled.cancel(number.toLowerCase())) throw new ControlRefusal(`there is no scheduled mail ${number}`);
      return { value: { id: number, cancelled: true }, text: `The mail ${number} will not be sent.` };
    }
    const id = readNumber(number);
    if (node.outgoingById(id) === undefined) throw new ControlRefusal(`there is no message ${number}`);
    node.cancel(id);
    if (node.outgoingById(id)?.outgoing.state !== 'cancelled') throw new ControlRefusal(`message ${number} cannot be stopped any more`);
    return { value: { id, cancelled: true }, text: `Message ${id} will not be sent.` };
  },
};

/** Number, recipient, since (or when), and how it stands: what waits for its time first. */
export function outboxRows({
  node,
  scheduled,
  custody,
}: Pick<ControlRooms, 'node' | 'scheduled' | 'custody'>): [string, string, string, string][] {
  return [
    ...scheduled
      .list()
      .map(({ id, to, releaseAt, waitsFor }): [string, string, string, string] => [
        id,
        to.join(', '),
        isoTime(releaseAt),
        waitsFor || 'will be sent then',
      ]),
    ...node.outgoing().map((message): [string, string, string, string] => {
      const words = `${outgoingWords(message, custody.state)}${workWords(message, node.workSeconds(message.id))}`;
      return [String(message.id), message.to, isoTime(message.since), words];
    }),
  ];
}

function readNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new ControlRefusal(`"${text}" is not a number of "outbox list"`);
  return Number(text);
}
