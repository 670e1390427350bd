/**
 * Six clients do random things to one folder, which meanwhile gets another name, is removed, and whose server starts again. Each
 * keeps the picture that a client has to keep. After each command its picture must agree with what it can have been told; when its
 * line broke, it goes on from where it was, by the mod-sequence it had heard of; at the end, when all have heard everything, all
 * pictures are the same and equal to the store.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMessage } from '../../src/mime/describe.js';
import { type Manner, Picture, readUidValidity, sortFlags } from '../support/folder-picture.js';
import { type ImapHouse, openImapHouse } from '../support/imap-house.js';
import type { LineClient } from '../support/line-client.js';
import { type Generator, generator } from '../support/random.js';
import { act, type Stage, stopIdling } from '../support/random-commands.js';

/** More by hand: POSTERN_ROUNDS=2000. */
const ROUNDS = Number(process.env.POSTERN_ROUNDS ?? 3);
const STEPS = 400;
/** One step in so many happens to the folder or the line, not in them. */
const STEPS_PER_UPHEAVAL = 25;
const RAW = Buffer.from('From: a@b.example\r\nSubject: x\r\n\r\ntext\r\n');
const MANNERS: readonly Manner[] = ['qresync', 'notify', 'asks', 'notify-delayed', 'uidonly', 'condstore'];

describe('imap, several clients on one folder', () => {
  let updates = 0;
  // The rounds have shown something only if there were results of searches to keep up to date.
  after(() => assert.ok(updates > 0, 'nobody was told of a change of its search'));

  for (let round = 0; round < ROUNDS; round++) {
    const numbers = generator();
    it(`shows each what the others do (POSTERN_SEED=${numbers.seed})`, async function () {
      this.timeout(120_000);
      const play = await Play.begin(numbers);
      try {
        await play.run();
        updates += play.updates;
      } finally {
        await play.end();
      }
    });
  }
});

class Play implements Stage {
  readonly #pictures: Picture[] = [];
  /** Who is in none of the pictures: does something elsewhere. */
  #other!: LineClient;
  path = 'Folder-0';
  folderId = 0;
  #names = 0;

  private constructor(
    private readonly numbers: Generator,
    private readonly directory: string,
    private house: ImapHouse,
  ) {}

  static async begin(numbers: Generator): Promise<Play> {
    const directory = mkdtempSync(join(tmpdir(), 'postern-concurrency-'));
    return new Play(numbers, directory, await openImapHouse(describeMessage, {}, join(directory, 'store.db')));
  }

  get mailboxes(): ImapHouse['mailboxes'] {
    return this.house.mailboxes;
  }

  /** How often somebody was told of a change of its search. */
  get updates(): number {
    return this.#pictures.reduce((sum, picture) => sum + picture.updates, 0);
  }

  async run(): Promise<void> {
    const { below, pick } = this.numbers;
    this.mailboxes.create('Other');
    this.#makeFolder();
    this.#other = await this.house.loggedIn();
    for (const manner of MANNERS) {
      const picture = new Picture(manner, await this.house.loggedIn());
      this.#pictures.push(picture);
      await this.#enter(picture);
    }
    for (let step = 0; step < STEPS; step++) {
      if (below(5) === 0) this.#arrive();
      const picture = pick(this.#pictures);
      if (below(STEPS_PER_UPHEAVAL) === 0) await this.#upheaval(picture);
      else await act(picture, step, this, this.numbers);
      if (picture.vanishes && !picture.idling) {
        picture.hear(await picture.client.command(`u${step} UID FETCH 1:* (FLAGS)`), false);
        assertFollowed(picture);
      }
      assertOrder(picture);
    }
    await this.#compare();
  }

  async end(): Promise<void> {
    await this.house.stop();
    rmSync(this.directory, { recursive: true });
  }

  #makeFolder(): void {
    this.folderId = this.mailboxes.create(this.path).id;
    for (let count = 0; count < 10; count++) this.#arrive();
  }

