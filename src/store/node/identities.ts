/** The identities and chans whose private keys we hold, and what we still owe for each: a pubkey, a look back. */
import type { Database } from '../database.js';

export interface IdentityRow {
  /** Another one when it was removed and made again. */
  readonly id: number;
  readonly address: string;
  readonly label: string;
  readonly chan: boolean;
  readonly enabled: boolean;
  /** 32 bytes each; empty where they are sealed. */
  readonly signingPrivateKey: Uint8Array;
  readonly encryptionPrivateKey: Uint8Array;
  /** Both private keys, and the label of a chan, in a form that the owner alone opens; null: they stand as they are. */
  readonly sealed: Uint8Array | null;
  /** Public keys, 64 bytes each: kept, because computing them takes a millisecond. */
  readonly signingKey: Uint8Array;
  readonly encryptionKey: Uint8Array;
  /** What it demands of a msg; 0: what the network demands. */
  readonly demandTrials: number;
  readonly demandExtraBytes: number;
  /** Whether it says that it has received a message. */
  readonly sendsAcks: boolean;
  /** The name that goes before subjects when what it receives is broadcast again, else null. */
  readonly mailingList: string | null;
  /** Of what it sends, 0: as in the settings. */
  readonly ttlSeconds: number;
  /** What it sends waits at random for at most this, null: as in the settings. */
  readonly sendDelaySeconds: number | null;
  readonly signatureDigest: 'sha1' | 'sha256';
  readonly createdAt: number;
  readonly pubkeyExpiresAt: number;
  readonly pubkeyAnsweredAt: number;
  readonly pubkeyDueAt: number;
  /** Inventory id from which a look back goes on, -1: none runs. */
  readonly rescanAfter: number;
}

export interface DeletedIdentityRow {
  readonly address: string;
  readonly label: string;
  readonly deletedAt: number;
}

/** The keys stay where they were, so that whatever protects them goes on protecting them. */
export const IDENTITY_DELETION_SCHEMA =
  'ALTER TABLE identities ADD COLUMN deleted_at INTEGER NOT NULL DEFAULT 0; -- UnixSeconds, 0 = it is not';

export type NewIdentityRow = Omit<
  IdentityRow,
  | 'id'
  | 'enabled'
  | 'sendsAcks'
  | 'mailingList'
  | 'ttlSeconds'
  | 'sendDelaySeconds'
  | 'signatureDigest'
  | 'demandTrials'
  | 'demandExtraBytes'
  | 'pubkeyExpiresAt'
  | 'pubkeyAnsweredAt'
  | 'pubkeyDueAt'
>;

export type IdentitySecrets = Pick<IdentityRow, 'label' | 'signingPrivateKey' | 'encryptionPrivateKey' | 'sealed'>;

export type IdentityChange = Partial<
  Pick<
    IdentityRow,
    | 'label'
    | 'enabled'
    | 'sendsAcks'
    | 'mailingList'
    | 'ttlSeconds'
    | 'sendDelaySeconds'
    | 'signatureDigest'
    | 'demandTrials'
    | 'demandExtraBytes'
    | 'pubkeyExpiresAt'
    | 'pubkeyAnsweredAt'
    | 'pubkeyDueAt'
    | 'rescanAfter'
  >
>;

export class IdentityTable {
  constructor(private readonly database: Database) {}

  /** Answers false, and changes nothing, when the address is already there. One that was deleted is there again, as it was but for its name. */
  insert(row: NewIdentityRow): boolean {
    const { changes } = this.database.run(
      `INSERT INTO identities (address, label, chan, signing_private_key, encryption_private_key, sealed, signing_key, encryption_key,
         created_at, rescan_after)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (address) DO UPDATE SET deleted_at = 0, signing_private_key = excluded.signing_private_key,
         encryption_private_key = excluded.encryption_private_key, sealed = excluded.sealed, label = excluded.label, chan = excluded.chan, rescan_after = excluded.rescan_after
         WHERE deleted_at > 0`,
      row.address,
      row.label,
      Number(row.chan),
      row.signingPrivateKey,
      row.encryptionPrivateKey,
      row.sealed,
      row.signingKey,
      row.encryptionKey,
      row.createdAt,
      row.rescanAfter,
    );
    return changes > 0;
  }

  /** Oldest first. */
  all(): IdentityRow[] {
    return this.database.all<RawRow>('SELECT * FROM identities WHERE deleted_at = 0 ORDER BY id').map(toRow);
  }

  /** Those too that can still be brought back. */
  withDeleted(): IdentityRow[] {
    return this.database.all<RawRow>('SELECT * FROM identities ORDER BY id').map(toRow);
  }

