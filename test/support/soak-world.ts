/** Peers around one node of the private network: honest ones that talk, lose their connections and come back, and hostile ones. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { systemClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/log.js';
import { createNode } from '../../src/bitmessage/create-node.js';
import type { BitmessageNode, ReceivedMessage } from '../../src/bitmessage/node.js';
import { concat, u32, u64 } from '../../src/bitmessage/wire/bytes.js';
import { encodeInv, type HashKey, hashKey } from '../../src/bitmessage/wire/inv.js';
import { encodeVersion } from '../../src/bitmessage/wire/messages.js';
import { PRIVATE } from '../../src/bitmessage/wire/params.js';
import { Database } from '../../src/store/database.js';
import { addObject, now, RawPeer, startNode, type TestNode, until, versionMessage } from './nodes.js';
import type { generator } from './random.js';

export interface SoakPlan {
  /** Peers that only relay, beside the two that write messages. */
  readonly relays: number;
  readonly hostile: number;
  /** How often somebody makes an object, a message is written, a connection is cut, and a hostile peer does its worst. */
  readonly objectMs: number;
  readonly messageMs: number;
  readonly cutMs: number;
  readonly attackMs: number;
}

interface Writer {
  readonly node: BitmessageNode;
  readonly address: string;
  readonly database: Database;
  readonly received: ReceivedMessage[];
  readonly sent: number[];
}

const MESSAGE_TTL_SECONDS = 86_400;
const SETTLE_MS = 60_000;

export class SoakWorld {
  readonly #relays: TestNode[] = [];
  readonly #writers: Writer[] = [];
  readonly #hashes: Uint8Array[] = [];
  readonly #wires = new Set<Socket>();
  readonly #foes = new Set<RawPeer>();
  #server: Server | undefined;
  cuts = 0;
  attacks = 0;

  /** @param port of the node that all are connected to, and to nobody else */
  constructor(
    private readonly port: number,
    private readonly plan: SoakPlan,
    private readonly random: ReturnType<typeof generator>,
  ) {}

  get objects(): number {
    return this.#hashes.length;
  }

  get messages(): number {
    return this.#writers.reduce((sum, { sent }) => sum + sent.length, 0);
  }

  async start(): Promise<void> {
    // A wire between, which can be cut: the peers know nothing of it.
    this.#server = createServer((near) => this.#join(near, connect(this.port, '127.0.0.1')));
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const peers = [`127.0.0.1:${address.port}`];
    for (let count = 0; count < this.plan.relays; count++) this.#relays.push(await startNode({ listen: '', peers }));
    for (const label of ['a', 'b']) this.#writers.push(await startWriter(label, peers));
  }

