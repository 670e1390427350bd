/** "outbox list", "outbox retry" and "outbox cancel": what is on its way, and what to do about it. */

import type { Words } from '../words/words.js';
import { ControlRefusal, type ControlRooms, type Operation, type Parameter } from './operation.js';
import { table } from './table.js';
import { isoTime, outgoingWords, spellingWords, workWords } from './words.js';

const NUMBER: Parameter = { name: 'number', place: 'positional', isRequired: true, help: ({ status }) => status.outbox.number };

export const outboxList: Operation = {
  name: 'outbox list',
  help: ({ status }) => status.outbox.list.help,
  parameters: [],
  run(_, rooms) {
    const rows = outboxRows(rooms);
    return {
      value: { outbox: rows.map((row) => ({ ...row, since: isoTime(row.since) })) },
      text: outboxTable(rows, rooms.words) || rooms.words.status.outbox.list.none,
    };
  },
};

export const outboxRetry: Operation = {
  name: 'outbox retry',
  help: ({ status }) => status.outbox.retry.help,
  parameters: [NUMBER],
  run({ number }, { node, words }) {
    const id = readNumber(number);
    if (!node.retry(id)) throw new ControlRefusal(({ status }) => status.outbox.retry.isNone(number));
    return { value: { id, retried: true }, text: words.status.outbox.retry.done(number) };
  },
};

export const outboxCancel: Operation = {
  name: 'outbox cancel',
  help: ({ status }) => status.outbox.cancel.help,
  parameters: [NUMBER],
  run({ number }, { node, scheduled, words }) {
    if (/^h\d+$/i.test(number)) {
      if (!scheduled.cancel(number.toLowerCase())) throw new ControlRefusal(({ status }) => status.outbox.cancel.noScheduled(number));
      return { value: { id: number, cancelled: true }, text: words.status.outbox.cancel.mailDone(number) };
    }
    const id = readNumber(number);
    if (node.outgoingById(id) === undefined) throw new ControlRefusal(({ status }) => status.outbox.cancel.noMessage(number));
    node.cancel(id);
    if (node.outgoingById(id)?.outgoing.state !== 'cancelled')
      throw new ControlRefusal(({ status }) => status.outbox.cancel.tooLate(number));
    return { value: { id, cancelled: true }, text: words.status.outbox.cancel.messageDone(number) };
  },
};

export interface OutboxRow {
  readonly id: string;
  readonly to: string;
  /** UnixSeconds; for a scheduled mail, when it will be sent. */
  readonly since: number;
  /** How it stands. */
  readonly text: string;
}

/** What waits for its time first. */
export function outboxRows({
  node,
  scheduled,
  custody,
  words,
}: Pick<ControlRooms, 'node' | 'scheduled' | 'custody' | 'words'>): OutboxRow[] {
  return [
    ...scheduled.list().map(({ id, to, releaseAt, waitsFor }) => ({
      id,
      to: to.join(', '),
      since: releaseAt,
      text: spellingWords(words, waitsFor) || words.outgoing.scheduled,
    })),
    ...node.outgoing().map((message) => ({
      id: String(message.id),
      to: message.to,
      since: message.since,
      text: `${outgoingWords(words, message, custody.state)}${workWords(words, message, node.workSeconds(message.id))}`,
    })),
  ];
}

export function outboxTable(rows: readonly OutboxRow[], { write }: Words): string {
  return table(rows.map(({ id, to, since, text }) => [id, to, write.time(since), text]));
}

function readNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new ControlRefusal(({ status }) => status.outbox.notANumber(text));
  return Number(text);
}
