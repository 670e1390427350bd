/** Takes over what another Bitmessage program knew: checked as if it had come from the network, and told to nobody. */
import type { Clock } from '../../base/clock.js';
import type { Difficulty } from '../../pow/target.js';
import type { PubkeyTable } from '../../store/node/pubkeys.js';
import type { ReceivedTable } from '../../store/node/received.js';
import { AddressError, equalAddresses, formatAddress, parseAddress } from '../crypto/address.js';
import { type IdentityKeys, identityKeys } from '../crypto/keys.js';
import { judge } from '../inventory/intake.js';
import type { Inventory } from '../inventory/inventory.js';
import { addressOf, readPubkeyData } from '../objects/pubkey-data.js';
import type { Taken, TakenIdentity, TakenMessage, TakenNode, TakenOutgoing, TakenPubkey, Takeover } from '../takeover.js';
import { ByteReader, DecodeError, equalBytes } from '../wire/bytes.js';
import { readObjectHeader } from '../wire/object.js';
import { MAX_TTL_SECONDS, type StreamNumber } from '../wire/params.js';
import { type Identities, isUsable } from './identities.js';
import { contentHash } from './object-reader.js';
import type { Outbox } from './outbox.js';
import type { Subscriptions } from './subscriptions.js';

export interface TakeoverRooms {
  readonly inventory: Inventory;
  readonly identities: Identities;
  readonly subscriptions: Subscriptions;
  readonly outbox: Outbox;
  readonly pubkeys: PubkeyTable;
  readonly received: ReceivedTable;
  readonly takeNode: (node: TakenNode) => boolean;
  readonly clock: Clock;
}

/**
 * A pubkey of ours is not published sooner than this after it was taken over, however old the last one is: two days, of which the
 * publisher takes one off. Until then the owner has seen that the other program is off.
 */
const FIRST_PUBLICATION_SECONDS = 2 * 86_400;

export class MessagingTakeover implements Takeover {
  constructor(
    private readonly options: { readonly minimum: Difficulty; readonly streams: readonly StreamNumber[] },
    private readonly rooms: TakeoverRooms,
  ) {}

  identity(taken: TakenIdentity): Taken {
    const { address, label, chan, enabled, mailingList, sendsAcks, demandTrials, demandExtraBytes, pubkeySentAt } = taken;
    const decoded = parseAddress(address);
    const keys: IdentityKeys = identityKeys(taken.signingKey, taken.encryptionKey);
    if (!equalBytes(keys.ripe, decoded.ripe)) return 'refused';
    const now = this.rooms.clock.now();
    const isAdopted = this.rooms.identities.adopt(
      keys,
      { address: formatAddress(decoded), label, chan, createdAt: now },
      {
        // Of a stream that we are not in nothing can come; the keys are kept.
        enabled: enabled && this.options.streams.includes(decoded.stream),
        mailingList,
        sendsAcks,
        demandTrials,
        demandExtraBytes,
        pubkeyExpiresAt: Math.max(pubkeySentAt + MAX_TTL_SECONDS, now + FIRST_PUBLICATION_SECONDS),
      },
    );
    return isAdopted ? 'taken' : 'known';
  }

  subscription({ address, label, enabled }: { address: string; label: string; enabled: boolean }): Taken {
    try {
      return this.rooms.subscriptions.adopt(address, label, enabled) ? 'taken' : 'known';
    } catch (error) {
      if (error instanceof AddressError) return 'refused';
      throw error;
    }
  }

  pubkey({ address, data, learntAt }: TakenPubkey): Taken {
    const { pubkeys, identities, clock } = this.rooms;
    try {
      const key = readPubkeyData(new ByteReader(data));
      const decoded = parseAddress(address);
      if (!equalAddresses(addressOf(key), decoded)) return 'refused';
      const canonical = formatAddress(decoded);
      if (identities.find(canonical) !== undefined || pubkeys.get(canonical) !== undefined) return 'known';
      const { signingKey, encryptionKey, behavior: bitfield, nonceTrialsPerByte: demandTrials, extraBytes: demandExtraBytes } = key;
      // The object is gone; every one that still lives expires later than this one was learnt, and takes its place.
      const row = { address: canonical, bitfield, signingKey, encryptionKey, demandTrials, demandExtraBytes, objectExpiresAt: learntAt };
      pubkeys.put(row, clock.now());
      return 'taken';
    } catch (error) {
      if (error instanceof DecodeError || error instanceof AddressError) return 'refused';
      throw error;
    }
  }

  object(bytes: Uint8Array, isProcessed: boolean): Taken {
    const { inventory, clock } = this.rooms;
    const now = isProcessed ? clock.now() : Math.min(clock.now(), expiryOf(bytes));
    const verdict = judge(bytes, { now, ...this.options });
    if (verdict.verdict !== 'accepted') return 'refused';
    const { object } = verdict;
    if (inventory.has(object.hash)) return 'known';
    if (!inventory.hasRoomFor(bytes.length) || !inventory.add(object, { own: false })) return 'refused';
    if (isProcessed) inventory.markProcessed([object.hash]);
    return 'taken';
  }

  node(node: TakenNode): Taken {
    return this.rooms.takeNode(node) ? 'taken' : 'refused';
  }

  received(message: TakenMessage): void {
    const { signatureHash, to: recipient, receivedAt } = message;
    this.rooms.received.add({ signatureHash, contentHash: contentHash(message), recipient, receivedAt });
  }

  outgoing(message: TakenOutgoing): number | undefined {
    if (message.pubkeyRequest !== null) this.rooms.pubkeys.takeRequest(message.to, message.pubkeyRequest);
    return this.rooms.outbox.takeOver(message, message);
  }

  identities(): TakenIdentity[] {
    const usable = this.rooms.identities.all().filter(isUsable);
    return usable.map(({ address, label, enabled, chan, mailingList, sendsAcks, keys, demand, pubkeyExpiresAt }) => ({
      address,
      label,
      enabled,
      chan,
      mailingList,
      sendsAcks,
      demandTrials: demand.nonceTrialsPerByte,
      demandExtraBytes: demand.extraBytes,
      signingKey: keys.signingPrivateKey,
      encryptionKey: keys.encryptionPrivateKey,
      pubkeySentAt: Math.min(Math.max(pubkeyExpiresAt - MAX_TTL_SECONDS, 0), this.rooms.clock.now()),
    }));
  }

  lookBack(addresses: readonly string[]): void {
    const { identities, subscriptions } = this.rooms;
    for (const address of addresses) {
      if (identities.find(address) !== undefined) identities.lookBack(address);
      const subscription = subscriptions.find(address);
      if (subscription !== undefined) subscriptions.setRescanAfter(subscription.id, 0);
    }
  }
}

/** 0 for what is no object: `judge` says so too. */
function expiryOf(bytes: Uint8Array): number {
  try {
    return readObjectHeader(bytes).expiresAt;
  } catch (error) {
    if (error instanceof DecodeError) return 0;
    throw error;
  }
}
