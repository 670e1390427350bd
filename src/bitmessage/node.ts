/** DOOR: the embedded Bitmessage node, as mapping and control see it. */
import type { UnixSeconds } from '../base/clock.js';
import type { SignatureDigest } from './crypto/signature.js';
import type { RouteStatus } from './network/route-status.js';
import type { Takeover } from './takeover.js';

export type { RouteStatus };

/** An address whose private keys we hold. */
export interface Identity {
  /** "BM-…", canonical. */
  readonly address: string;
  readonly label: string;
  readonly enabled: boolean;
  /** True: everybody who knows the passphrase holds the keys. */
  readonly chan: boolean;
  /** The name before subjects when what it receives is broadcast again (PROTOCOL 4.11), else null. */
  readonly mailingList: string | null;
  /** How long what it sends lives where the mail does not say, 0: as in the settings. */
  readonly ttlSeconds: number;
  /** What it sends waits for a random time of at most this, null: as in the settings. */
  readonly sendDelaySeconds: number | null;
  /** What it signs with: SHA-1 for readers that know nothing else. */
  readonly signatureDigest: SignatureDigest;
  /** What a message to it must carry, unless a friend's. */
  readonly demand: { readonly nonceTrialsPerByte: number; readonly extraBytes: number };
  readonly createdAt: UnixSeconds;
}

/** Which of a passphrase's chans: that of version 4 where nothing is said. */
export interface ChanChoice {
  readonly version?: 3 | 4;
  /** It has to be this one. */
  readonly address?: string;
}

export interface NewIdentity {
  readonly label: string;
  /** Default: 4. */
  readonly version?: 3 | 4;
  /** Its keys are made of this, always the same; otherwise they are random. */
  readonly passphrase?: string;
  /** An address that is a character or two shorter, and takes 65,000 tries instead of 256. */
  readonly short?: boolean;
  /** While a short one is searched: how much of the usual work is done, 0 … 1 (can pass 1). */
  readonly onProgress?: (progress: number) => void;
}

/** One that can still be brought back. */
export interface DeletedIdentity {
  readonly address: string;
  readonly label: string;
  readonly deletedAt: UnixSeconds;
}

export interface IdentityUpdate {
  readonly label?: string;
  readonly enabled?: boolean;
  readonly nonceTrialsPerByte?: number;
  readonly extraBytes?: number;
  readonly mailingList?: string | null;
  readonly ttlSeconds?: number;
  readonly sendDelaySeconds?: number | null;
  readonly signatureDigest?: SignatureDigest;
}

export interface Subscription {
  readonly address: string;
  readonly label: string;
  readonly enabled: boolean;
}

/** A message's life. Nothing but `outgoing.step` makes one of these out of another. */
export type Outgoing =
  /** Nothing is done for it before that time, drawn at random, so that the network does not learn when it was written. */
  | { readonly state: 'held-back'; readonly until: UnixSeconds }
  | { readonly state: 'queued' }
  | { readonly state: 'awaiting-pubkey'; readonly askAgainAt: UnixSeconds }
  | { readonly state: 'mining' }
  /** On the network; when no ack came by `expiresAt` (a tenth after the object's own expiry), it is sent again or given up. */
  | { readonly state: 'awaiting-ack'; readonly expiresAt: UnixSeconds }
  /** Out, and nobody will acknowledge it: a chan, a broadcast, a recipient that sends no acks. */
  | { readonly state: 'sent' }
  | { readonly state: 'delivered'; readonly at: UnixSeconds }
  | { readonly state: 'failed'; readonly reason: OutgoingFailure }
  | { readonly state: 'cancelled' };

export type OutgoingFailure =
  /** Resent until the limit, never acknowledged. */
  | 'no-acknowledgement'
  /** The recipient's key never came. */
  | 'no-pubkey'
  /** The recipient demands more work than the settings allow. */
  | 'too-difficult'
  /** The recipient's key is not one. */
  | 'bad-key'
  | 'too-large';

export interface OutgoingMessage {
  readonly id: number;
  readonly kind: 'message' | 'broadcast';
  readonly from: string;
  /** The recipient; for a broadcast the same as `from`. */
  readonly to: string;
  readonly outgoing: Outgoing;
  /** When it came into its present state. */
  readonly since: UnixSeconds;
  readonly createdAt: UnixSeconds;
  /** How many times it was put on the network. */
  readonly attempts: number;
  /** While mining: how much of the expected work is done, 0 … 1 (can pass 1), else null. */
  readonly progress: number | null;
  /** Inventory hash of the newest object, hex, once published. */
  readonly objectHash: string | null;
}

/** What is to be sent, already in the form that travels. */
export interface NewOutgoing {
  readonly kind: 'message' | 'broadcast';
  readonly from: string;
  readonly to: string;
  /** 1, 2 or 3. */
  readonly encoding: number;
  /** The encoded subject and body. */
  readonly content: Uint8Array;
  readonly ttlSeconds: number;
}

/** A message or broadcast that opened with one of our keys and whose signature is good. */
export interface ReceivedMessage {
  readonly kind: 'message' | 'broadcast';
  readonly from: string;
  /** The identity or chan it came to; for a broadcast the subscribed address. */
  readonly to: string;
  readonly chan: boolean;
  readonly encoding: number;
  readonly content: Uint8Array;
  /** Inventory hash, 32 bytes. */
  readonly objectHash: Uint8Array;
  /** 32 bytes; the same for every copy of one signed message. */
  readonly signatureHash: Uint8Array;
  readonly receivedAt: UnixSeconds;
  readonly expiresAt: UnixSeconds;
}

