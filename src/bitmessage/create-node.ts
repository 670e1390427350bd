/** Builds the node from its rooms: what stands behind the door node.ts. */
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import { TaskGroup } from '../base/task-group.js';
import { estimateSeconds } from '../pow/estimate.js';
import { Miner } from '../pow/miner.js';
import { MAINS, type Power } from '../pow/power.js';
import type { Database } from '../store/database.js';
import { InventoryStore } from '../store/node/inventory.js';
import { OnionKeyTable } from '../store/node/onion-keys.js';
import { PeerStore } from '../store/node/peers.js';
import { Inventory } from './inventory/inventory.js';
import { type KeyVault, OPEN_VAULT } from './key-vault.js';
import { Messaging } from './messaging/messaging.js';
import type { Standing } from './messaging/object-reader.js';
import { OnionPeers } from './messaging/onion-peers.js';
import { type MessagingOptions, messagingDefaults } from './messaging/options.js';
import { Publisher } from './messaging/publisher.js';
import { SpellingFinder } from './messaging/spelling-finder.js';
import { watchClock } from './network/clock-watch.js';
import { Network } from './network/network.js';
import type { GivenNetworkOptions } from './network/options.js';
import type { Identity, NodeListener, OpenNode, Subscription } from './node.js';
import { DEFAULT_STREAM } from './wire/params.js';

export interface NodeOptions {
  /** `params` carry the least work that objects must show, which a test network may lower. */
  readonly network: GivenNetworkOptions;
  /** For the proof of work; undefined: one for each core. */
  readonly miningThreads?: number;
  /** Where they differ from what fits the network. */
  readonly messaging?: Partial<MessagingOptions>;
}

export interface NodeRooms {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly listener: NodeListener;
  /** Where private keys are kept unreadable; by default they are not. */
  readonly vault?: KeyVault;
  /** How the house regards an address; by default everybody but ourselves and whom we subscribe to is a stranger. */
  readonly standing?: (address: string) => Standing;
  /** True while the disk has too little room to take objects from the network; by default it never has. */
  readonly diskIsLow?: () => boolean;
  /** When work may be done; by default whenever there is some. */
  readonly power?: Power;
}

/** Longer than nearly all stems last (10 s and an exponential mean of 30 s): so long a restart keeps an own object on its stem. */
const OWN_STEM_SECONDS = 120;

/** Builds the node; identities, subscriptions and the queue can be used at once, work begins with `start`. */
export function createNode({ network: options, miningThreads, messaging: settings }: NodeOptions, rooms: NodeRooms): OpenNode {
  const { database, clock, log, listener, standing = () => 'stranger', diskIsLow = () => false, vault = OPEN_VAULT, power = MAINS } = rooms;
  const { params } = options;
  const streams = options.streams ?? [DEFAULT_STREAM];
  const minimum = { nonceTrialsPerByte: params.minNonceTrialsPerByte, extraBytes: params.minExtraBytes };
  const dandelion = options.dandelion ?? params.name === 'main';
  const inventory = new Inventory(new InventoryStore(database), clock, { ownStemSeconds: dandelion ? OWN_STEM_SECONDS : 0, diskIsLow });
  const miner = new Miner(miningThreads === undefined ? {} : { threads: miningThreads }, { log: log.child('pow') });
  const openNetwork = (): Network =>
    new Network(
      { ...options, streams },
      {
        inventory,
        peers: new PeerStore(database),
        clock,
        log: log.child('network'),
        onion: { keys: new OnionKeyTable(database), up: () => onionPeers.wake() },
      },
    );
  let network = openNetwork();
  const tasks = new TaskGroup((error) => log.error('the network could not be opened again', error));
  const onionPeers = new OnionPeers(
    { minimum },
    {
      inventory,
      publisher: new Publisher({ minimum }, { miner, power, inventory, clock }),
      learn: (peer) => network.learnOnion(peer),
      own: () => network.onionAddress(),
      clock,
      log: log.child('network'),
    },
  );
  const spellings = new SpellingFinder();
  const messaging = new Messaging(
    { magic: params.magic, minimum, streams },
    { ...messagingDefaults(params), ...settings },
    {
      database,
      inventory,
      miner,
      power,
      clock,
      log: log.child('messaging'),
      listener,
      standing,
      vault,
    },
  );
  return {
    start: async () => {
      miner.start();
      await network.start();
      messaging.start();
      onionPeers.start();
      watchClock(clock, tasks, async (seconds) => {
        log.warn('the clock was set back, so all connections are made anew', { seconds });
        await network.stop();
        network = openNetwork();
        await network.start();
      });
    },
    // The miner first: it rejects the jobs that messaging waits for.
    stop: async () => {
      await Promise.all([miner.stop(), messaging.stop(), onionPeers.stop(), spellings.stop(), tasks.stop()]);
      await network.stop();
    },
    identities: () => messaging.identities.all().map(describeIdentity),
    createIdentity: async (wanted) => describeIdentity(await messaging.identities.create(wanted)),
    joinChan: async (passphrase, choice) => describeIdentity(await messaging.identities.joinChan(passphrase, choice)),
    leaveChan: (address) => messaging.leaveChan(address),
    updateIdentity: (address, change) => messaging.updateIdentity(address, change),
    removeIdentity: (address) => messaging.removeIdentity(address),
    deleteIdentity: (address) => messaging.deleteIdentity(address),
    undeleteIdentity: (address) => messaging.undeleteIdentity(address),
    deletedIdentities: () => messaging.identities.deleted(),
    forgetIdentitiesDeletedBefore: (time) => messaging.identities.forgetDeletedBefore(time),
    subscriptions: () => messaging.subscriptions.all().map(describeSubscription),
    subscribe: (address, label) => describeSubscription(messaging.subscriptions.put(address, label)),
    unsubscribe: (address) => messaging.unsubscribe(address),
    enqueue: (message) => messaging.enqueue(message),
    cancel: (id) => void messaging.outbox.cancel(id),
    retry: (id) => messaging.outbox.retry(id),
    findSpellings: (text, search) => spellings.find(text, streams, search),
    estimate: (message) => {
      const { trials, demand, tooDifficult } = messaging.estimate(message);
      return { seconds: estimateSeconds(trials, miner.trialsPerSecond()), demand, tooDifficult };
    },
    workSeconds: (id) => {
      const work = messaging.estimateOf(id);
      return work === undefined ? null : estimateSeconds(work.trials, miner.trialsPerSecond());
    },
    outgoing: () => messaging.outbox.list(),
    outgoingById: (id) => messaging.outbox.get(id),
    takeover: messaging.takeover((node) => network.takeNode(node)),
    status: () => ({
      peers: network.peers(),
      objects: inventory.count(),
      unprocessed: inventory.unprocessedCount(),
      lookedBack: messaging.lookedBack(),
      takesObjects: inventory.hasRoomFor(0),
      workIsHeld: power.isHeld,
      listening: network.listening(),
      knownNodes: network.knownNodes(),
      route: network.route(),
    }),
  };
}

/** What others may see of it: nothing of the keys. */
function describeIdentity(identity: Identity): Identity {
  const { address, label, enabled, chan, mailingList, ttlSeconds, sendDelaySeconds, signatureDigest, demand, createdAt } = identity;
  return { address, label, enabled, chan, mailingList, ttlSeconds, sendDelaySeconds, signatureDigest, demand, createdAt };
}

function describeSubscription({ address, label, enabled }: Subscription): Subscription {
  return { address, label, enabled };
}
