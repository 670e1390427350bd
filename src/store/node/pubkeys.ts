/** The public keys of others: those that we know, and those that we have asked the network for. */
import type { Database } from '../database.js';

export interface PubkeyRow {
  readonly address: string;
  readonly bitfield: number;
  /** Public keys as they travel, 64 bytes each. */
  readonly signingKey: Uint8Array;
  readonly encryptionKey: Uint8Array;
  readonly demandTrials: number;
  readonly demandExtraBytes: number;
  /** Expiry of the pubkey object that brought it; 0: a message did. */
  readonly objectExpiresAt: number;
}

export interface PubkeyRequest {
  /** How many getpubkey objects went out. */
  readonly requests: number;
  readonly askAgainAt: number;
}

export class PubkeyTable {
  constructor(private readonly database: Database) {}

  get(address: string): PubkeyRow | undefined {
    const raw = this.database.get<RawRow>('SELECT * FROM pubkeys WHERE address = ?', address);
    if (raw === undefined) return undefined;
    return {
      address: raw.address,
      bitfield: raw.bitfield,
      signingKey: raw.signing_key,
      encryptionKey: raw.encryption_key,
      demandTrials: raw.demand_trials,
      demandExtraBytes: raw.demand_extra_bytes,
      objectExpiresAt: raw.object_expires_at,
    };
  }

  /** Keeps a key; a pubkey object that expires earlier than the last one is an old one replayed, and changes nothing. */
  put(row: PubkeyRow, learntAt: number): void {
    this.database.run(
      `INSERT INTO pubkeys (address, bitfield, signing_key, encryption_key, demand_trials, demand_extra_bytes, object_expires_at, learnt_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (address) DO UPDATE SET bitfield = excluded.bitfield, signing_key = excluded.signing_key,
         encryption_key = excluded.encryption_key, demand_trials = excluded.demand_trials,
         demand_extra_bytes = excluded.demand_extra_bytes, object_expires_at = max(excluded.object_expires_at, pubkeys.object_expires_at), learnt_at = excluded.learnt_at
       WHERE excluded.object_expires_at = 0 OR excluded.object_expires_at >= pubkeys.object_expires_at`,
      row.address,
      row.bitfield,
      row.signingKey,
      row.encryptionKey,
      row.demandTrials,
      row.demandExtraBytes,
      row.objectExpiresAt,
      learntAt,
    );
  }

  /** Forgets a key that turned out to be none. */
  remove(address: string): void {
    this.database.run('DELETE FROM pubkeys WHERE address = ?', address);
  }

  request(address: string): PubkeyRequest | undefined {
    const raw = this.database.get<{ requests: number; ask_again_at: number }>(
      'SELECT requests, ask_again_at FROM pubkey_requests WHERE address = ?',
      address,
    );
    return raw === undefined ? undefined : { requests: raw.requests, askAgainAt: raw.ask_again_at };
  }

  /** Notes that one more getpubkey went out. */
  putRequest(address: string, askAgainAt: number): void {
    this.database.run(
      `INSERT INTO pubkey_requests (address, requests, ask_again_at) VALUES (?, 1, ?)
       ON CONFLICT (address) DO UPDATE SET requests = requests + 1, ask_again_at = excluded.ask_again_at`,
      address,
      askAgainAt,
    );
  }

  /** Takes over that another program has asked. */
  takeRequest(address: string, { requests, askAgainAt }: PubkeyRequest): void {
    this.database.run(
      'INSERT INTO pubkey_requests (address, requests, ask_again_at) VALUES (?, ?, ?) ON CONFLICT (address) DO NOTHING',
      address,
      requests,
      askAgainAt,
    );
  }

  removeRequest(address: string): void {
    this.database.run('DELETE FROM pubkey_requests WHERE address = ?', address);
  }
}

interface RawRow {
  address: string;
  bitfield: number;
  signing_key: Uint8Array;
  encryption_key: Uint8Array;
  demand_trials: number;
  demand_extra_bytes: number;
  object_expires_at: number;
}