  #arrive(): void {
    this.mailboxes.append(this.folderId, [{ raw: RAW, flags: [], internalDate: 1_700_000_000, identity: '' }]);
  }

  async #upheaval(picture: Picture): Promise<void> {
    switch (this.numbers.below(8)) {
      case 0:
        return this.#startAgain();
      case 1:
        return this.#removeFolder(picture);
      case 2:
      case 3:
        return this.#renameFolder(picture);
      case 4:
        await this.#other.command('s SELECT Other');
        await this.#other.command(`m UID MOVE * ${this.path}`);
        return;
      default:
        return this.#breakLine(picture);
    }
  }

  /** Also right after a command in which EXPUNGE must not be told: what the client heard there is newer than what it missed. */
  async #breakLine(picture: Picture): Promise<void> {
    const count = picture.messages.length;
    if (picture.manner === 'qresync' && !picture.idling && count > 0) {
      const number = 1 + this.numbers.below(count);
      picture.hear(await picture.client.command(`b STORE ${number} ${this.numbers.pick(['+', '-'])}FLAGS ($Work)`), true);
    }
    picture.client.close();
    picture.client = await this.house.loggedIn();
    await this.#enter(picture);
  }

  async #startAgain(): Promise<void> {
    await this.house.stop();
    this.house = await openImapHouse(describeMessage, {}, join(this.directory, 'store.db'));
    this.#other = await this.house.loggedIn();
    await this.#enterAll();
  }

  /** By one that has selected it, or by somebody else: who has it selected is sent away (RFC 2180 §3.3). */
  async #removeFolder(picture: Picture): Promise<void> {
    const remover = picture.idling ? this.#other : picture.client;
    assert.match((await remover.command(`d DELETE ${this.path}`)).at(-1)!, /^d OK/);
    this.#makeFolder();
    for (const { client, idling } of this.#pictures) {
      if (client === remover) {
        client.close();
        continue;
      }
      if (!idling) client.write('n NOOP\r\n');
      assert.match(await client.closed(), /^\* BYE /m);
    }
    await this.#enterAll();
  }

  /** Who has it selected stays in it. */
  async #renameFolder(picture: Picture): Promise<void> {
    const from = this.path;
    this.path = `Folder-${++this.#names}`;
    const command = `r RENAME ${from} ${this.path}`;
    const lines = await (picture.idling ? this.#other : picture.client).command(command);
    assert.match(lines.at(-1)!, /^r OK/);
    if (!picture.idling) picture.hear(lines, false);
  }

  async #enterAll(): Promise<void> {
    for (const picture of this.#pictures) {
      picture.client = await this.house.loggedIn();
      await this.#enter(picture);
    }
  }

  /** Selects the folder: the first time, or by what is known of it. */
  async #enter(picture: Picture): Promise<void> {
    const { client, manner } = picture;
    picture.idling = false;
    picture.flagged.clear();
    if (manner === 'qresync') await this.#resynchronise(picture);
    else if (manner === 'condstore') await this.#askForChanges(picture);
    else {
      if (manner === 'uidonly') await client.command('q ENABLE UIDONLY');
      picture.begin(await client.command(`s SELECT ${this.path}`));
      picture.hear(await client.command('u UID FETCH 1:* (FLAGS)'), false);
    }
    assert.deepEqual(picture.messages, this.#stored(), `${picture.name}: after SELECT`);
    picture.hear(await client.command('w UID SEARCH RETURN (UPDATE ALL) FLAGGED'), false);
    if (!manner.startsWith('notify')) return;
    const selected = manner === 'notify' ? 'SELECTED' : 'SELECTED-DELAYED';
    picture.hear(await client.command(`n NOTIFY SET (${selected} (MessageNew (UID FLAGS) MessageExpunge FlagChange))`), false);
  }

  /** RFC 7162 §3.2.5: all that was missed comes with SELECT. */
  async #resynchronise(picture: Picture): Promise<void> {
    const { client, uidValidity, heardTo, knownUids, firstUnknownUid } = picture;
    await client.command('q ENABLE QRESYNC');
    const known = knownUids.length > 0 && this.numbers.below(2) === 0 ? ` ${knownUids.join(',')}` : '';
    const parameters = heardTo === 0 ? '' : ` (QRESYNC (${uidValidity} ${heardTo}${known}))`;
    const missed = await client.command(`s SELECT ${this.path}${parameters}`);
    if (heardTo === 0 || readUidValidity(missed) !== uidValidity) {
      picture.begin(missed);
      picture.hear(await client.command('u UID FETCH 1:* (FLAGS)'), false);
    } else {
      const added = await client.command(`n UID FETCH ${firstUnknownUid}:* (FLAGS)`);
      picture.resume([...missed, ...added], () => false);
    }
  }

  /** RFC 7162 §6: changes by CHANGEDSINCE, and what is gone by asking what is there. */
  async #askForChanges(picture: Picture): Promise<void> {
    const { client, uidValidity, heardTo, firstUnknownUid } = picture;
    const selected = await client.command(`s SELECT ${this.path} (CONDSTORE)`);
    if (heardTo === 0 || readUidValidity(selected) !== uidValidity) {
      picture.begin(selected);
      picture.hear(await client.command('u UID FETCH 1:* (FLAGS)'), false);
      return;
    }
    const changed = await client.command(`c UID FETCH 1:* (FLAGS) (CHANGEDSINCE ${heardTo})`);
    const added = await client.command(`n UID FETCH ${firstUnknownUid}:* (FLAGS)`);
    const there = new Set((await client.command('a UID SEARCH ALL'))[0].split(' ').slice(2).map(Number));
    picture.resume([...selected, ...changed, ...added], (uid) => !there.has(uid));
  }

  #stored(): { uid: number; flags: string }[] {
    const { mailboxes, folderId } = this;
    return mailboxes.entries(folderId, mailboxes.uids(folderId, null)).map(({ uid, flags }) => ({ uid, flags: sortFlags(flags) }));
  }

  async #compare(): Promise<void> {
    for (const picture of this.#pictures) {
      if (picture.idling) await stopIdling(picture);
      picture.hear(await picture.client.command('n NOOP'), false);
      const wanted = this.#stored();
      assertToldFlags(picture, wanted);
      picture.hear(await picture.client.command('f UID FETCH 1:* (FLAGS)'), false);
      assert.deepEqual(picture.messages, wanted, picture.name);
      assertFollowed(picture);
    }
  }
}

