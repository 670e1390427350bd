/** Onion peers over the network: learns them from onionpeer objects, and publishes our own while we have an onion service. */
import type { Clock } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { TaskGroup } from '../../base/task-group.js';
import type { Difficulty } from '../../pow/target.js';
import type { Inventory, StoredObject } from '../inventory/inventory.js';
import { buildOnionPeer, type OnionPeer, readOnionPeer } from '../objects/onionpeer.js';
import { DecodeError, equalBytes } from '../wire/bytes.js';
import { readObjectHeader, withNonce } from '../wire/object.js';
import { OBJECT_ONIONPEER, type StreamNumber } from '../wire/params.js';
import { Bell } from './bell.js';
import { ttlJitter } from './outgoing.js';
import type { Publisher } from './publisher.js';

export interface OnionPeersRooms {
  readonly inventory: Inventory;
  readonly publisher: Publisher;
  /** Keeps a peer, or not; false when it did not. */
  readonly learn: (peer: OnionPeer & { readonly stream: StreamNumber }) => boolean;
  /** Our own service while it is up. */
  readonly own: () => OnionPeer | null;
  readonly clock: Clock;
  readonly log: Logger;
}

/** PyBitmessage sendOnionPeerObj: 7 days, give or take five minutes. */
const TTL_SECONDS = 7 * 86_400;
/** PyBitmessage looks at each round of its cleaner. */
const CHECK_SECONDS = 7_380;
/** After an error (a mining thread died, say) it is tried again so much later. */
const STUMBLE_SECONDS = 60;
/** Objects looked at in one go when the program starts; fewer peers are taken of them. */
const SCANNED = 100;
/** By these the inventory finds an object: the first bytes of its payload, here those of port and name. */
const TAG_BYTES = 32;

export class OnionPeers {
  readonly #tasks: TaskGroup;
  readonly #bell: Bell;
  #stopListening: (() => void) | undefined;

  constructor(
    private readonly options: { readonly minimum: Difficulty },
    private readonly rooms: OnionPeersRooms,
  ) {
    this.#tasks = new TaskGroup((error) => rooms.log.error('publishing onion peers ended', error));
    this.#bell = new Bell(rooms.clock);
  }

  /** What is in the inventory already is looked at, too: who turns to Tor today knows some peers at once. */
  start(): void {
    const { inventory } = this.rooms;
    for (const object of inventory.ofType(OBJECT_ONIONPEER, SCANNED)) this.#learn(object);
    this.#stopListening = inventory.onAdded((object, { own }) => {
      if (object.type === OBJECT_ONIONPEER && !own) this.#learn(object);
    });
    this.#tasks.run((signal) => this.#keepPublished(signal));
  }

  async stop(): Promise<void> {
    this.#stopListening?.();
    await this.#tasks.stop();
  }

  /** Our service has come up. */
  wake(): void {
    this.#bell.ring();
  }

  #learn({ bytes, stream }: StoredObject): void {
    const peer = read(bytes);
    if (peer === undefined || this.#isOwn(peer)) return;
    if (this.rooms.learn({ ...peer, stream })) this.rooms.log.debug('onion peer learnt', { host: peer.host });
  }

  async #keepPublished(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.rooms;
    while (!signal.aborted) {
      try {
        await this.#publish(signal);
        await this.#bell.waitUntil(clock.now() + CHECK_SECONDS, signal);
      } catch (error) {
        if (signal.aborted) return;
        log.error('our onion peer could not be published', { error });
        await clock.sleep(STUMBLE_SECONDS * 1000, signal);
      }
    }
  }

  async #publish(signal: AbortSignal): Promise<void> {
    const own = this.rooms.own();
    if (own === null || this.#isPublished(own)) return;
    const { publisher, log } = this.rooms;
    const object = await publisher.mine((now) => buildOnionPeer(own, now + TTL_SECONDS + ttlJitter(Math.random())), {
      demand: this.options.minimum,
      signal,
    });
    publisher.publish(object);
    log.info('onion peer published', { host: own.host });
  }

  /** Somebody's object that says the same serves as well; but it must live until we look again. */
  #isPublished({ host, port }: OnionPeer): boolean {
    const { inventory, clock } = this.rooms;
    const lives = ({ expiresAt }: StoredObject): boolean => expiresAt > clock.now() + CHECK_SECONDS;
    const example = withNonce(0n, buildOnionPeer({ host, port }, clock.now()));
    const payload = example.subarray(readObjectHeader(example).payloadOffset);
    return inventory
      .byTag(OBJECT_ONIONPEER, payload.subarray(0, TAG_BYTES))
      .some((object) => lives(object) && equalBytes(object.bytes.subarray(object.payloadOffset), payload));
  }

  #isOwn({ host }: OnionPeer): boolean {
    return host === this.rooms.own()?.host;
  }
}

/** Undefined for what is no onion peer: it is relayed all the same. */
function read(object: Uint8Array): OnionPeer | undefined {
  try {
    return readOnionPeer(object);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
