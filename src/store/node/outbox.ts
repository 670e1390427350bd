/** What we send: one row per message, its state, and how far the house has been told of it. */
import type { Database } from '../database.js';

export interface OutboxRow {
  readonly id: number;
  readonly kind: string;
  readonly sender: string;
  readonly recipient: string;
  readonly state: string;
  /** The time that belongs to the state, 0: none does. */
  readonly stateTime: number;
  readonly reason: string;
  readonly since: number;
  readonly createdAt: number;
  readonly attempts: number;
  /** When the user wanted a failure tried again, 0: never. */
  readonly retriedAt: number;
  readonly objectHash: Uint8Array | null;
  /** Counts the changes of state; see `reported`. */
  readonly change: number;
}

export interface OutboxContent {
  readonly encoding: number;
  readonly content: Uint8Array;
  readonly ttlSeconds: number;
  readonly ackdata: Uint8Array | null;
}

export interface NewOutboxRow extends OutboxState {
  readonly kind: string;
  readonly sender: string;
  readonly recipient: string;
  readonly encoding: number;
  readonly content: Uint8Array;
  readonly ttlSeconds: number;
  readonly createdAt: number;
}

/** A message that another program has begun to send. */
export interface BegunOutboxRow extends NewOutboxRow {
  readonly attempts: number;
  readonly ackdata: Uint8Array | null;
  readonly objectHash: Uint8Array | null;
}

export interface OutboxState {
  readonly state: string;
  readonly stateTime: number;
  readonly reason: string;
}

const COLUMNS = 'id, kind, sender, recipient, state, state_time, reason, since, created_at, attempts, retried_at, object_hash, change';

/** Of one statement: as many as the receiver looks at together. */
const ACKDATA_PLACES = Array.from({ length: 64 }, (_, place) => place);

export class OutboxTable {
  constructor(private readonly database: Database) {}

