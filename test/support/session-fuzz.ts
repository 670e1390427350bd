/** Mutated dialogs played through whole sessions of the real servers: no fault of ours in the log, no hang, no damage in the store. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { deriveScramKeys } from '../../src/access/sasl.js';
import { createLogger, type Logger } from '../../src/base/log.js';
import { describeMessage } from '../../src/mime/describe.js';
import { SmtpServer } from '../../src/smtp/server.js';
import { ALICE, COMBINED, House } from '../mapping/house.js';
import { IDENTITY, type ImapHouse, openImapHouse, PASSWORD, USER } from './imap-house.js';
import { mutate } from './mutate.js';
import { type Generator, generator } from './random.js';

/** A server that a quiet client has heard nothing of for so long waits for something: the rest of a literal, or DONE. */
const QUIET_MS = 30;
/** What it may wait for at most is less than so many paddings. */
const MAX_PADDINGS = 200;
const PADDING = `${'x'.repeat(3000)}\r\n`;
/** A store is thrown away after so many lines, before its folders are full of what the dialogs left. */
const LINES_PER_HOUSE = 4000;
/** Dialogs that are played at the same time, in the same folders. */
const TRACKS = 24;
/** Small, so that no dialog fills the memory; larger than what the dialogs append. */
const MAX_MESSAGE_BYTES = 50_000;

interface Said {
  /** The number of the client, or '' for what the house does. */
  readonly who: string;
  readonly text: string;
}

export interface SessionFuzz {
  readonly lines: number;
  readonly dialogs: number;
  /** Mails that lie in the store because of it: what gets so far is not too wild. */
  readonly stored: number;
}

/** Plays so many lines of mutated IMAP dialogs. @throws with the seed, for anything that a server must not do */
export async function fuzzImapSessions(count: number, seed: number): Promise<SessionFuzz> {
  return playAll('imap', count, seed, async (play, faults) => {
    const house = await openImapHouse(describeMessage, { maxMessageBytes: MAX_MESSAGE_BYTES }, ':memory:', collect(faults));
    try {
      await play({
        port: house.port,
        hello: (who) => `login LOGIN ${who === '9' ? IDENTITY : USER} ${PASSWORD}\r\n`,
        goodbye: '\r\nDONE\r\n*\r\nzz LOGOUT\r\n',
        act: (text) => actOn(house, text),
      });
      checkStore(house);
      return house.mailboxes.list().reduce((sum, { id }) => sum + house.mailboxes.counts(id, null).messages, 0);
    } finally {
      await house.stop();
    }
  });
}

/** As `fuzzImapSessions`, of SMTP, with the real mapping behind it. */
export async function fuzzSmtpSessions(count: number, seed: number): Promise<SessionFuzz> {
  const auth = Buffer.from(`\0${USER}\0${PASSWORD}`).toString('base64');
  return playAll('smtp', count, seed, async (play, faults) => {
    const house = await House.open();
    const logins = {
      check: async (_: string, password: string) => (password === PASSWORD ? COMBINED : null),
      checkProof: async (_: string, prove: () => Uint8Array | null) => (prove() === null ? null : COMBINED),
      scramKeys: deriveScramKeys(PASSWORD, Buffer.from('salt'), 1),
    };
    const server = new SmtpServer(
      { host: '127.0.0.1', port: 0, tlsPort: null, tls: {} },
      { submission: house.mapping.submission, logins, onDisk: house.database.onDisk, log: collect(faults), words: house.words },
    );
    const { port } = await server.start();
    try {
      await play({
        port,
        hello: () => `EHLO there\r\nAUTH PLAIN ${auth}\r\nMAIL FROM:<${ALICE}>\r\nRSET\r\n`,
        goodbye: '\r\n.\r\n*\r\nQUIT\r\n',
      });
      return house.entries('Outbox').length;
    } finally {
      await server.stop();
      await house.close();
    }
  });
}

type Play = (stage: Stage) => Promise<void>;

/** @param withHouse opens a server for some lines, and closes it; answers how many mails it has stored */
async function playAll(
  protocol: string,
  count: number,
  seed: number,
  withHouse: (play: Play, faults: string[]) => Promise<number>,
): Promise<SessionFuzz> {
  const dialogs = readDialogs(protocol);
  const total = { lines: 0, dialogs: 0, stored: 0 };
  while (total.lines < count) {
    const goal = Math.min(count, total.lines + LINES_PER_HOUSE);
    const faults: string[] = [];
    const track = async (stage: Stage, random: Generator): Promise<void> => {
      while (total.lines < goal) {
        const said = await playMutated(random.pick(dialogs), dialogs, random, stage);
        total.lines += said;
        total.dialogs++;
        assert.deepEqual(faults, [], `seed ${seed}, about line ${total.lines}`);
      }
    };
    const from = seed + total.dialogs;
    const play: Play = async (stage) => {
      await Promise.all(Array.from({ length: TRACKS }, (_, index) => track(stage, generator(from * TRACKS + index))));
    };
    total.stored += await withHouse(play, faults);
  }
  return total;
}

