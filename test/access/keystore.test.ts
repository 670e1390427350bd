import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { KeySlot, SlotKind } from '../../src/access/key-slot.js';
import { Keystore } from '../../src/access/keystore.js';
import { deriveScramKeys, scramClientKey } from '../../src/access/sasl.js';
import { seal, unseal } from '../../src/access/sealed.js';
import { Database } from '../../src/store/database.js';
import { KeySlots } from '../../src/store/key-slots.js';

const PASSPHRASE = 'correct horse battery';
const PASSWORD = 'k7mq-w3xa-9hrd-c2vn';
const SCRAM = deriveScramKeys(PASSWORD, Buffer.from('salt of a test'), 4096);

describe('a sealed secret', () => {
  const key = randomBytes(32);
  const secret = randomBytes(64);
  const sealed = seal(key, secret, 'keys of a');

  it('opens with its key under its name, and is another one each time', () => {
    assert.deepEqual(unseal(key, sealed, 'keys of a'), new Uint8Array(secret));
    assert.notDeepEqual(seal(key, secret, 'keys of a'), sealed);
    assert.ok(!Buffer.from(sealed).includes(secret.subarray(0, 16)));
  });

  it('opens with no other key, under no other name, and not when a bit of it was changed or a byte is missing', () => {
    assert.equal(unseal(randomBytes(32), sealed, 'keys of a'), null);
    assert.equal(unseal(key, sealed, 'keys of b'), null);
    for (const index of sealed.keys()) {
      const changed = Uint8Array.from(sealed);
      changed[index] ^= 1;
      assert.equal(unseal(key, changed, 'keys of a'), null, `byte ${index}`);
      assert.equal(unseal(key, sealed.subarray(0, index), 'keys of a'), null, `${index} bytes`);
    }
  });
});

describe('keystore', function () {
  this.timeout(60_000);
  let database: Database;
  let slots: KeySlots<SlotKind>;
  /** A secret, as a room of the house keeps it. */
  let kept: Uint8Array;
  let cleansed: number;
  const SECRET = new Uint8Array(32).fill(7);

  /** A new run on the same store, with a room that keeps a secret. */
  const open = (): Keystore => {
    const keystore = new Keystore({
      slots,
      transaction: (work) => database.transaction(work),
      cleanse: async () => void cleansed++,
    });
    keystore.onTurn(() => {
      kept = keystore.state === 'open' ? keystore.unseal(kept, 'secret') : keystore.seal(kept, 'secret');
    });
    return keystore;
  };
  const slotOf = (kind: SlotKind): KeySlot | undefined => slots.all().find((slot) => slot.kind === kind);

  beforeEach(() => {
    database = new Database(':memory:');
    slots = new KeySlots(database);
    kept = SECRET;
    cleansed = 0;
  });
  afterEach(() => database.close());

  it('is open at first, seals what there is, and is locked in the next run until the passphrase comes', async () => {
    const first = open();
    assert.equal(first.state, 'open');
    await first.encrypt(PASSPHRASE, null);
    assert.deepEqual([first.state, cleansed, kept.length], ['unlocked', 1, 61]);
    const next = open();
    let told = 0;
    next.onUnlocked(() => told++);
    assert.equal(next.state, 'locked');
    assert.throws(() => next.unseal(kept, 'secret'), /locked/);
    assert.equal(await next.unlock('correct horse'), false);
    assert.equal(next.state, 'locked');
    assert.equal(await next.unlock(PASSPHRASE), true);
    assert.deepEqual([next.state, told, next.unseal(kept, 'secret')], ['unlocked', 1, SECRET]);
  });

  it('goes back to open, and keeps no way to a key', async () => {
    const keystore = open();
    await keystore.encrypt(PASSPHRASE, { password: PASSWORD, scram: SCRAM });
    await keystore.decrypt();
    assert.deepEqual([keystore.state, kept, slots.all(), cleansed], ['open', SECRET, [], 2]);
    assert.equal(open().state, 'open');
  });

  it('is as before when a secret cannot be kept', async () => {
    const keystore = open();
    keystore.onTurn(() => {
      throw new Error('disk full');
    });
    await assert.rejects(keystore.encrypt(PASSPHRASE, null), /disk full/);
    assert.deepEqual([keystore.state, slots.all()], ['open', []]);
  });

  it('opens by the new passphrase alone once it was changed', async () => {
    const keystore = open();
    await keystore.encrypt(PASSPHRASE, null);
    await keystore.changePassphrase('another one');
    const next = open();
    assert.deepEqual([await next.unlock(PASSPHRASE), await next.unlock('another one')], [false, true]);
    assert.deepEqual(next.unseal(kept, 'secret'), SECRET);
  });

  it('opens by the password of the mail programs, or by their proof of it, if that is wanted', async () => {
    await open().encrypt(PASSPHRASE, { password: PASSWORD, scram: SCRAM });
    for (const enter of [
      (keystore: Keystore) => keystore.admitted(PASSWORD),
      (keystore: Keystore) => keystore.proved(scramClientKey(PASSWORD, SCRAM)),
    ]) {
      const keystore = open();
      await enter(keystore);
      assert.equal(keystore.state, 'unlocked');
      assert.deepEqual(keystore.unseal(kept, 'secret'), SECRET);
    }
    await open()
      .decrypt()
      .catch(() => {});
  });

  it('does not open by a login if that is not wanted', async () => {
    await open().encrypt(PASSPHRASE, null);
    const keystore = open();
    assert.equal(keystore.opensByLogin, false);
    await keystore.admitted(PASSWORD);
    await keystore.proved(scramClientKey(PASSWORD, SCRAM));
    assert.equal(keystore.state, 'locked');
  });

  it('learns a password that it did not know, or that is a new one, while it is unlocked', async () => {
    await open().encrypt(PASSPHRASE, { password: null, scram: null });
    for (const password of [PASSWORD, 'a new one']) {
      const scram = deriveScramKeys(password, Buffer.from('salt'), 4096);
      const before = open();
      await before.admitted(password);
      await before.proved(scramClientKey(password, scram));
      assert.equal(before.state, 'locked', 'not heard of before');
      await before.unlock(PASSPHRASE);
      await before.admitted(password);
      await before.proved(scramClientKey(password, scram));
      const after = open();
      await after.admitted(password);
      assert.equal(after.state, 'unlocked');
      const proven = open();
      await proven.proved(scramClientKey(password, scram));
      assert.equal(proven.state, 'unlocked');
    }
  });

  it('keeps no slot that opens under the name of another', async () => {
    await open().encrypt(PASSPHRASE, { password: PASSWORD, scram: SCRAM });
    const login = slotOf('login');
    assert.ok(login);
    slots.put({ ...login, kind: 'passphrase' });
    assert.equal(await open().unlock(PASSWORD), false);
  });
});
