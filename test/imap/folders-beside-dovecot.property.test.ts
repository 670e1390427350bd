/**
 * Random programs about folders with odd names, command by command against ours and Dovecot: the same answers, the same lists.
 *
 * What differs, and who is right by RFC 9051; the programs leave it out, or the answers are made alike before they are compared:
 *
 * - RENAME of INBOX leaves Dovecot without one until it is opened, takes the names below INBOX along, and is refused into INBOX
 *   itself; §6.3.6: an empty one is there at once, the names below stay, and nothing forbids the last.
 * - RENAME takes subscriptions along here; Dovecot leaves them, as §6.3.6 says. Deliberate: docs/PROTOCOLS.md.
 * - CREATE of a name that ends in "/" makes a folder here and a bare level there; RENAME to one is refused there. Both may be (§6.3.4).
 * - Dovecot says \HasChildren only for who asks; §6.3.9.5 lets a server say it always.
 * - The name above subscribed ones is \Noselect there and \NonExistent here, CHILDINFO is without quotes there: both are the grammar.
 * - LSUB of "%a" tells here of "b/a" when "b/a/c" is subscribed, there not always; RFC 3501 §6.3.9 wants it.
 * - RENAME of a name to itself that is not there: NONEXISTENT here, ALREADYEXISTS there. Only that it is refused is compared.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { encodeUtf7 } from '../../src/imap/wire/mailbox-name.js';
import { describeMessage } from '../../src/mime/describe.js';
import { DOVECOT, dovecotOfSuite } from '../support/dovecot.js';
import { openImapHouse } from '../support/imap-house.js';
import type { LineClient } from '../support/line-client.js';
import { type Generator, generator } from '../support/random.js';

/** More by hand: POSTERN_ROUNDS=500. */
const ROUNDS = Number(process.env.POSTERN_ROUNDS ?? 5);
const COMMANDS = 40;
// The first few come more often, so that programs meet the names that they have made.
const LEVELS = [
  'a',
  'b',
  'A',
  'ä',
  '日本',
  'x%y',
  's*t',
  'q"r',
  'b\\s',
  'a&b',
  'w s',
  'INBOX',
  '#h',
  '.d',
  'e.f',
  '(p)',
  '{5}',
  'nil',
  '𝄞',
];
const COMMON_LEVELS = 4;
const PATTERNS = ['*', '%', '%/%', 'a*', 'a/%', '*/b', 'INBOX*', 'inbox/%', 'INBOX', '%a', '*%', '%*', 'a%', 'a/*/b', '*ä*', 'q"%', 'x%%y'];
const REFERENCES = ['', 'a/', 'INBOX/', 'inbox/', 'a', 'nothing/'];

const installed = existsSync(DOVECOT);

(installed ? describe : describe.skip)(`imap folders beside Dovecot${installed ? '' : ' (not installed)'}`, function () {
  this.timeout(120_000);
  const logIn = dovecotOfSuite('index');

  for (let round = 0; round < ROUNDS; round++) {
    const numbers = generator();
    it(`says the same (POSTERN_SEED=${numbers.seed})`, async () => {
      const house = await openImapHouse(describeMessage);
      const ours = await house.loggedIn();
      const theirs = await logIn(`user${round}`);
      try {
        await theirs.command('inbox CREATE INBOX');
        await compare(numbers, ours, theirs);
      } finally {
        ours.close();
        theirs.close();
        await house.stop();
      }
    });
  }
});

async function compare(numbers: Generator, ours: LineClient, theirs: LineClient): Promise<void> {
  const history: string[] = [];
  for (let step = 0; step < COMMANDS; step++) {
    const command = randomCommand(numbers);
    history.push(command);
    const [here, there] = await Promise.all([ours.command(`t${step} ${command}`), theirs.command(`t${step} ${command}`)]);
    assert.deepEqual(readAnswer(here, command), readAnswer(there, command), history.join('\n'));
    if (command.startsWith('RENAME')) await follow(ours, theirs);
  }
}