  async run(milliseconds: number): Promise<void> {
    const timers = [
      setInterval(() => this.#makeObject(), this.plan.objectMs),
      setInterval(() => this.#writeMessage(), this.plan.messageMs),
      setInterval(() => this.#cut(), this.plan.cutMs),
      setInterval(() => void this.#attack(), this.plan.attackMs),
    ];
    await systemClock.sleep(milliseconds);
    for (const timer of timers) clearInterval(timer);
    for (const foe of this.#foes) foe.close();
  }

  /** Resolves when everybody has every object, and every message was read and acknowledged. @throws Error when that does not come to be */
  async settle(): Promise<void> {
    const lacking = (): number => this.#hashes.filter((hash) => !this.#relays.every(({ inventory }) => inventory.has(hash))).length;
    await untilTrue(
      () => lacking() === 0,
      () => `${lacking()} of ${this.objects} objects are not everywhere`,
    );
    const open = (): number =>
      this.#writers.flatMap(({ node }) => node.outgoing()).filter(({ outgoing }) => outgoing.state !== 'delivered').length;
    await untilTrue(
      () => open() === 0,
      () => `${open()} of ${this.messages} messages are not acknowledged`,
    );
  }

  /** How often each message was read; 1 for each is right. */
  readings(): number[] {
    return this.#writers.flatMap(({ received }) => {
      const texts = received.map(({ content }) => Buffer.from(content).toString());
      return [...new Set(texts)].map((text) => texts.filter((other) => other === text).length);
    });
  }

  async stop(): Promise<void> {
    for (const foe of this.#foes) foe.close();
    await Promise.all(this.#relays.map((relay) => relay.stop()));
    await Promise.all(
      this.#writers.map(async ({ node, database }) => {
        await node.stop();
        database.close();
      }),
    );
    for (const wire of this.#wires) wire.destroy();
    this.#server?.close();
  }

  #join(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => {});
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
    this.#wires.add(near);
    near.on('close', () => this.#wires.delete(near));
  }

  #makeObject(): void {
    const relay = this.#relays[this.random.below(this.#relays.length)]!;
    this.#hashes.push(addObject(relay.inventory, { payload: this.random.bytes(60 + this.random.below(600)) }));
  }

  #writeMessage(): void {
    const [from, to] = this.random.below(2) === 0 ? [this.#writers[0]!, this.#writers[1]!] : [this.#writers[1]!, this.#writers[0]!];
    const content = Buffer.from(`Subject:soak\nBody:${from.address} ${from.sent.length}`);
    const message = { kind: 'message', from: from.address, to: to.address, encoding: 2, content, ttlSeconds: MESSAGE_TTL_SECONDS } as const;
    from.sent.push(from.database.transaction(() => from.node.enqueue(message)));
  }

  #cut(): void {
    const wires = [...this.#wires];
    if (wires.length === 0) return;
    wires[this.random.below(wires.length)]!.destroy();
    this.cuts++;
  }

  async #attack(): Promise<void> {
    if (this.#foes.size >= this.plan.hostile) return;
    const foe = await RawPeer.dial(this.port).catch(() => undefined);
    if (foe === undefined) return;
    this.attacks++;
    this.#foes.add(foe);
    foe.socket.on('close', () => this.#foes.delete(foe));
    ATTACKS[this.random.below(ATTACKS.length)]!(foe, this.random);
    // Some hang up, the others wait to be thrown out, or for the end of their usefulness.
    setTimeout(() => foe.close(), this.random.below(4_000)).unref();
  }
}

type Attack = (foe: RawPeer, random: ReturnType<typeof generator>) => void;

/** The keys are random: nobody will ever deliver these objects. */
function randomKeys(count: number, random: ReturnType<typeof generator>): HashKey[] {
  return Array.from({ length: count }, () => hashKey(random.bytes(32)));
}

const ATTACKS: readonly Attack[] = [
  (foe, random) => void foe.socket.write(random.bytes(5_000)),
  // Half a header, and then nothing.
  (foe) => void foe.socket.write(u32(PRIVATE.magic)),
  (foe) => void foe.socket.write(concat(u32(PRIVATE.magic), Buffer.from('object\0\0\0\0\0\0'), u32(0xffff_ffff), u32(0))),
  greeted((foe, random) => {
    for (let count = 0; count < 3; count++) foe.send('inv', encodeInv(randomKeys(20_000, random)));
  }),
  greeted((foe, random) => {
    // Without work: malformed rather sooner than later.
    for (let count = 0; count < 200; count++)
      foe.send('object', concat(u64(0n), u64(now() + 3600), u32(2), Uint8Array.of(1, 1), random.bytes(500)));
  }),
  greeted((foe, random) => foe.send('getdata', encodeInv(randomKeys(50_000, random)))),
  greeted((foe, random) => foe.send('addr', random.bytes(3_000))),
];

function greeted(attack: Attack): Attack {
  return (foe, random) => {
    void (async () => {
      foe.send('version', encodeVersion(versionMessage()));
      foe.send('verack');
      await until(() => foe.closed || foe.packets.some(({ command }) => command === 'verack'), 'a greeting');
      attack(foe, random);
    })().catch(() => foe.close());
  };
}

async function startWriter(label: string, peers: readonly string[]): Promise<Writer> {
  const database = new Database(':memory:');
  const received: ReceivedMessage[] = [];
  const node = createNode(
    { network: { params: PRIVATE, loopbackOnly: true, peers }, miningThreads: 1 },
    {
      database,
      clock: systemClock,
      log: silentLogger,
      listener: { deliver: async (message) => void received.push(message), outgoingChanged: async () => {} },
    },
  );
  const { address } = await node.createIdentity({ label });
  await node.start();
  return { node, address, database, received, sent: [] };
}

async function untilTrue(holds: () => boolean, otherwise: () => string): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(otherwise());
    await systemClock.sleep(100);
  }
}
