/** DOOR: taking over what another Bitmessage program knew and had begun. Nothing here puts anything of ours on the network. */
import type { UnixSeconds } from '../base/clock.js';
import type { NewOutgoing, Outgoing } from './node.js';

export interface TakenIdentity {
  /** Canonical, of these keys. */
  readonly address: string;
  readonly label: string;
  readonly enabled: boolean;
  readonly chan: boolean;
  /** The name before subjects when it is a mailing list, else null. */
  readonly mailingList: string | null;
  readonly sendsAcks: boolean;
  /** 0: nothing was said. */
  readonly demandTrials: number;
  readonly demandExtraBytes: number;
  /** Private, 32 bytes each. */
  readonly signingKey: Uint8Array;
  readonly encryptionKey: Uint8Array;
  /** When its pubkey was last published, 0: never. */
  readonly pubkeySentAt: UnixSeconds;
}

export interface TakenPubkey {
  readonly address: string;
  /** Version, stream, bitfield, both keys and what it demands, as in a message. */
  readonly data: Uint8Array;
  readonly learntAt: UnixSeconds;
}

export interface TakenNode {
  readonly host: string;
  readonly port: number;
  readonly stream: bigint;
  readonly lastSeen: UnixSeconds;
  readonly rating: number;
}

export interface TakenMessage {
  readonly signatureHash: Uint8Array;
  /** What it said, as far as that is known: for copies that were signed anew. */
  readonly from: string;
  readonly to: string;
  readonly encoding: number;
  readonly content: Uint8Array;
  readonly receivedAt: UnixSeconds;
}

export interface TakenOutgoing extends NewOutgoing {
  readonly outgoing: Outgoing;
  readonly attempts: number;
  readonly ackdata: Uint8Array | null;
  readonly objectHash: Uint8Array | null;
  readonly createdAt: UnixSeconds;
  /** The recipient's key was asked for so often, and is to be asked for again then; null: it was not. */
  readonly pubkeyRequest: { readonly requests: number; readonly askAgainAt: UnixSeconds } | null;
}

export type Taken = 'taken' | 'known' | 'refused';

/** Each call joins the caller's transaction. */
export interface Takeover {
  /** Refused: the keys are not those of the address. */
  identity(identity: TakenIdentity): Taken;
  subscription(subscription: { readonly address: string; readonly label: string; readonly enabled: boolean }): Taken;
  /** Refused: it is not the key of that address. */
  pubkey(pubkey: TakenPubkey): Taken;
  /** @param isProcessed the other program has looked at it; else it is looked at here, even when it has expired since */
  object(bytes: Uint8Array, isProcessed: boolean): Taken;
  node(node: TakenNode): Taken;
  /** It will not be delivered again. */
  received(message: TakenMessage): void;
  /** Goes on with it; answers its id, or undefined when that is being done already. */
  outgoing(message: TakenOutgoing): number | undefined;
  /** The other way: our identities and chans with their keys, oldest first. */
  identities(): TakenIdentity[];
  /** Looks through the inventory for what came for these identities, or from these subscriptions, before they were here. */
  lookBack(addresses: readonly string[]): void;
}