function assertOrder(picture: Picture): void {
  const uids = picture.knownUids;
  assert.deepEqual(
    uids,
    [...new Set(uids)].sort((a, b) => a - b),
    `${picture.name}: UIDs ascend`,
  );
}

/** Who has just seen all flags knows what its search has to find, but for what has come since: of that it only heard the count. */
function assertFollowed(picture: Picture): void {
  const { name, messages, flagged, knownUids } = picture;
  const wanted = messages.filter(({ flags }) => flags?.includes('\\Flagged')).map(({ uid }) => uid);
  const followed = knownUids.filter((uid) => flagged.has(uid));
  assert.deepEqual(followed, wanted, `${name}: the search that is kept up to date`);
  const unknown = messages.length - knownUids.length;
  assert.ok(flagged.size - followed.length <= unknown, `${name}: the search finds what is not there`);
}

/** What the client was told of flags without asking again is what they are. */
function assertToldFlags(picture: Picture, stored: readonly { uid: number; flags: string }[]): void {
  assert.equal(picture.messages.length, stored.length, picture.name);
  picture.messages.forEach((message, index) => {
    const entry = picture.manner === 'uidonly' ? stored.find(({ uid }) => uid === message.uid) : stored[index];
    if (message.flags !== null) assert.equal(message.flags, entry!.flags, `${picture.name}: number ${index + 1}`);
  });
}