  insert(row: NewOutboxRow): number {
    return this.database.run(
      `INSERT INTO outbox (kind, sender, recipient, encoding, content, ttl_seconds, state, state_time, reason, since, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.kind,
      row.sender,
      row.recipient,
      row.encoding,
      row.content,
      row.ttlSeconds,
      row.state,
      row.stateTime,
      row.reason,
      row.createdAt,
      row.createdAt,
    ).lastId;
  }

  /** The house is still to be told how it stands. */
  insertBegun(row: BegunOutboxRow): number {
    const id = this.insert(row);
    this.database.run(
      'UPDATE outbox SET attempts = ?, ackdata = ?, object_hash = ?, change = 1 WHERE id = ?',
      row.attempts,
      row.ackdata,
      row.objectHash,
      id,
    );
    return id;
  }

  get(id: number): OutboxRow | undefined {
    const raw = this.database.get<RawRow>(`SELECT ${COLUMNS} FROM outbox WHERE id = ?`, id);
    return raw === undefined ? undefined : toRow(raw);
  }

  content(id: number): OutboxContent | undefined {
    const raw = this.database.get<{ encoding: number; content: Uint8Array; ttl_seconds: number; ackdata: Uint8Array | null }>(
      'SELECT encoding, content, ttl_seconds, ackdata FROM outbox WHERE id = ?',
      id,
    );
    return raw === undefined
      ? undefined
      : { encoding: raw.encoding, content: raw.content, ttlSeconds: raw.ttl_seconds, ackdata: raw.ackdata };
  }

  /** Oldest first. */
  all(): OutboxRow[] {
    return this.database.all<RawRow>(`SELECT ${COLUMNS} FROM outbox ORDER BY id`).map(toRow);
  }

  inState(state: string): OutboxRow[] {
    return this.database.all<RawRow>(`SELECT ${COLUMNS} FROM outbox WHERE state = ? ORDER BY id`, state).map(toRow);
  }

  /** The oldest in this state. */
  firstInState(state: string): OutboxRow | undefined {
    const raw = this.database.get<RawRow>(`SELECT ${COLUMNS} FROM outbox WHERE state = ? ORDER BY id LIMIT 1`, state);
    return raw === undefined ? undefined : toRow(raw);
  }

  /** Those in this state whose time has come, or lies beyond `last`: that was said by a clock that was wrong. */
  due(state: string, now: number, last: number): OutboxRow[] {
    return this.database
      .all<RawRow>(
        `SELECT ${COLUMNS} FROM outbox WHERE state = ? AND (state_time <= ? OR state_time > ?) ORDER BY state_time, id`,
        state,
        now,
        last,
      )
      .map(toRow);
  }

  /** When the time of the next one in any of these states comes. */
  nextTime(...states: readonly string[]): number | undefined {
    const times = states.map(
      (state) => this.database.get<{ time: number | null }>('SELECT min(state_time) AS time FROM outbox WHERE state = ?', state)?.time,
    );
    return times.reduce<number | undefined>((least, time) => (typeof time === 'number' ? Math.min(time, least ?? time) : least), undefined);
  }

  /** Ids of the messages that wait for these, or waited once; by ackdata, in hex. One question for all: an ack is rare, and objects are many. */
  idsByAckdata(ackdatas: readonly Uint8Array[]): Map<string, number> {
    const sql = `SELECT id, ackdata FROM outbox WHERE ackdata IN (${ACKDATA_PLACES.map(() => '?').join(', ')})`;
    const found = new Map<string, number>();
    for (let first = 0; first < ackdatas.length; first += ACKDATA_PLACES.length) {
      const values = ACKDATA_PLACES.map((place) => ackdatas[first + place] ?? null);
      for (const { id, ackdata } of this.database.all<{ id: number; ackdata: Uint8Array }>(sql, ...values)) {
        found.set(Buffer.from(ackdata).toString('hex'), id);
      }
    }
    return found;
  }

  /** The message in this state whose newest object that is. */
  idByObject(objectHash: Uint8Array, state: string): number | undefined {
    return this.database.get<{ id: number }>('SELECT id FROM outbox WHERE state = ? AND object_hash = ?', state, objectHash)?.id;
  }

  /** Puts a message into another state; the house is still to be told. */
  setState(id: number, { state, stateTime, reason }: OutboxState, now: number): void {
    this.database.run(
      'UPDATE outbox SET state = ?, state_time = ?, reason = ?, since = ?, change = change + 1 WHERE id = ?',
      state,
      stateTime,
      reason,
      now,
      id,
    );
  }

  setAckdata(id: number, ackdata: Uint8Array): void {
    this.database.run('UPDATE outbox SET ackdata = ? WHERE id = ?', ackdata, id);
  }

  setRetried(id: number, retriedAt: number): void {
    this.database.run('UPDATE outbox SET retried_at = ? WHERE id = ?', retriedAt, id);
  }

  /** Counts one more time on the network. */
  setPublished(id: number, objectHash: Uint8Array): void {
    this.database.run('UPDATE outbox SET attempts = attempts + 1, object_hash = ? WHERE id = ?', objectHash, id);
  }

  /** Forgets the text of a message that will never be sent again. */
  dropContent(id: number): void {
    this.database.run("UPDATE outbox SET content = x'' WHERE id = ?", id);
  }

  /** Messages whose newest change the house has not confirmed, oldest first. */
  unreported(): OutboxRow[] {
    return this.database.all<RawRow>(`SELECT ${COLUMNS} FROM outbox WHERE reported < change ORDER BY id`).map(toRow);
  }

  setReported(id: number, change: number): void {
    this.database.run('UPDATE outbox SET reported = ? WHERE id = ? AND reported < ?', change, id, change);
  }

  /** Forgets messages that came into one of these final states before that time. */
  prune(states: readonly string[], before: number): void {
    for (const state of states) {
      this.database.run('DELETE FROM outbox WHERE state = ? AND since < ? AND reported = change', state, before);
    }
  }
}

interface RawRow {
  id: number;
  kind: string;
  sender: string;
  recipient: string;
  state: string;
  state_time: number;
  reason: string;
  since: number;
  created_at: number;
  attempts: number;
  retried_at: number;
  object_hash: Uint8Array | null;
  change: number;
}

function toRow(raw: RawRow): OutboxRow {
  return {
    id: raw.id,
    kind: raw.kind,
    sender: raw.sender,
    recipient: raw.recipient,
    state: raw.state,
    stateTime: raw.state_time,
    reason: raw.reason,
    since: raw.since,
    createdAt: raw.created_at,
    attempts: raw.attempts,
    retriedAt: raw.retried_at,
    objectHash: raw.object_hash,
    change: raw.change,
  };
}
