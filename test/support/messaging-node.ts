/** A messaging room with a real store, inventory and miner, joined to others by handing objects over in place of a network. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/log.js';
import { judge } from '../../src/bitmessage/inventory/intake.js';
import { Inventory } from '../../src/bitmessage/inventory/inventory.js';
import { OPEN_VAULT } from '../../src/bitmessage/key-vault.js';
import { Messaging, type MessagingRooms } from '../../src/bitmessage/messaging/messaging.js';
import { type MessagingOptions, messagingDefaults } from '../../src/bitmessage/messaging/options.js';
import type { NewOutgoing, OutgoingMessage, ReceivedMessage } from '../../src/bitmessage/node.js';
import { DEFAULT_STREAM, type NetworkParams, PRIVATE } from '../../src/bitmessage/wire/params.js';
import { Miner } from '../../src/pow/miner.js';
import { MAINS } from '../../src/pow/power.js';
import type { Difficulty } from '../../src/pow/target.js';
import { Database } from '../../src/store/database.js';
import { InventoryStore } from '../../src/store/node/inventory.js';

export const MINIMUM = minimumOf(PRIVATE);

export interface TestNodeOptions {
  readonly clock?: Clock;
  /** Default: PRIVATE. */
  readonly params?: NetworkParams;
  readonly messaging?: Partial<MessagingOptions>;
  readonly miner?: MessagingRooms['miner'];
  readonly standing?: MessagingRooms['standing'];
  readonly vault?: (database: Database) => MessagingRooms['vault'];
}

export class TestNode {
  readonly #directory = mkdtempSync(join(tmpdir(), 'postern-messaging-'));
  readonly #peers = new Set<TestNode>();
  #waiting: (() => void)[] = [];
  #running = false;
  database!: Database;
  inventory!: Inventory;
  messaging!: Messaging;
  readonly delivered: ReceivedMessage[] = [];
  readonly reported: OutgoingMessage[] = [];
  /** A test may make the house fail. */
  onDeliver: (message: ReceivedMessage) => Promise<void> = async () => {};

  constructor(
    private readonly options: TestNodeOptions = {},
    private readonly miner: Miner = sharedMiner(),
  ) {}

  start(messaging: Partial<MessagingOptions> = {}): this {
    const { clock = systemClock, params = PRIVATE, vault } = this.options;
    this.database = new Database(join(this.#directory, 'node.sqlite'));
    this.inventory = new Inventory(new InventoryStore(this.database), clock);
    this.messaging = new Messaging(
      { magic: params.magic, minimum: minimumOf(params), streams: [DEFAULT_STREAM] },
      { ...messagingDefaults(params), ...this.options.messaging, ...messaging },
      {
        database: this.database,
        inventory: this.inventory,
        miner: this.options.miner ?? this.miner,
        power: MAINS,
        clock,
        log: silentLogger,
        standing: this.options.standing ?? (() => 'stranger'),
        vault: vault?.(this.database) ?? OPEN_VAULT,
        listener: {
          deliver: async (message) => {
            await this.onDeliver(message);
            this.delivered.push(message);
            this.#notify();
          },
          outgoingChanged: async (message) => {
            this.reported.push(message);
            this.#notify();
          },
        },
      },
    );
    this.inventory.onAdded((object) => {
      setImmediate(() => {
        for (const peer of this.#peers) peer.take(object.bytes);
        this.#notify();
      });
    });
    this.messaging.start();
    this.#running = true;
    return this;
  }

  /** Closes everything and leaves the file: `start` goes on with it. */
  async stop(): Promise<void> {
    this.#running = false;
    await this.messaging.stop();
    this.database.close();
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#directory, { recursive: true });
  }

  connect(other: TestNode): void {
    this.#peers.add(other);
    other.#peers.add(this);
    for (const [from, to] of [
      [this, other],
      [other, this],
    ]) {
      for (const { object } of from.inventory.scan([0, 1, 2, 3], 0, 10_000)) to.take(object.bytes);
    }
  }

  disconnect(other: TestNode): void {
    this.#peers.delete(other);
    other.#peers.delete(this);
  }

  /** As from a peer: judged, and stored when it is new. */
  take(bytes: Uint8Array): void {
    if (!this.#running) return;
    const now = (this.options.clock ?? systemClock).now();
    const verdict = judge(bytes, { now, streams: [DEFAULT_STREAM], minimum: minimumOf(this.options.params ?? PRIVATE) });
    if (verdict.verdict === 'accepted' && !this.inventory.has(verdict.object.hash)) this.inventory.add(verdict.object, { own: false });
  }

  enqueue(message: Partial<NewOutgoing> & Pick<NewOutgoing, 'from' | 'to'>): number {
    return this.database.transaction(() =>
      this.messaging.enqueue({
        kind: 'message',
        encoding: 2,
        content: Buffer.from('Subject:hello\nBody:world'),
        ttlSeconds: 3600,
        ...message,
      }),
    );
  }

  state(id: number): string | undefined {
    return this.messaging.outbox.get(id)?.outgoing.state;
  }

  /**
   * Resolves as soon as the condition holds: looked at after every event, and now and then, for what is only in the
   * store makes no event. The test's time limit ends a wait in vain.
   */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 10);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  untilState(id: number, state: OutgoingMessage['outgoing']['state']): Promise<void> {
    return this.until(() => this.reported.some((message) => message.id === id && message.outgoing.state === state));
  }

  #notify(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

function minimumOf({ minNonceTrialsPerByte, minExtraBytes }: NetworkParams): Difficulty {
  return { nonceTrialsPerByte: minNonceTrialsPerByte, extraBytes: minExtraBytes };
}

let miner: Miner | undefined;

/** One miner for all nodes of a test file: starting its threads takes longer than the work. */
export function sharedMiner(): Miner {
  if (miner === undefined) {
    miner = new Miner({ threads: 1 }, { log: silentLogger });
    miner.start();
  }
  return miner;
}

export async function stopSharedMiner(): Promise<void> {
  await miner?.stop();
  miner = undefined;
}
