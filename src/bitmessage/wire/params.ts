/** What distinguishes one Bitmessage network from another, and the constants that all of them share. */

export interface NetworkParams {
  readonly name: 'main' | 'private';
  /** First four bytes of every packet. */
  readonly magic: number;
  /** Demanded of every object; the configuration may lower it for a test network. */
  readonly minNonceTrialsPerByte: number;
  readonly minExtraBytes: number;
  readonly defaultPort: number;
  /** Names to ask for first peers, "host:port". */
  readonly bootstrapHosts: readonly string[];
  /** Peers that ship with the program, "host:port". */
  readonly builtInNodes: readonly string[];
}

/** Source: PROTOCOL 1.1 and 1.13 (PyBitmessage src/protocol.py, src/network/knownnodes.py). */
export const MAINNET: NetworkParams = {
  name: 'main',
  magic: 0xe9beb4d9,
  minNonceTrialsPerByte: 1000,
  minExtraBytes: 1000,
  defaultPort: 8444,
  bootstrapHosts: ['bootstrap8080.bitmessage.org:8080', 'bootstrap8444.bitmessage.org:8444'],
  builtInNodes: [
    '5.45.99.75:8444',
    '75.167.159.54:8444',
    '95.165.168.168:8444',
    '85.180.139.241:8444',
    '158.222.217.190:8080',
    '178.62.12.187:8448',
    '24.188.198.204:8111',
    '109.147.204.113:1195',
    '178.11.46.221:8444',
  ],
};

/** A network of one's own: other magic, so it never mixes with the main one; trivial work; nobody to ask. */
export const PRIVATE: NetworkParams = {
  name: 'private',
  magic: 0x504f5354, // "POST"
  minNonceTrialsPerByte: 1,
  minExtraBytes: 1,
  defaultPort: 8444,
  bootstrapHosts: [],
  builtInNodes: [],
};

export const PROTOCOL_VERSION = 3;
/** Bytes after the object header; PyBitmessage MAX_OBJECT_PAYLOAD_SIZE. */
export const MAX_OBJECT_PAYLOAD_BYTES = 262_144;
/** Whole object that we send: bmd and bitchan count the header too. */
export const MAX_SENT_OBJECT_BYTES = 262_144;
/** 28 days, the longest life that any sender may ask for. */
export const MAX_TTL_SECONDS = 2_419_200;
/** An object may expire at most 28 days and 3 hours from now. */
export const MAX_EXPIRY_AHEAD_SECONDS = 2_430_000;
/** An object that expired less than an hour ago is still taken. */
export const MAX_EXPIRED_SECONDS = 3_600;
/** Kept after expiry, so that a late peer's inv is recognised. */
export const KEEP_EXPIRED_SECONDS = 10_800;

export const OBJECT_GETPUBKEY = 0;
export const OBJECT_PUBKEY = 1;
export const OBJECT_MSG = 2;
export const OBJECT_BROADCAST = 3;
export const OBJECT_ONIONPEER = 0x746f72;

/** Streams are numbered 1 … 2^63 − 1. */
export type StreamNumber = bigint;
export const DEFAULT_STREAM: StreamNumber = 1n;
