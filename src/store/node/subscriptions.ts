/** Whose broadcasts we read. */
import type { Database } from '../database.js';

export interface SubscriptionRow {
  /** Another one when it was removed and made again. */
  readonly id: number;
  readonly address: string;
  readonly label: string;
  readonly enabled: boolean;
  /** Inventory id from which a look back for broadcasts goes on, -1: none runs. */
  readonly rescanAfter: number;
}

export class SubscriptionTable {
  constructor(private readonly database: Database) {}

  /** Subscribes and asks for a look back; of one that is there only the label changes. Answers whether it is new. */
  put(address: string, label: string, createdAt: number): boolean {
    const { changes } = this.database.run('UPDATE broadcast_subscriptions SET label = ? WHERE address = ?', label, address);
    if (changes > 0) return false;
    this.database.run(
      'INSERT INTO broadcast_subscriptions (address, label, created_at, rescan_after) VALUES (?, ?, ?, 0)',
      address,
      label,
      createdAt,
    );
    return true;
  }

  /** Takes one over as it was elsewhere, without a look back; false, and nothing changes, when it is there. */
  insert({ address, label, enabled }: Omit<SubscriptionRow, 'id' | 'rescanAfter'>, createdAt: number): boolean {
    return (
      this.database.run(
        `INSERT INTO broadcast_subscriptions (address, label, enabled, created_at, rescan_after) VALUES (?, ?, ?, ?, -1)
         ON CONFLICT (address) DO NOTHING`,
        address,
        label,
        Number(enabled),
        createdAt,
      ).changes > 0
    );
  }

  /** Oldest first. */
  all(): SubscriptionRow[] {
    return this.database
      .all<{ id: number; address: string; label: string; enabled: number; rescan_after: number }>(
        'SELECT id, address, label, enabled, rescan_after FROM broadcast_subscriptions ORDER BY id',
      )
      .map((raw) => ({ id: raw.id, address: raw.address, label: raw.label, enabled: raw.enabled === 1, rescanAfter: raw.rescan_after }));
  }

  setRescanAfter(id: number, afterId: number): void {
    this.database.run('UPDATE broadcast_subscriptions SET rescan_after = ? WHERE id = ?', afterId, id);
  }

  remove(address: string): void {
    this.database.run('DELETE FROM broadcast_subscriptions WHERE address = ?', address);
  }
}
