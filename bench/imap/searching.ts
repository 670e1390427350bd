/** What mail programs ask of a large folder by SEARCH, SORT and THREAD: the rows of the benchmark that look for messages. */
import type { Client } from './client.js';
import { COMMON, message, RARE } from './messages.js';

export interface SearchTask {
  readonly name: string;
  readonly command: string;
  /** Not measured: what happens in the folder before. */
  prepare?(client: Client, repeat: number): Promise<void>;
}

/** Flags lie in runs, as people leave them: read up to a point, and here and there a block that was flagged together. */
const BLOCKS = 100;
const BLOCK_LENGTH = 20;
export const KEYWORD = 'project';

/** Far from the numbers of the other mails. */
const ARRIVING = 8_000_000;

/** Half of it was read, some is flagged, some has a keyword. The same when it is done again. */
export async function flagSome(client: Client, messages: number): Promise<void> {
  await client.command(`STORE 1:${Math.max(Math.floor(messages / 2), 1)} +FLAGS.SILENT (\\Seen)`);
  const step = Math.max(Math.floor(messages / BLOCKS), BLOCK_LENGTH);
  const starts = Array.from({ length: Math.floor(messages / step) }, (_, block) => block * step + 1);
  const set = starts.map((start) => `${start}:${start + BLOCK_LENGTH - 1}`).join(',');
  await client.command(`STORE ${set} +FLAGS.SILENT (\\Flagged ${KEYWORD})`);
}

/** @param messages how many the folder holds */
export function searchTasks(messages: number): readonly SearchTask[] {
  const middle = Math.floor(messages / 2);
  return [
    ...SEARCHES.map((key) => ({ name: `SEARCH ${key}`, command: `SEARCH ${key}` })),
    ...[
      `SEARCH UID ${middle}:${middle + 999}`,
      `SEARCH ${middle}:* UNSEEN`,
      `SEARCH HEADER Message-ID "<${middle}@example.org>"`,
      'UID SEARCH RETURN (MIN MAX COUNT) UNDELETED',
      'UID SEARCH RETURN (COUNT) UNSEEN',
      'UID SEARCH RETURN (ALL) UNDELETED',
      'UID SEARCH RETURN (PARTIAL 1:50) UNDELETED',
    ].map((command) => ({ name: command, command })),
    ...SORTS.flatMap((criteria) => arranged(`SORT (${criteria}) UTF-8 ALL`)),
    {
      name: 'UID SORT RETURN (PARTIAL 1:50) (REVERSE ARRIVAL)',
      command: 'UID SORT RETURN (PARTIAL 1:50) (REVERSE ARRIVAL) UTF-8 UNDELETED',
    },
    { name: 'UID SORT RETURN (COUNT ALL) (DATE) UNSEEN', command: 'UID SORT RETURN (COUNT ALL) (DATE) UTF-8 UNSEEN' },
    ...['REFERENCES', 'REFS', 'ORDEREDSUBJECT'].flatMap((algorithm) => arranged(`THREAD ${algorithm} UTF-8 ALL`)),
  ];
}

const SEARCHES = [
  'ALL',
  'UNSEEN',
  'SEEN',
  'FLAGGED',
  'UNDELETED',
  `KEYWORD ${KEYWORD}`,
  'LARGER 1320',
  'SINCE 1-Jan-2020',
  'SENTSINCE 1-Jan-2020',
  'MODSEQ 3',
  'OR FLAGGED NOT SEEN',
  'FROM person42@',
  'FROM person',
  'SUBJECT "subject 42"',
  'SUBJECT subject',
  'TO else7',
  'HEADER Message-ID "<x>"',
  'OR FROM person42@ SUBJECT "subject 42"',
  'UNSEEN NOT FROM person42@',
  `TEXT ${RARE}`,
  `TEXT ${COMMON}`,
  `TEXT ${RARE} TEXT ${COMMON}`,
  `TEXT "no such words"`,
  'TEXT q',
  'TEXT qu',
  'TEXT qua',
  'TEXT "\u00fcberall"',
  `BODY ${RARE}`,
  `NOT BODY ${COMMON}`,
];

const SORTS = ['ARRIVAL', 'DATE', 'REVERSE DATE', 'SUBJECT', 'FROM', 'DISPLAYFROM', 'SUBJECT REVERSE DATE'];

/** As it is, and when something has happened in the folder since the last time. */
function arranged(command: string): SearchTask[] {
  return [
    { name: command, command },
    { name: '  one mail later', command, prepare: (client, repeat) => appendOne(client, command, repeat) },
    { name: '  one mail less', command, prepare: removeOne },
    {
      name: '  one flag later',
      command,
      prepare: (client, repeat) => client.command(`STORE 1 ${repeat % 2 === 0 ? '+' : '-'}FLAGS (\\Answered)`),
    },
  ];
}

async function appendOne(client: Client, command: string, repeat: number): Promise<void> {
  const raw = message(ARRIVING + command.length * 100 + repeat);
  await client.command(`APPEND INBOX {${raw.length}+}\r\n`, raw);
  await client.command('NOOP');
}

/** The newest: so the folder stays as large as it was. */
async function removeOne(client: Client): Promise<void> {
  await client.command('STORE * +FLAGS.SILENT (\\Deleted)');
  await client.command('EXPUNGE');
}
