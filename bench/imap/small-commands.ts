/** Small commands one by one, each sent when the last one is answered, or all of them at once: the rows of the benchmark that ask often. */
import type { Client } from './client.js';

export interface SmallTask {
  readonly name: string;
  readonly run: (client: Client) => Promise<void>;
}

const NOOPS = 500;
const SELECTS = 50;
const MESSAGES = 500;

/** What Thunderbird asks of each new message. */
const FIELDS = 'From To Cc Bcc Subject Date Message-ID Priority X-Priority References Newsgroups In-Reply-To Content-Type Reply-To';

const FETCHED: readonly [what: string, items: string][] = [
  ['flags', '(FLAGS)'],
  ['header', `(UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (${FIELDS})])`],
  ['body', '(BODY.PEEK[])'],
];

/** @param folders named "folder0", "folder1", … */
export function smallTasks(folders: number): readonly SmallTask[] {
  return [
    oneByOne(`NOOP, ${NOOPS} times`, NOOPS, () => 'NOOP'),
    oneByOne(`SELECT, ${SELECTS} times`, SELECTS, () => 'SELECT INBOX'),
    oneByOne(`STATUS, ${folders} single ones`, folders, (index) => `STATUS folder${index} (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)`),
    ...FETCHED.map(([what, items]) => oneByOne(`UID FETCH of ${MESSAGES}, one by one: ${what}`, MESSAGES, (index) => fetch(index, items))),
    ...FETCHED.map(([what, items]) => atOnce(`UID FETCH of ${MESSAGES}, sent at once: ${what}`, MESSAGES, (index) => fetch(index, items))),
  ];
}

function fetch(index: number, items: string): string {
  return `UID FETCH ${index + 1} ${items}`;
}

function oneByOne(name: string, count: number, command: (index: number) => string): SmallTask {
  return {
    name,
    run: async (client) => {
      for (let index = 0; index < count; index++) await client.command(command(index));
    },
  };
}

function atOnce(name: string, count: number, command: (index: number) => string): SmallTask {
  return { name, run: (client) => client.commands(Array.from({ length: count }, (_, index) => command(index))) };
}