export interface WorkEstimate {
  /** On average, for this computer; null while its speed is not known. */
  readonly seconds: number | null;
  /** What the recipient demands, null while its key is not known. */
  readonly demand: { readonly nonceTrialsPerByte: number; readonly extraBytes: number } | null;
  /** More is demanded than the settings allow. */
  readonly tooDifficult: boolean;
}

export interface SpellingSearchOptions {
  readonly signal: AbortSignal;
  /** Told how much of it is done, 0 … 1, every second or so. */
  readonly onProgress?: (progress: number) => void;
}

export interface PeerStatus {
  /** "host:port" */
  readonly address: string;
  readonly direction: 'inbound' | 'outbound';
  readonly userAgent: string;
  readonly tls: boolean;
  readonly connectedAt: UnixSeconds;
  /** By how much its clock was ahead of ours when it came; give or take a few seconds. */
  readonly clockAheadSeconds: number;
}

export interface NodeStatus {
  readonly peers: readonly PeerStatus[];
  /** How many objects the inventory holds. */
  readonly objects: number;
  /** How many of them are still to be tried with our keys. */
  readonly unprocessed: number;
  /** How much of them was looked through for keys that are new here, from 0 to 1; null: there are none. */
  readonly lookedBack: number | null;
  /** False while the disk has no room for more. */
  readonly takesObjects: boolean;
  /** True while the computer runs on its battery, and no new proof of work is begun. */
  readonly workIsHeld: boolean;
  /** Where we listen, or null. */
  readonly listening: { readonly host: string; readonly port: number } | null;
  readonly knownNodes: number;
  /** Proxy and onion service. */
  readonly route: RouteStatus;
}

/** What the node tells the house. Both are awaited; an error means "not done": the node will say it again. */
export interface NodeListener {
  /** Resolves when the mail is on the disk. Only then is the ack published. May be called twice for one object. */
  deliver(message: ReceivedMessage): Promise<void>;
  /** A message came into another state. */
  outgoingChanged(message: OutgoingMessage): Promise<void>;
}

export interface BitmessageNode {
  /** Resolves when the port is open. */
  start(): Promise<void>;
  stop(): Promise<void>;

  identities(): Identity[];
  /**
   * Makes an identity: random, or from a passphrase (then its earlier mail is looked for in the inventory). Once the node is
   * started its pubkey is published, and again before it expires, unless the settings say otherwise.
   */
  createIdentity(options: NewIdentity): Promise<Identity>;
  /**
   * Joins the chan of this passphrase (made of it: always the same address) and looks through the inventory for its posts. Idempotent.
   *
   * @throws AddressError when the passphrase does not make the address that was chosen
   */
  joinChan(passphrase: string, choice?: ChanChoice): Promise<Identity>;
  leaveChan(address: string): void;
  /** Renames an identity or chan, switches it off or on again, sets what it demands of messages (0: what the network does). */
  updateIdentity(address: string, change: IdentityUpdate): void;
  /** Forgets the keys for good; what it has not sent yet is cancelled. */
  removeIdentity(address: string): void;
  /** As if it were gone, but its keys can be brought back until they are forgotten; what it has not sent yet is cancelled. */
  deleteIdentity(address: string): void;
  /** Brings it back, and looks through the inventory for what came meanwhile. Answers false when it is not there any more. */
  undeleteIdentity(address: string): boolean;
  deletedIdentities(): DeletedIdentity[];
  forgetIdentitiesDeletedBefore(time: UnixSeconds): void;
  subscriptions(): Subscription[];
  /** Subscribes, and looks through the inventory for earlier broadcasts. Idempotent; a new label replaces the old one. @throws AddressError */
  subscribe(address: string, label: string): Subscription;
  unsubscribe(address: string): void;

  /** Queues a message, inside the caller's transaction; work starts after the commit. Answers its id. */
  enqueue(message: NewOutgoing): number;
  /** Stops sending it. One that is out already stays out; nothing happens then. */
  cancel(id: number): void;
  /** Tries a failed message again, this time however much work is demanded. Answers false when it has not failed. */
  retry(id: number): boolean;
  /**
   * The addresses that read like this text when capital letters count for nothing: one, if it ever was an address, and by chance
   * another. Takes seconds on all cores, at the lowest priority. @param text without "BM-". @throws AbortError
   */
  findSpellings(text: string, options: SpellingSearchOptions): Promise<string[]>;
  /** How long the work for such a message will take. */
  estimate(message: Pick<NewOutgoing, 'kind' | 'to' | 'ttlSeconds'> & { readonly contentBytes: number }): WorkEstimate;
  /** How long the work of a queued message takes from its start; null when none is to be done, or the speed is not known. */
  workSeconds(id: number): number | null;
  outgoing(): OutgoingMessage[];
  outgoingById(id: number): OutgoingMessage | undefined;
  status(): NodeStatus;
}

/** A node that another program's things can be brought into. */
export interface OpenNode extends BitmessageNode {
  readonly takeover: Takeover;
}