interface Stage {
  readonly port: number;
  hello(who: string): string;
  /** What ends a conversation, whatever the server waits for. */
  readonly goodbye: string;
  act?(text: string): void;
}

/** Answers how many lines the clients have said. */
async function playMutated(dialog: readonly Said[], all: readonly (readonly Said[])[], random: Generator, stage: Stage): Promise<number> {
  const lines = random.pick(all).map(({ text }) => text);
  const clients = new Map<string, Player>();
  let said = 0;
  for (const { who, text } of dialog) {
    if (who === '') {
      if (random.below(8) > 0) stage.act?.(text);
      continue;
    }
    let player = clients.get(who);
    if (player === undefined) {
      player = await Player.connect(stage.port);
      player.say(stage.hello(who));
      clients.set(who, player);
    }
    const line = random.below(3) === 0 && lines.length > 0 ? mutate(text, lines, random) : text;
    // A literal or a chunk of gigabytes that nobody sends is the matter of another test.
    player.say(`${line.replace(/(\{|BDAT +)\d{6,}/gi, (_, what: string) => `${what}99999`)}\r\n`);
    said++;
    // Sometimes the next line is on its way before this one was answered.
    if (random.below(4) > 0) await player.heard();
  }
  for (const player of clients.values()) await player.end(stage.goodbye, random);
  return said;
}

class Player {
  #ended = false;
  #wake: (() => void) | null = null;

  private constructor(private readonly socket: Socket) {
    socket.on('data', () => this.#wake?.());
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#ended = true;
      this.#wake?.();
    });
  }

  static async connect(port: number): Promise<Player> {
    const socket = connect(port, '127.0.0.1');
    // Who talks before the greeting is sent away.
    await new Promise<unknown>((resolve, reject) => socket.once('data', resolve).once('error', reject));
    return new Player(socket);
  }

  say(text: string): void {
    if (!this.#ended) this.socket.write(text, 'latin1');
  }

  /** Resolves with the next that is heard, or when nothing comes. */
  async heard(): Promise<void> {
    if (this.#ended) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, QUIET_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }

  /** Says goodbye until the server has closed; sometimes just goes away. */
  async end(goodbye: string, { below }: Generator): Promise<void> {
    if (below(10) === 0) {
      this.socket.destroy();
      return;
    }
    this.say(goodbye);
    for (let count = 0; !this.#ended; count++) {
      assert.ok(count < MAX_PADDINGS * 4, 'the server neither answers nor closes');
      await this.heard();
      if (count % 4 === 3) this.say(PADDING + goodbye);
    }
  }
}

/** What the house does in the dialogs of IMAP; see test/imap/dialogs.test.ts. */
function actOn({ mailboxes }: ImapHouse, text: string): void {
  const [verb, path, ...rest] = text.split(' ');
  const mailbox = mailboxes.find(path);
  const raw = Buffer.from(`Subject: ${rest.join(' ')}\r\n\r\nHello\r\n`);
  if (verb === 'create' && mailbox === undefined) mailboxes.create(path, { specialUse: null });
  else if (verb === 'remove' && mailbox !== undefined && path !== 'INBOX') mailboxes.remove(path);
  else if (mailbox?.selectable === true) mailboxes.append(mailbox.id, [{ raw, flags: [], internalDate: 1_700_000_000, identity: '' }]);
}

/** The counts that clients are told are those of what is there. */
function checkStore({ database, mailboxes }: ImapHouse): void {
  for (const { id, path } of mailboxes.list()) assert.equal(mailboxes.counts(id, null).messages, mailboxes.uids(id, null).length, path);
  assert.equal(database.get<{ integrity_check: string }>('PRAGMA integrity_check')?.integrity_check, 'ok');
}

function collect(faults: string[]): Logger {
  return createLogger('error', (line) => faults.push(line));
}

function readDialogs(protocol: string): Said[][] {
  const directory = join('test', 'dialogs', protocol);
  return readdirSync(directory).map((file) =>
    [...readFileSync(join(directory, file), 'latin1').matchAll(/^(?:C(\d?)|D(\d?)|(@)):? ?(.*)$/gm)].map(
      ([, client, data, house, text]): Said => ({
        who: house === undefined ? client || data || '1' : '',
        text: text
          .replace(/\{%/, '{30')
          .replaceAll(/\{\{\w+\}\}/g, '7')
          .replaceAll(/\\x([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
      }),
    ),
  );
}
