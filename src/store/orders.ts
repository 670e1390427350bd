/** What people wrote to the control address: kept until it is carried out and answered, each thing once. For mapping alone. */
import type { Database } from './database.js';

export const ORDERS_SCHEMA = `
CREATE TABLE control_order (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  identity   TEXT    NOT NULL,               -- who ordered, and reads the answer
  message_id TEXT    NOT NULL,               -- Message-ID header, "<...>"
  refs       TEXT    NOT NULL,               -- References header of the answer
  subject    TEXT    NOT NULL,
  lines      TEXT    NOT NULL,               -- JSON; emptied once answered: a passphrase may stand there
  answers    TEXT    NOT NULL DEFAULT '[]',  -- JSON, one for each line that is done
  begun      INTEGER NOT NULL DEFAULT 0,     -- how many lines were begun
  answered   INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,               -- UnixSeconds
  UNIQUE (identity, message_id)
) STRICT;
`;

export interface NewOrder {
  readonly identity: string;
  readonly messageId: string;
  readonly references: string;
  readonly subject: string;
  readonly lines: readonly string[];
  readonly createdAt: number;
}

export interface Order extends NewOrder {
  readonly id: number;
  readonly answers: readonly string[];
  readonly begun: number;
}

type OrderRow = Omit<Order, 'lines' | 'answers'> & { lines: string; answers: string };

export class Orders {
  constructor(private readonly database: Database) {}

  /** Answers false, and changes nothing, when the same mail came before. */
  add(order: NewOrder): boolean {
    return (
      this.database.run(
        `INSERT INTO control_order (identity, message_id, refs, subject, lines, created_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (identity, message_id) DO NOTHING`,
        order.identity,
        order.messageId,
        order.references,
        order.subject,
        JSON.stringify(order.lines),
        order.createdAt,
      ).changes > 0
    );
  }

  /** The oldest that is not answered. */
  first(): Order | undefined {
    const row = this.database.get<OrderRow>(
      `SELECT id, identity, message_id AS messageId, refs AS "references", subject, lines, answers, begun, created_at AS createdAt
       FROM control_order WHERE answered = 0 ORDER BY id LIMIT 1`,
    );
    return row && { ...row, lines: JSON.parse(row.lines) as string[], answers: JSON.parse(row.answers) as string[] };
  }

  setBegun(id: number, begun: number): void {
    this.database.run('UPDATE control_order SET begun = ? WHERE id = ?', begun, id);
  }

  setAnswers(id: number, answers: readonly string[]): void {
    this.database.run('UPDATE control_order SET answers = ? WHERE id = ?', JSON.stringify(answers), id);
  }

  /** True the first time. What was ordered and answered is forgotten; that the mail came is not. */
  close(id: number): boolean {
    return (
      this.database.run("UPDATE control_order SET answered = 1, lines = '[]', answers = '[]' WHERE id = ? AND answered = 0", id).changes > 0
    );
  }

  prune(before: number): void {
    this.database.run('DELETE FROM control_order WHERE answered = 1 AND created_at < ?', before);
  }
}
