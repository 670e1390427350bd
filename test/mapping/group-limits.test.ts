import assert from 'node:assert/strict';
import { isBeyond } from '../../src/mapping/chan-limits.js';
import { Mapping } from '../../src/mapping/mapping.js';
import { ALICE, BOB, COMBINED, House } from './house.js';

const DAY = 86_400;

describe('the limits of a chan', () => {
  let house: House;
  beforeEach(async () => {
    house = await House.open();
  });
  afterEach(() => house.close());

  for (const [limits, post, beyond] of [
    [{ postsPerDay: 2, postBytes: 100 }, { bytes: 100, earlier: 1 }, false],
    [{ postsPerDay: 2, postBytes: 100 }, { bytes: 100, earlier: 2 }, true],
    [{ postsPerDay: 2, postBytes: 100 }, { bytes: 101, earlier: 0 }, true],
    [{ postsPerDay: 0, postBytes: 100 }, { bytes: 1, earlier: 9999 }, false],
  ] as const)
    it(`${JSON.stringify(limits)}: ${JSON.stringify(post)} is ${beyond ? 'beyond' : 'within'} them`, () =>
      assert.equal(isBeyond(limits, post), beyond));

  it('put into Junk what is too much for one day, and count each day of expiry for itself', async () => {
    await house.mapping.groups.joinChan('general', '');
    const [{ address: chan }] = house.mapping.groups.chans();
    const { listener } = new Mapping({ chanLimits: { postsPerDay: 2, postBytes: 200 } }, house);
    const today = Math.ceil(house.clock.now() / DAY) * DAY + DAY;
    let hash = 0;
    const post = async (from: string, subject: string, expiresAt: number, body = ''): Promise<void> => {
      const content = Buffer.from(`Subject:${subject}\nBody:${body}`);
      const [objectHash, signatureHash] = [new Uint8Array(32).fill(++hash), new Uint8Array(32).fill(100 + hash)];
      await listener.deliver({
        kind: 'message', from, to: chan, chan: true, encoding: 2, content, objectHash, signatureHash, receivedAt: house.clock.now(), expiresAt,
      }); // biome-ignore format: as short as it can be
    };
    for (const subject of ['one', 'two', 'three']) await post(BOB, subject, today);
    await post(BOB, 'another day', today + DAY);
    await post(ALICE, 'my own', today);
    await post(BOB, 'long', today + 2 * DAY, 'x'.repeat(200));
    assert.equal(house.entries('Chans/general').length, 4);
    const junk = house.mails('Junk').map((mail) => /^Subject: (.*)\r$/m.exec(mail)?.[1]);
    assert.deepEqual(junk, ['three', 'long']);
    assert.ok(house.entries('Junk').every(({ flags }) => flags.includes('$Junk')));
  });
});

describe('a group that was left', () => {
  let house: House;
  beforeEach(async () => {
    house = await House.open();
    await house.mapping.folderRules.create(COMBINED, 'Chans/general', null);
    const [{ address }] = house.mapping.groups.chans();
    await house.deliver({ to: address, chan: true, subject: 'kept' });
    await house.mapping.folderRules.rename(COMBINED, 'Chans/general', 'Chans/Talk');
    await house.mapping.folderRules.remove(COMBINED, 'Chans/Talk');
    assert.deepEqual(house.mapping.groups.chans(), []);
  });
  afterEach(() => house.close());

  /** A day passes, and the caretaker makes its round. */
  async function pass(days: number): Promise<void> {
    for (let day = 0; day < days; day++) {
      house.clock.advance(DAY);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it('comes back for 30 days, with name, history and membership, by moving its folder out of Trash', async () => {
    await pass(29);
    await house.mapping.folderRules.rename(COMBINED, 'Trash/Talk', 'Chans/Talk');
    assert.equal(house.entries('Chans/Talk').length, 1);
    assert.equal(house.mapping.groups.chans()[0].folder, 'Chans/Talk');
    await pass(31);
    assert.equal(house.entries('Chans/Talk').length, 1);
  });

  it('comes back by making it again', async () => {
    await house.mapping.folderRules.create(COMBINED, 'Chans/general', null);
    assert.equal(house.entries('Chans/general').length, 1);
    assert.ok(!house.paths().includes('Trash/Talk'));
  });

  it('is gone for good after that', async () => {
    await pass(32);
    assert.ok(!house.paths().includes('Trash/Talk'));
  });

  it('stays where its owner has put it otherwise', async () => {
    await house.mapping.folderRules.rename(COMBINED, 'Trash/Talk', 'Archive/Talk');
    await pass(32);
    assert.equal(house.entries('Archive/Talk').length, 1);
  });
});
