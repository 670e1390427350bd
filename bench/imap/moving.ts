/** MULTIAPPEND, COPY, MOVE and EXPUNGE of many messages, in folders of their own. */
import type { Client } from './client.js';
import { message } from './messages.js';

const COPIES = 'folder2';
const MOVED = 'folder3';
const APPENDED_AT_ONCE = 500;

export interface MovingTask {
  readonly name: string;
  readonly run: (client: Client, repeat: number) => Promise<void>;
  readonly prepare: (client: Client, repeat: number) => Promise<void>;
}

/** The next command after these has to select a folder. */
export function movingTasks(count: number): readonly MovingTask[] {
  return [
    {
      name: `MULTIAPPEND of ${APPENDED_AT_ONCE}`,
      run: (client, repeat) => append(client, 3_000_000 * (repeat + 1)),
      prepare: (client) => empty(client, COPIES, 'INBOX'),
    },
    { name: `COPY of ${count}`, run: asks(`COPY 1:${count} ${COPIES}`), prepare: (client) => empty(client, COPIES, 'INBOX') },
    {
      name: `MOVE of ${count}`,
      run: asks(`MOVE 1:* ${MOVED}`),
      prepare: async (client) => {
        await empty(client, MOVED, 'INBOX');
        await copyAlone(client, count);
      },
    },
    {
      name: `EXPUNGE of ${count} copies`,
      run: asks('EXPUNGE'),
      prepare: async (client) => {
        await copyAlone(client, count);
        await client.command('STORE 1:* +FLAGS.SILENT (\\Deleted)');
      },
    },
    {
      name: `EXPUNGE of ${count}, for ever`,
      run: asks('EXPUNGE'),
      prepare: async (client, repeat) => {
        await empty(client, COPIES, COPIES);
        for (let from = 0; from < count; from += APPENDED_AT_ONCE) await append(client, 2_000_000 * (repeat + 1) + from);
        await client.command('STORE 1:* +FLAGS.SILENT (\\Deleted)');
      },
    },
  ];
}

function asks(command: string): MovingTask['run'] {
  return (client) => client.command(command);
}

/** Leaves the folders as they were. */
export async function tidyUp(client: Client): Promise<void> {
  await empty(client, MOVED, COPIES);
  await empty(client, COPIES, 'INBOX');
}

/** Selects a folder with so many copies of messages of INBOX, and nothing else. */
async function copyAlone(client: Client, count: number): Promise<void> {
  await empty(client, COPIES, 'INBOX');
  await client.command(`COPY 1:${count} ${COPIES}`);
  await client.command(`SELECT ${COPIES}`);
}

async function empty(client: Client, folder: string, next: string): Promise<void> {
  await client.command(`SELECT ${folder}`);
  await client.command('UID STORE 1:* +FLAGS.SILENT (\\Deleted)');
  await client.command('EXPUNGE');
  await client.command(`SELECT ${next}`);
}

async function append(client: Client, from: number): Promise<void> {
  const parts = Array.from({ length: APPENDED_AT_ONCE }, (_, at) => {
    const raw = message(from + at);
    return Buffer.concat([Buffer.from(` {${raw.length}+}\r\n`), raw]);
  });
  await client.command(`APPEND ${COPIES}`, ...parts);
}
