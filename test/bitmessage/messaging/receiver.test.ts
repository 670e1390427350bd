/** The receiver: it has the next objects opened while it reads those that are, and reads each once, in their order. */
import assert from 'node:assert/strict';
import { systemClock } from '../../../src/base/clock.js';
import { silentLogger } from '../../../src/base/log.js';
import { Inventory, type StoredObject } from '../../../src/bitmessage/inventory/inventory.js';
import type { ObjectReader, OpenedObject, ReadResult } from '../../../src/bitmessage/messaging/object-reader.js';
import { Receiver } from '../../../src/bitmessage/messaging/receiver.js';
import type { Rescan } from '../../../src/bitmessage/messaging/rescan.js';
import { toHex } from '../../../src/bitmessage/wire/bytes.js';
import { objectBody, readObjectHeader, withNonce } from '../../../src/bitmessage/wire/object.js';
import { OBJECT_MSG } from '../../../src/bitmessage/wire/params.js';
import { Database } from '../../../src/store/database.js';
import { InventoryStore } from '../../../src/store/node/inventory.js';
import { ReceivedTable } from '../../../src/store/node/received.js';

const OBJECTS = 1000;

describe('receiver', () => {
  let database: Database;
  let inventory: Inventory;
  beforeEach(() => {
    database = new Database(':memory:');
    inventory = new Inventory(new InventoryStore(database), systemClock);
    const objects = Array.from({ length: OBJECTS }, (_, number) => {
      const fields = { expiresAt: systemClock.now() + 3600, type: OBJECT_MSG, version: 1n, stream: 1n };
      const bytes = withNonce(BigInt(number), objectBody(fields, new Uint8Array(200)));
      return { object: { ...readObjectHeader(bytes), bytes }, origin: { own: false } };
    });
    inventory.addAll(objects);
  });
  afterEach(() => database.close());

  /** Reads everything; answers what was opened and read, by the numbers of the objects. */
  async function receive(read: (number: number) => ReadResult): Promise<{ opened: number[][]; read: number[] }> {
    const numberOf = ({ bytes }: StoredObject): number => Number.parseInt(toHex(bytes.subarray(0, 8)), 16);
    const seen: { opened: number[][]; read: number[] } = { opened: [], read: [] };
    let finish: () => void = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const reader = {
      keyring: () => ({ identities: [], subscriptions: [] }),
      open: async (objects: readonly StoredObject[]): Promise<OpenedObject[]> => {
        seen.opened.push(objects.map(numberOf));
        return objects.map(() => ({ type: 'none' }));
      },
      read: async (object: StoredObject): Promise<ReadResult> => {
        seen.read.push(numberOf(object));
        if (seen.read.length === OBJECTS) finish();
        // While the first are read the next are being opened.
        if (seen.read.length < OBJECTS - 200) assert.ok(seen.opened.flat().length > seen.read.length);
        return read(numberOf(object));
      },
    } as Partial<ObjectReader> as ObjectReader;
    const receiver = new Receiver({
      inventory,
      table: new ReceivedTable(database),
      reader,
      rescan: { next: () => undefined } as Partial<Rescan> as Rescan,
      transaction: (work) => database.transaction(work),
      clock: systemClock,
      log: silentLogger,
    });
    receiver.start();
    await finished;
    await new Promise((resolve) => setImmediate(resolve));
    await receiver.stop();
    return seen;
  }

  it('opens and reads each object once, in their order', async () => {
    const all = Array.from({ length: OBJECTS }, (_, number) => number);
    const { opened, read } = await receive(() => ({ result: 'nothing' }));
    assert.deepEqual(read, all);
    assert.deepEqual(opened.flat(), all);
    assert.equal(inventory.unprocessedCount(), 0);
  });

  it('leaves what the house could not take, and reads the others', async () => {
    const { read } = await receive((number) => (number % 300 === 7 ? { result: 'undelivered' } : { result: 'nothing' }));
    assert.deepEqual(new Set(read).size, OBJECTS);
    assert.equal(inventory.unprocessedCount(), 4);
  });
});
