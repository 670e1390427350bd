/** The rows of the peers we know of. */
import type { Database } from '../database.js';

export interface PeerRow {
  readonly host: string;
  readonly port: number;
  readonly stream: bigint;
  readonly services: bigint;
  /** UnixSeconds */
  readonly lastSeen: number;
  /** -1 … 1 */
  readonly rating: number;
  /** Dialled first after a restart. */
  readonly anchor: boolean;
}

interface RawRow {
  host: string;
  port: number;
  stream: string;
  services: string;
  last_seen: number;
  rating: number;
  anchor: number;
}

export class PeerStore {
  constructor(private readonly database: Database) {}

  all(): PeerRow[] {
    const sql = 'SELECT host, port, stream, services, last_seen, rating, anchor FROM peers ORDER BY id';
    return this.database.all<RawRow>(sql).map((row) => ({
      host: row.host,
      port: row.port,
      stream: BigInt(row.stream),
      services: BigInt(row.services),
      lastSeen: row.last_seen,
      rating: row.rating,
      anchor: row.anchor === 1,
    }));
  }

  /** Writes these rows and deletes those. */
  save(changed: Iterable<PeerRow>, gone: Iterable<Pick<PeerRow, 'host' | 'port' | 'stream'>>): void {
    this.database.batch(() => {
      for (const row of gone)
        this.database.run('DELETE FROM peers WHERE stream = ? AND host = ? AND port = ?', row.stream.toString(), row.host, row.port);
      for (const row of changed) {
        this.database.run(
          `INSERT INTO peers (host, port, stream, services, last_seen, rating, anchor) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (stream, host, port)
           DO UPDATE SET services = excluded.services, last_seen = excluded.last_seen, rating = excluded.rating, anchor = excluded.anchor`,
          row.host,
          row.port,
          row.stream.toString(),
          row.services.toString(),
          row.lastSeen,
          row.rating,
          row.anchor ? 1 : 0,
        );
      }
    });
  }
}
