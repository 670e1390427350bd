/** The peers of one network: gateways and other projects' programs on loopback, started alike and ended together. */
import { join } from 'node:path';
import type { ImapFlow } from 'imapflow';
import { systemClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/log.js';
import { createNode } from '../../src/bitmessage/create-node.js';
import type { BitmessageNode, ReceivedMessage } from '../../src/bitmessage/node.js';
import { MAINNET } from '../../src/bitmessage/wire/params.js';
import { Database } from '../../src/store/database.js';
import { GatewayProcess } from '../support/gateway-rig.js';
import { NotbitCommands } from './notbit-commands.js';
import { freePort, type Peer, startPeer } from './peer-process.js';
import { type MessageView, PyBitmessageApi, viewMessage } from './pybitmessage-api.js';

/** A lowered difficulty that all peers of a network share: PyBitmessage's "extralowdifficulty". */
const LOW_DIFFICULTY = 10;

export interface LabOptions {
  readonly directory: string;
  /** Checkouts of the other programs. */
  readonly sources: { readonly pybitmessage: string; readonly minode?: string; readonly notbit?: string };
  /** Leave PyBitmessage's own delays and TLS as they are. */
  readonly stock: boolean;
  /** The main network's difficulty for all. */
  readonly fullPow: boolean;
}

export interface Gateway {
  readonly process: GatewayProcess;
  readonly imap: ImapFlow;
  /** Where others dial it. */
  readonly at: string;
}

export interface PyBitmessage {
  readonly api: PyBitmessageApi;
  readonly at: string;
  /** What its message view makes of a body. */
  readonly view: (body: string) => Promise<MessageView>;
  /** Before the end of the lab; the next one of this name has its keys and messages. */
  readonly stop: () => Promise<void>;
}

/** A node of ours without mail around it, for what no mail can say. */
export interface BareNode {
  readonly node: BitmessageNode;
  readonly received: ReceivedMessage[];
  readonly at: string;
  /** Runs in the transaction that `enqueue` wants. */
  readonly transaction: <T>(work: () => T) => T;
}

export class Lab {
  readonly #endings: (() => Promise<unknown>)[] = [];

  constructor(private readonly options: LabOptions) {}

  async gateway(
    name: string,
    { peers = [], tls = true, set = [] }: { peers?: readonly string[]; tls?: boolean; set?: readonly string[] } = {},
  ): Promise<Gateway> {
    const lowered = [`network.min_nonce_trials_per_byte=${LOW_DIFFICULTY}`, `network.min_extra_bytes=${LOW_DIFFICULTY}`];
    const process = await GatewayProcess.start(join(this.options.directory, name), [
      'network.profile=main',
      `network.peers=${peers.join(',')}`,
      `network.tls=${tls}`,
      ...(this.options.fullPow ? [] : lowered),
      ...set,
    ]);
    this.#endings.push(() => process.end('SIGTERM'));
    const imap = await process.imap();
    // Closed, not logged out: the gateway may have ended already.
    this.#endings.push(async () => imap.close());
    return { process, imap, at: `127.0.0.1:${process.ready.network?.port}` };
  }

  /** @param set further lines of its keys.dat, as section.key=value */
  async pybitmessage(
    name: string,
    connect: readonly string[],
    { tls = true, set = [] }: { tls?: boolean; set?: readonly string[] } = {},
  ): Promise<PyBitmessage> {
    const [port, apiPort] = [await freePort(), await freePort()];
    const { stock, fullPow } = this.options;
    const peer = await this.#start('peer-pybitmessage.py', name, port, [
      ...['--src', this.options.sources.pybitmessage, '--api-port', `${apiPort}`],
      ...(fullPow ? [] : ['--low-pow']),
      ...(stock ? ['--stock-stem', '--stock-tags', '--stock-tls'] : ['--fast']),
      ...(tls ? [] : ['--no-tls']),
      ...connect.flatMap((at) => ['--connect', at]),
      ...set.flatMap((line) => ['--set', line]),
    ]);
    return {
      api: new PyBitmessageApi(String(peer.ready.api)),
      at: `127.0.0.1:${port}`,
      view: (body) => viewMessage(this.options.sources.pybitmessage, body),
      stop: () => peer.stop(),
    };
  }

  /** Answers where it listens. */
  async minode(name: string, connect?: string): Promise<string> {
    const port = await freePort();
    const { sources, fullPow } = this.options;
    await this.#start('peer-minode.py', name, port, [
      ...['--src', sources.minode ?? ''],
      ...(fullPow ? [] : ['--low-pow']),
      ...(connect === undefined ? [] : ['--connect', connect]),
    ]);
    return `127.0.0.1:${port}`;
  }

  async notbit(name: string, connect: readonly string[]): Promise<NotbitCommands> {
    const port = await freePort();
    const source = this.options.sources.notbit ?? '';
    await this.#start('peer-notbit.py', name, port, ['--src', source, ...connect.flatMap((at) => ['--connect', at])]);
    return new NotbitCommands(source, join(this.options.directory, name), `127.0.0.1:${port}`);
  }

  async bareNode(): Promise<BareNode> {
    const database = new Database(':memory:');
    const received: ReceivedMessage[] = [];
    const params = { ...MAINNET, minNonceTrialsPerByte: LOW_DIFFICULTY, minExtraBytes: LOW_DIFFICULTY };
    const node = createNode(
      { network: { params, loopbackOnly: true, listen: '127.0.0.1:0' }, miningThreads: 1, messaging: { publishPubkeys: false } },
      {
        database,
        clock: systemClock,
        log: silentLogger,
        listener: { deliver: async (message) => void received.push(message), outgoingChanged: async () => {} },
      },
    );
    await node.start();
    this.#endings.push(async () => {
      await node.stop();
      database.close();
    });
    return { node, received, at: `127.0.0.1:${node.status().listening?.port}`, transaction: (work) => database.transaction(work) };
  }

  /** Last started, first ended. */
  async end(): Promise<void> {
    for (const end of this.#endings.splice(0).reverse()) await end();
  }

  async #start(driver: string, name: string, port: number, args: readonly string[]): Promise<Peer> {
    const { directory } = this.options;
    const peer = await startPeer(driver, ['--datadir', join(directory, name), '--port', `${port}`, ...args], {
      port,
      logDirectory: directory,
    });
    this.#endings.push(() => peer.stop());
    return peer;
  }
}