function randomCommand(numbers: Generator): string {
  const name = (): string => quote(randomName(numbers));
  const pattern = (): string => quote(numbers.pick(PATTERNS));
  return numbers.pick<() => string>([
    () => `CREATE ${name()}`,
    () => `CREATE ${name()}`,
    () => `CREATE ${name()}`,
    () => `DELETE ${name()}`,
    () => `DELETE ${name()}`,
    () => randomRename(numbers),
    () => randomRename(numbers),
    () => `SUBSCRIBE ${name()}`,
    () => `SUBSCRIBE ${name()}`,
    () => `UNSUBSCRIBE ${name()}`,
    () => `STATUS ${name()} (MESSAGES)`,
    () => `LIST ${quote(numbers.pick(REFERENCES))} ${pattern()}`,
    () => `LSUB ${quote(numbers.pick(REFERENCES))} ${quote(numbers.pick(PATTERNS.filter((one) => one !== '%a')))}`,
    () => `LIST (SUBSCRIBED) "" ${pattern()}`,
    () => `LIST (SUBSCRIBED RECURSIVEMATCH) "" ${pattern()}`,
    () => `LIST "" (${pattern()} ${pattern()}) RETURN (SUBSCRIBED CHILDREN)`,
  ])();
}

function randomRename(numbers: Generator): string {
  const from = randomName(numbers);
  return `RENAME ${quote(/^inbox$/i.test(from) ? 'a' : from)} ${quote(randomName(numbers))}`;
}

function randomName(numbers: Generator): string {
  const levels = Array.from({ length: 1 + numbers.below(3) }, () =>
    numbers.below(4) > 0 ? LEVELS[numbers.below(COMMON_LEVELS)] : numbers.pick(LEVELS),
  );
  if (numbers.below(6) === 0) levels[0] = numbers.pick(['INBOX', 'inbox', 'InBox']);
  return levels.join('/');
}

function quote(name: string): string {
  return `"${encodeUtf7(name).replace(/(["\\])/g, '\\$1')}"`;
}

/** Makes Dovecot's subscriptions after a RENAME what they are here. */
async function follow(ours: LineClient, theirs: LineClient): Promise<void> {
  const here = readAnswer(await ours.command('s LSUB "" *'), 'LSUB').names.keys();
  const there = readAnswer(await theirs.command('s LSUB "" *'), 'LSUB').names;
  for (const name of here) {
    if (!there.delete(name)) await theirs.command(`s SUBSCRIBE ${quoteRaw(name)}`);
  }
  for (const name of there.keys()) await theirs.command(`s UNSUBSCRIBE ${quoteRaw(name)}`);
}

function quoteRaw(name: string): string {
  return `"${name.replace(/(["\\])/g, '\\$1')}"`;
}

/** What was said, without what may be said otherwise. */
function readAnswer(lines: readonly string[], command: string): { result: string; names: Map<string, string> } {
  const names = new Map<string, string>();
  for (let at = 0; at < lines.length - 1; at++) {
    const literal = /\{(\d+)\}$/.exec(lines[at]);
    const line = literal === null ? lines[at] : lines[at].slice(0, literal.index) + quoteLiteral(lines[++at], Number(literal[1]));
    const match = /^\* (?:LIST|LSUB) \(([^)]*)\) "\/" ("(?:[^"\\]|\\.)*"|[^ ]+) ?(.*)$/.exec(line);
    if (match === null) continue;
    const name = match[2].startsWith('"') ? match[2].slice(1, -1).replace(/\\(.)/g, '$1') : match[2];
    names.set(name, `${readAttributes(match[1], command)} ${match[3].replace('"CHILDINFO"', 'CHILDINFO')}`);
  }
  const sorted = new Map([...names].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { result: /^\S+ (\S+)/.exec(lines.at(-1) ?? '')?.[1] ?? '', names: sorted };
}

function quoteLiteral(line: string, length: number): string {
  return quoteRaw(line.slice(0, length)) + line.slice(length);
}

function readAttributes(text: string, command: string): string {
  const words = text.split(' ').map((word) => word.toLowerCase().replace('\\nonexistent', '\\noselect'));
  const asked = words.filter((word) => /noselect|subscribed/.test(word) || (/children/.test(word) && !command.startsWith('LIST (')));
  return [...new Set(asked)].sort().join(' ');
}
