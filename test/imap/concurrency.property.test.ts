/**
 * Five clients do random things to one folder. Each keeps the picture that a client has to keep: message numbers by what it was
 * told, flags as last told. After each command its picture must agree with what it can have been told; at the end, when all
 * have heard everything, all pictures are the same and equal to the store.
 */
import assert from 'node:assert/strict';
import { describeMessage } from '../../src/mime/describe.js';
import { type ImapHouse, openImapHouse } from '../support/imap-house.js';
import type { LineClient } from '../support/line-client.js';
import { type Generator, generator } from '../support/random.js';

/** More by hand: POSTERN_ROUNDS=2000. */
const ROUNDS = Number(process.env.POSTERN_ROUNDS ?? 3);
const STEPS = 400;
const FLAGS = ['\\Seen', '\\Flagged', '\\Deleted', '\\Answered', '$Work', '$Later'];
const RAW = Buffer.from('From: a@b.example\r\nSubject: x\r\n\r\ntext\r\n');

interface Message {
  uid: number | null; // null: only EXISTS was told so far
  flags: string | null; // null: not told
}

/**
 * How a client follows the folder: by asking (with EXPUNGE or VANISHED, or without message numbers, RFC 9586), or told at any time
 * (RFC 5465), EXPUNGE too or not.
 */
type Manner = 'asks' | 'qresync' | 'uidonly' | 'notify' | 'notify-delayed';
const MANNERS: readonly Manner[] = ['qresync', 'notify', 'asks', 'notify-delayed', 'uidonly'];

class Picture {
  messages: Message[] = [];
  idling = false;
  /** The result of a search that the server keeps up to date (RFC 5267). */
  flagged = new Set<number>();
  updates = 0;

  constructor(
    readonly name: string,
    readonly client: LineClient,
    readonly manner: Manner,
  ) {}

  /** Whether VANISHED names UIDs, so that the client must know them. */
  get vanishes(): boolean {
    return this.manner === 'qresync' || this.manner === 'uidonly';
  }

  /** Takes in the untagged lines of an answer. @param numbersHold no EXPUNGE may come */
  hear(lines: readonly string[], numbersHold: boolean): void {
    for (const line of lines) {
      this.#hearSearch(line);
      const exists = /^\* (\d+) EXISTS$/.exec(line);
      const expunge = /^\* (\d+) EXPUNGE$/.exec(line);
      const vanished = /^\* VANISHED ([\d:,]+)$/.exec(line);
      const fetch = /^\* (\d+) FETCH \((.*)$/.exec(line); // the line may end in a literal
      const uidFetch = /^\* (\d+) UIDFETCH \((.*)$/.exec(line);
      if (exists !== null) {
        assert.ok(Number(exists[1]) >= this.messages.length, `${this.name}: EXISTS may only grow: ${line}`);
        while (this.messages.length < Number(exists[1])) this.messages.push({ uid: null, flags: null });
      } else if (expunge !== null) {
        assert.ok(!this.vanishes, `${this.name}: ${line}`);
        // Told at any time: the EXPUNGE may have been on its way when the command was sent.
        if (this.manner !== 'notify') assert.equal(numbersHold, false, `${this.name}: EXPUNGE while numbers hold`);
        assert.ok(this.messages[Number(expunge[1]) - 1], `${this.name}: ${line} of ${this.messages.length}`);
        this.messages.splice(Number(expunge[1]) - 1, 1);
      } else if (vanished !== null) {
        assert.equal(numbersHold, false, `${this.name}: VANISHED while numbers hold`);
        for (const uid of expand(vanished[1])) {
          const known = this.messages.findIndex((message) => message.uid === uid);
          // One that came and went while the client was in IDLE: UIDs ascend, so it stands before the next that is known. A client
          // without numbers only knows that there is one more.
          const next = this.manner === 'uidonly' ? -1 : this.messages.findIndex((message) => message.uid !== null && message.uid > uid);
          const before = next < 0 ? this.messages : this.messages.slice(0, next);
          const at = known >= 0 ? known : before.findLastIndex((message) => message.uid === null);
          assert.ok(at >= 0, `${this.name}: ${line} is not known`);
          this.messages.splice(at, 1);
        }
      } else if (fetch !== null) {
        assert.notEqual(this.manner, 'uidonly', line);
        this.#hearFetch(Number(fetch[1]), fetch[2], line);
      } else if (uidFetch !== null) {
        this.#hearUidFetch(Number(uidFetch[1]), uidFetch[2], line);
      }
    }
  }

  #hearSearch(line: string): void {
    const [, what, set] = /^\* ESEARCH \(TAG "w"\) UID (ALL |ADDTO \(0 |REMOVEFROM \(0 )([\d:,]+)\)?$/.exec(line) ?? [];
    if (set === undefined) return;
    this.updates++;
    for (const uid of expand(set)) {
      assert.equal(this.flagged.has(uid), what.startsWith('REMOVE'), `${this.name}: ${line}`);
      if (what.startsWith('REMOVE')) this.flagged.delete(uid);
      else this.flagged.add(uid);
    }
  }

  #hearFetch(number: number, items: string, line: string): void {
    const message = this.messages[number - 1];
    assert.ok(message, `${this.name}: ${line} of ${this.messages.length}`);
    const uid = /UID (\d+)/.exec(items);
    const flags = /FLAGS \((.*?)\)/.exec(items);
    if (uid !== null) {
      assert.ok(message.uid === null || message.uid === Number(uid[1]), `${this.name}: ${line}, but that number is UID ${message.uid}`);
      message.uid = Number(uid[1]);
    }
    if (flags !== null) message.flags = sortFlags(flags[1].split(' '));
  }

  /** A client without numbers keeps a set: a UID that is new to it is that of one of the messages of which only EXISTS was told. */
  #hearUidFetch(uid: number, items: string, line: string): void {
    const message = this.messages.find((known) => known.uid === uid) ?? this.messages.find((known) => known.uid === null);
    assert.ok(message, `${this.name}: ${line} of ${this.messages.length}`);
    message.uid = uid;
    this.messages.sort((a, b) => (a.uid ?? Infinity) - (b.uid ?? Infinity));
    const flags = /FLAGS \((.*?)\)/.exec(items);
    if (flags !== null) message.flags = sortFlags(flags[1].split(' '));
  }
}

