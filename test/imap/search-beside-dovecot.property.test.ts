/**
 * Random SEARCH programs, SORTs and THREADs over the same mails of many languages, against ours and Dovecot: the same answers.
 *
 * What differs, and who is right; the programs leave it out:
 *
 * - SENTBEFORE finds mails without a Date there, not here: RFC 9051 §6.4.4 speaks of those whose Date is earlier.
 * - "STRASSE" finds "Straße" here, not there: full case mapping. Deliberate (docs/PROTOCOLS.md); in SORT ß is a letter of its own in both.
 * - FROM, TO and so on look into addresses that are written anew there, and so find other quotes, brackets, blanks and names of groups
 *   than there are; §6.4.4: in the field.
 * - SUBJECT and the fields of addresses with two blanks in a row: there one blank is left of them; §6.4.4: in the field.
 * - Two sizes, dates or ages in one program, or one key said twice, are made one there, which finds too much or too little below NOT
 *   (OR NOT (BODY x OLDER 1) BODY x finds not all); each alone is the same.
 * - THREAD=REFS: threads whose newest messages have the same date come in another order; the draft says nothing of that.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describeMessage } from '../../src/mime/describe.js';
import { DOVECOT, dovecotOfSuite } from '../support/dovecot.js';
import { type ImapHouse, openImapHouse } from '../support/imap-house.js';
import type { LineClient } from '../support/line-client.js';
import { type Generator, generator } from '../support/random.js';
import { type SearchedMail, searchedMails, searchedText } from '../support/searched-mails.js';

/** More by hand: POSTERN_ROUNDS=50. */
const ROUNDS = Number(process.env.POSTERN_ROUNDS ?? 2);
const MAILS = 120;
const LEAVES = 150;
const PROGRAMS = 150;
/** As said above. */
const DIFFERS = /^SENTBEFORE|ss|^(SUBJECT|HEADER).* {2}|^(FROM|TO|B?CC) \{.*["<: ,;]/is;
/** At most one of them in a program. */
const MERGED = /\b(LARGER|SMALLER|OLDER|YOUNGER|(SENT)?(BEFORE|ON|SINCE))\b/g;

const ARRANGED = [
  ...['ARRIVAL', 'DATE', 'REVERSE DATE', 'SUBJECT', 'FROM', 'TO', 'CC', 'SIZE', 'SUBJECT REVERSE FROM', 'CC ARRIVAL', 'DISPLAYFROM'].map(
    (criteria) => `SORT (${criteria})`,
  ),
  'SORT (DISPLAYTO DATE)',
  'THREAD REFERENCES',
  'THREAD REFS',
  'THREAD ORDEREDSUBJECT',
];

const installed = existsSync(DOVECOT);

(installed ? describe : describe.skip)(`imap searches beside Dovecot${installed ? '' : ' (not installed)'}`, function () {
  this.timeout(240_000);
  const logIn = dovecotOfSuite();

  for (let round = 0; round < ROUNDS; round++) {
    const numbers = generator();
    it(`find the same (POSTERN_SEED=${numbers.seed})`, async () => {
      const house = await openImapHouse(describeMessage);
      const ours = await house.loggedIn();
      const theirs = await logIn(`user${round}`);
      try {
        await fill(searchedMails(numbers, MAILS), house, theirs);
        for (const client of [ours, theirs]) await client.command('s SELECT INBOX');
        await compare(numbers, ours, theirs);
      } finally {
        ours.close();
        theirs.close();
        await house.stop();
      }
    });
  }
});

async function fill(mails: readonly SearchedMail[], house: ImapHouse, theirs: LineClient): Promise<void> {
  const inbox = house.mailboxes.find('INBOX')!.id;
  house.mailboxes.append(
    inbox,
    mails.map(({ raw, flags, receivedAt }) => ({ raw, flags: [...flags], internalDate: receivedAt, identity: '' })),
  );
  for (const [index, { raw, flags, receivedAt }] of mails.entries()) {
    const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(receivedAt * 1000).toUTCString())!;
    theirs.write(`a${index} APPEND INBOX (${flags.join(' ')}) "${day}-${month}-${year} ${time} +0000" {${raw.length}+}\r\n`);
    theirs.write(raw);
    theirs.write('\r\n');
    assert.match((await theirs.until(`a${index}`)).at(-1)!, /^a\d+ OK/);
  }
}

async function compare(numbers: Generator, ours: LineClient, theirs: LineClient): Promise<void> {
  const both = async (command: string): Promise<[string, string]> => {
    const [here, there] = await Promise.all([ask(ours, command), ask(theirs, command)]);
    return [here, there];
  };
  const alike: string[] = [];
  const differing: string[] = [];
  for (let i = 0; i < LEAVES; i++) {
    const key = leaf(numbers);
    if (DIFFERS.test(key)) continue;
    const [here, there] = await both(`SEARCH CHARSET UTF-8 ${key}`);
    if (here !== there) differing.push(`${key}\n  ours   ${here}\n  theirs ${there}`);
    else alike.push(key);
  }
  assert.deepEqual(differing, []);
  for (let i = 0; i < PROGRAMS; i++) {
    const keys = program(numbers, alike, 3);
    const [here, there] = await both(`SEARCH CHARSET UTF-8 ${keys}`);
    assert.equal(here, there, keys);
  }
  for (const how of ARRANGED) {
    for (const keys of ['ALL', program(numbers, alike, 2)]) {
      const [here, there] = await both(`${how} UTF-8 ${keys}`);
      assert.equal(here, there, `${how} ${keys}`);
    }
  }
}

/** The untagged answer, or that it was refused. */
async function ask(client: LineClient, command: string): Promise<string> {
  const lines = await client.command(`t ${command}`);
  const tagged = lines.at(-1)!;
  if (!tagged.startsWith('t OK')) return tagged.split(' ')[1];
  // Dovecot leaves a blank behind an empty THREAD.
  return lines.find((line) => /^\* (SEARCH|SORT|THREAD)/.test(line))?.trim() ?? 'nothing';
}

function leaf(numbers: Generator): string {
  const { below, pick } = numbers;
  const text = (): string => {
    const bytes = Buffer.from(searchedText(numbers));
    return `{${bytes.length}+}\r\n${bytes.toString()}`;
  };
  const set = (): string =>
    pick([
      `${1 + below(MAILS)}`,
      `${1 + below(MAILS)}:${1 + below(MAILS)}`,
      `*:${1 + below(MAILS)}`,
      `${1 + below(9)},${20 + below(9)}:40`,
    ]);
  const date = (): string => `${1 + below(28)}-Jan-2015`;
  return pick<() => string>([
    () => pick(['ALL', 'SEEN', 'UNSEEN', 'FLAGGED', 'UNFLAGGED', 'ANSWERED', 'UNANSWERED', 'DELETED', 'UNDELETED', 'DRAFT', 'UNDRAFT']),
    () => pick(['KEYWORD kw', 'UNKEYWORD KW', 'KEYWORD Other', 'KEYWORD nobody']),
    () => `${pick(['BEFORE', 'ON', 'SINCE', 'SENTBEFORE', 'SENTON', 'SENTSINCE'])} ${date()}`,
    () => `${pick(['LARGER', 'SMALLER'])} ${below(1500)}`,
    () => set(),
    () => `UID ${set()}`,
    () => `${pick(['FROM', 'TO', 'CC', 'BCC', 'SUBJECT'])} ${text()}`,
    () => `${pick(['FROM', 'TO', 'CC', 'SUBJECT'])} ${pick(['x.org', 'jo', '"Doe"', '"else@there"', '"Re: "', '""'])}`,
    () =>
      `HEADER ${pick(['X-Folded', 'Subject', 'Message-ID', 'References', 'Content-Type', 'X-None'])} ${pick([text(), '""', 'x.org', '"1@"'])}`,
    () => `BODY ${text()}`,
    () => `TEXT ${text()}`,
    () => `BODY ${text()}`,
    () => `TEXT ${text()}`,
    () => `${pick(['OLDER', 'YOUNGER'])} ${pick([1, 3600, 1_000_000_000])}`,
  ])();
}

function program(numbers: Generator, leaves: readonly string[], depth: number): string {
  for (;;) {
    const made = nested(numbers, leaves, depth);
    const isSaidTwice = leaves.some((leaf) => made.split(leaf).length > 2);
    if (!isSaidTwice && (made.match(MERGED) ?? []).length < 2) return made;
  }
}

function nested(numbers: Generator, leaves: readonly string[], depth: number): string {
  const inner = (): string => nested(numbers, leaves, depth - 1);
  if (depth === 0) return numbers.pick(leaves);
  return [() => numbers.pick(leaves), () => `NOT ${inner()}`, () => `OR ${inner()} ${inner()}`, () => `(${inner()} ${inner()})`][
    numbers.below(4)
  ]();
}
