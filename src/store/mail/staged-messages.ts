/** Messages on their way in: brought onto the disk step by step, seen by nobody until a folder takes them all at once. What none takes is deleted. */
import type { Database } from '../database.js';
import { DeletionBudget } from './deletion-budget.js';
import { type LargeMessageWriter, writeLarge } from './large-messages.js';
import type { Describe } from './message-types.js';
import { deleteOrphans, insertDescription, insertMessage } from './messages.js';
import { exactRuns } from './uid-runs.js';

export const STAGED_MESSAGES_SCHEMA = `
-- Messages that no folder has taken yet, and perhaps none will.
CREATE TABLE staged_messages (message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE) STRICT;
`;

/** Of more, whoever brings them in waits for the disk at once. */
const WAITED_FOR_BYTES = 2 ** 18;

/** Stands for a message that is in the store already. */
export interface StagedMessage {
  readonly messageId: number;
  /** Bytes. */
  readonly length: number;
}

/** What one command brings in before it is known that all of it will do. */
export interface MessageStaging {
  /** Writes messages in one step. */
  add(raws: readonly Buffer[]): StagedMessage[];
  /** Begins a message of more than LARGE_MESSAGE_BYTES, whose bytes follow piece by piece. */
  beginLarge(description: ReturnType<Describe>, length: number): { readonly message: StagedMessage; readonly add: LargeMessageWriter };
  /** What no folder has taken until now is deleted in the background. */
  close(): void;
}

/** Those that a folder may still take: the sweeper leaves them, whoever has begun them. */
const heldMessages = new WeakMap<Database, Set<number>>();

export class StagedMessages {
  readonly #held: Set<number>;
  readonly #watchers = new Set<() => void>();

  constructor(private readonly database: Database) {
    this.#held = heldMessages.get(database) ?? new Set();
    heldMessages.set(database, this.#held);
  }

  begin(describe: Describe): MessageStaging {
    const own: number[] = [];
    const hold = (messages: StagedMessage[]): StagedMessage[] => {
      for (const { messageId } of messages) {
        own.push(messageId);
        this.#held.add(messageId);
      }
      return messages;
    };
    return {
      add: (raws) => {
        const bytes = raws.reduce((sum, { length }) => sum + length, 0);
        const insert = (): StagedMessage[] => raws.map((raw) => this.#note(insertMessage(this.database, describe, raw), raw.length));
        // What puts them into a folder brings them onto the disk as well; but it shall not have much to bring.
        return hold(bytes > WAITED_FOR_BYTES ? this.database.transaction(insert) : this.database.batch(insert));
      },
      beginLarge: (description, length) =>
        this.database.transaction(() => {
          const [message] = hold([this.#note(insertDescription(this.database, description, length), length)]);
          return { message, add: writeLarge(this.database, message.messageId, description.headerBytes) };
        }),
      close: () => {
        for (const id of own.splice(0)) this.#held.delete(id);
        for (const watcher of this.#watchers) watcher();
      },
    };
  }

  /** Tells when something may be left to delete. Answers the way to stop. */
  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** Deletes up to so many of those that no folder will take. Answers false when there is nothing left to do. */
  deleteNext(count: number): boolean {
    const rows = this.database
      .all<{ id: number; size: number }>(
        // CROSS: the few that are staged first, not all messages one after the other.
        'SELECT id, size FROM staged_messages CROSS JOIN messages ON id = message_id ORDER BY message_id LIMIT ?',
        count + this.#held.size,
      )
      .filter(({ id }) => !this.#held.has(id));
    if (rows.length === 0) return false;
    const next = new DeletionBudget().take(rows.slice(0, count));
    // A batch: what a power failure brings back is deleted again.
    this.database.batch(() =>
      deleteOrphans(
        this.database,
        next.map(({ id }) => id),
      ),
    );
    return true;
  }

  #note(messageId: number, length: number): StagedMessage {
    this.database.run('INSERT INTO staged_messages (message_id) VALUES (?)', messageId);
    return { messageId, length };
  }
}

/** Belongs into the transaction in which a folder takes these messages. */
export function takeStaged(database: Database, messageIds: readonly number[]): void {
  let taken = 0;
  for (const { first, last } of exactRuns([...messageIds].sort((a, b) => a - b))) {
    taken += database.run('DELETE FROM staged_messages WHERE message_id BETWEEN ? AND ?', first, last).changes;
  }
  if (taken !== messageIds.length) throw new Error('what was brought in is not there');
}