function expand(set: string): number[] {
  return set.split(',').flatMap((part) => {
    const [from, to = from] = part.split(':').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

function sortFlags(flags: readonly string[]): string {
  return flags
    .filter((flag) => flag !== '' && flag !== '\\Recent')
    .sort()
    .join(' ');
}

describe('imap, several clients on one folder', () => {
  for (let round = 0; round < ROUNDS; round++) {
    const numbers = generator();
    it(`shows each what the others do (POSTERN_SEED=${numbers.seed})`, async function () {
      this.timeout(120_000);
      const house = await openImapHouse(describeMessage);
      try {
        await play(house, numbers);
      } finally {
        await house.stop();
      }
    });
  }
});

async function play(house: ImapHouse, { below, pick }: Generator): Promise<void> {
  house.mailboxes.create('Other');
  const inbox = house.mailboxes.find('INBOX')!.id;
  const arrive = (): void => {
    house.mailboxes.append(inbox, [{ raw: RAW, flags: [], internalDate: 1_700_000_000, identity: '' }]);
  };
  for (let count = 0; count < 10; count++) arrive();
  const pictures: Picture[] = [];
  for (const manner of MANNERS) {
    const client = await house.loggedIn();
    const picture = new Picture(manner, client, manner);
    if (manner === 'qresync') await client.command('q ENABLE QRESYNC');
    if (manner === 'uidonly') await client.command('q ENABLE UIDONLY');
    picture.hear(await client.command('s SELECT INBOX'), false);
    // VANISHED names UIDs, so that client must know them.
    picture.hear(await client.command('u UID FETCH 1:* (FLAGS)'), false);
    picture.hear(await client.command('w UID SEARCH RETURN (UPDATE ALL) FLAGGED'), false);
    const selected = manner === 'notify' ? 'SELECTED' : 'SELECTED-DELAYED';
    if (manner.startsWith('notify')) {
      picture.hear(await client.command(`n NOTIFY SET (${selected} (MessageNew (UID FLAGS) MessageExpunge FlagChange))`), false);
    }
    pictures.push(picture);
  }
  for (let step = 0; step < STEPS; step++) {
    if (below(5) === 0) arrive();
    const picture = pick(pictures);
    await act(picture, step, below, pick);
    if (picture.vanishes && !picture.idling) picture.hear(await picture.client.command(`u${step} UID FETCH 1:* (FLAGS)`), false);
    assertOrder(picture);
  }
  for (const picture of pictures) {
    if (picture.idling) await stopIdling(picture);
    picture.hear(await picture.client.command('n NOOP'), false);
    assertToldFlags(picture, house, inbox);
    picture.hear(await picture.client.command('f UID FETCH 1:* (FLAGS)'), false);
    const wanted = house.mailboxes
      .entries(inbox, house.mailboxes.uids(inbox, null))
      .map(({ uid, flags }) => ({ uid, flags: sortFlags(flags) }));
    assert.deepEqual(picture.messages, wanted, picture.name);
    const flagged = wanted.filter(({ flags }) => flags.includes('\\Flagged')).map(({ uid }) => uid);
    assert.deepEqual(
      [...picture.flagged].sort((a, b) => a - b),
      flagged,
      `${picture.name}: the search that is kept up to date`,
    );
  }
  assertUpdated(pictures);
}

/** The run has shown something only if there were results to keep up to date. */
function assertUpdated(pictures: readonly Picture[]): void {
  for (const { name, updates } of pictures) assert.ok(updates > 0, `${name} was told of ${updates} changes of its search`);
}

async function act(picture: Picture, step: number, below: Generator['below'], pick: Generator['pick']): Promise<void> {
  const { client } = picture;
  if (picture.idling) {
    await stopIdling(picture);
    return;
  }
  const count = picture.messages.length;
  const tag = `t${step}`;
  const set = count === 0 ? '1' : `${1 + below(count)}:${1 + below(count)}`;
  const flags = `${pick(['+', '-', ''])}FLAGS${pick(['', '.SILENT'])} (${pick(FLAGS)} ${pick(FLAGS)})`;
  const silent = flags.includes('.SILENT');
  const kind = below(count === 0 ? 2 : 10);
  // Whose numbers may shift at any time, or who has none, goes by UIDs alone (RFC 5465 §5.3).
  const byUid = picture.manner === 'notify' || picture.manner === 'uidonly';
  const known = picture.messages.map(({ uid }) => uid).filter((uid) => uid !== null);
  if (byUid && [2, 5, 6, 7, 9].includes(kind)) {
    await actByUid(picture, tag, known.length === 0 ? 1 : pick(known), pick);
    return;
  }
  switch (kind) {
    case 0:
      picture.hear(await client.command(`${tag} NOOP`), false);
      return;
    case 1:
      client.write(`${tag} IDLE\r\n`);
      picture.hear(await client.until('+'), false);
      picture.idling = true;
      return;
    case 2:
      picture.hear(await client.command(`${tag} STORE ${set} ${flags}`), true);
      // What .SILENT changed the client works out itself; this one asks instead.
      if (silent) picture.hear(await client.command(`${tag}s FETCH ${set} (FLAGS)`), true);
      return;
    case 3:
      picture.hear(await client.command(`${tag} UID STORE 1:* ${flags}`), false);
      if (silent) picture.hear(await client.command(`${tag}s UID FETCH 1:* (FLAGS)`), false);
      return;
    case 4:
      picture.hear(await client.command(`${tag} EXPUNGE`), false);
      return;
    case 5:
      picture.hear(await client.command(`${tag} FETCH ${set} (UID FLAGS BODY[TEXT])`), true);
      return;
    case 6:
      picture.hear(await client.command(`${tag} SEARCH UNSEEN`), true);
      return;
    case 7:
      picture.hear(await client.command(`${tag} ${pick(['COPY', 'MOVE'])} ${1 + below(count)} ${pick(['Other', 'INBOX'])}`), false);
      return;
    case 9:
      picture.hear(
        await client.command(`${tag} REPLACE ${1 + below(count)} ${pick(['Other', 'INBOX'])} (\\Seen) {${RAW.length}+}\r\n${RAW}`),
        false,
      );
      return;
    default:
      picture.hear(await client.command(`${tag} UID EXPUNGE 1:${1 + below(20)}`), false);
  }
}

async function actByUid(picture: Picture, tag: string, uid: number, pick: Generator['pick']): Promise<void> {
  const { client } = picture;
  const folder = pick(['Other', 'INBOX']);
  const command = pick([
    `UID ${pick(['COPY', 'MOVE'])} ${uid} ${folder}`,
    `UID REPLACE ${uid} ${folder} (\\Seen) {${RAW.length}+}\r\n${RAW}`,
    `UID FETCH ${uid}:* (FLAGS BODY[TEXT])`,
    'UID SEARCH UNSEEN',
    'EXPUNGE',
  ]);
  picture.hear(await client.command(`${tag} ${command}`), false);
}

async function stopIdling(picture: Picture): Promise<void> {
  picture.client.write('DONE\r\n');
  const lines: string[] = [];
  do lines.push(await picture.client.line('DONE'));
  while (!/^t\d+ OK/.test(lines[lines.length - 1]));
  picture.hear(lines, false);
  picture.idling = false;
}

function assertOrder(picture: Picture): void {
  const uids = picture.messages.map((message) => message.uid).filter((uid) => uid !== null);
  assert.deepEqual(
    uids,
    [...new Set(uids)].sort((a, b) => a - b),
    `${picture.name}: UIDs ascend`,
  );
}

/** What the client was told of flags without asking again is what they are. */
function assertToldFlags(picture: Picture, { mailboxes }: ImapHouse, inbox: number): void {
  const uids = mailboxes.uids(inbox, null);
  assert.equal(picture.messages.length, uids.length, picture.name);
  const entries = mailboxes.entries(inbox, uids);
  picture.messages.forEach((message, index) => {
    const entry = picture.manner === 'uidonly' ? entries.find(({ uid }) => uid === message.uid) : entries[index];
    if (message.flags !== null) assert.equal(message.flags, sortFlags(entry!.flags), `${picture.name}: number ${index + 1}`);
  });
}