  /** Those that can still be brought back, the last deleted first. */
  deleted(): DeletedIdentityRow[] {
    return this.database.all(
      'SELECT address, label, deleted_at AS deletedAt FROM identities WHERE deleted_at > 0 ORDER BY deleted_at DESC, id',
    );
  }

  /** @param at 0: it is not deleted any more. Answers false when that is how it was. */
  setDeleted(address: string, at: number): boolean {
    return (
      this.database.run('UPDATE identities SET deleted_at = ?1 WHERE address = ?2 AND (deleted_at > 0) <> (?1 > 0)', at, address).changes >
      0
    );
  }

  /** Forgets the keys of what was deleted before that time. */
  removeDeletedBefore(time: number): void {
    this.database.run('DELETE FROM identities WHERE deleted_at > 0 AND deleted_at < ?', time);
  }

  update(address: string, change: IdentityChange): void {
    const before = this.database.get<RawRow>('SELECT * FROM identities WHERE address = ?', address);
    if (before === undefined) return;
    const row = { ...toRow(before), ...change };
    this.database.run(
      `UPDATE identities SET label = ?, enabled = ?, sends_acks = ?, mailing_list = ?, ttl_seconds = ?, send_delay_seconds = ?,
       signature_digest = ?, demand_trials = ?, demand_extra_bytes = ?, pubkey_expires_at = ?, pubkey_answered_at = ?, pubkey_due_at = ?, rescan_after = ? WHERE address = ?`,
      row.label,
      Number(row.enabled),
      Number(row.sendsAcks),
      row.mailingList,
      row.ttlSeconds,
      row.sendDelaySeconds,
      row.signatureDigest,
      row.demandTrials,
      row.demandExtraBytes,
      row.pubkeyExpiresAt,
      row.pubkeyAnsweredAt,
      row.pubkeyDueAt,
      row.rescanAfter,
      address,
    );
  }

  /** Of those that still stand at `before`. A batch: after a power failure they look back once more. */
  setRescanAfter(ids: readonly number[], before: number, after: number): void {
    this.database.batch(() => {
      for (const id of ids)
        this.database.run('UPDATE identities SET rescan_after = ? WHERE id = ? AND rescan_after = ?', after, id, before);
    });
  }

  /** Keeps what is secret of it in another form. */
  setSecrets(address: string, { label, signingPrivateKey, encryptionPrivateKey, sealed }: IdentitySecrets): void {
    this.database.run(
      'UPDATE identities SET label = ?, signing_private_key = ?, encryption_private_key = ?, sealed = ? WHERE address = ?',
      label,
      signingPrivateKey,
      encryptionPrivateKey,
      sealed,
      address,
    );
  }

  /** Forgets the keys for good. */
  remove(address: string): void {
    this.database.run('DELETE FROM identities WHERE address = ?', address);
  }
}

interface RawRow {
  id: number;
  address: string;
  label: string;
  chan: number;
  enabled: number;
  signing_private_key: Uint8Array;
  encryption_private_key: Uint8Array;
  sealed: Uint8Array | null;
  signing_key: Uint8Array;
  encryption_key: Uint8Array;
  demand_trials: number;
  demand_extra_bytes: number;
  sends_acks: number;
  mailing_list: string | null;
  ttl_seconds: number;
  send_delay_seconds: number | null;
  signature_digest: string;
  created_at: number;
  pubkey_expires_at: number;
  pubkey_answered_at: number;
  pubkey_due_at: number;
  rescan_after: number;
}

function toRow(raw: RawRow): IdentityRow {
  return {
    id: raw.id,
    address: raw.address,
    label: raw.label,
    chan: raw.chan === 1,
    enabled: raw.enabled === 1,
    signingPrivateKey: raw.signing_private_key,
    encryptionPrivateKey: raw.encryption_private_key,
    sealed: raw.sealed,
    signingKey: raw.signing_key,
    encryptionKey: raw.encryption_key,
    demandTrials: raw.demand_trials,
    demandExtraBytes: raw.demand_extra_bytes,
    sendsAcks: raw.sends_acks === 1,
    mailingList: raw.mailing_list,
    ttlSeconds: raw.ttl_seconds,
    sendDelaySeconds: raw.send_delay_seconds,
    signatureDigest: raw.signature_digest === 'sha1' ? 'sha1' : 'sha256',
    createdAt: raw.created_at,
    pubkeyExpiresAt: raw.pubkey_expires_at,
    pubkeyAnsweredAt: raw.pubkey_answered_at,
    pubkeyDueAt: raw.pubkey_due_at,
    rescanAfter: raw.rescan_after,
  };
}
