/** A house to move into: real store, node and mapping, none of them started, at a time when the vectors' objects live. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/log.js';
import { createNode } from '../../src/bitmessage/create-node.js';
import { OPEN_VAULT } from '../../src/bitmessage/key-vault.js';
import type { OpenNode } from '../../src/bitmessage/node.js';
import { PRIVATE } from '../../src/bitmessage/wire/params.js';
import { Mapping } from '../../src/mapping/mapping.js';
import { Migration } from '../../src/migration/migration.js';
import { MigrationRefusal } from '../../src/migration/refusal.js';
import { describeMessage } from '../../src/mime/describe.js';
import { Database } from '../../src/store/database.js';
import { SqliteMailboxes } from '../../src/store/mail/mailboxes.js';
import { SqliteMessages } from '../../src/store/mail/messages.js';
import { english } from '../../src/words/english/english.js';
import { noClerk } from '../support/no-clerk.js';

/** When PyBitmessage wrote the vectors' data directory for the last time. */
export const NOW = 1_795_307_500;

/** Whether an import was refused in such words. */
export const isRefusal =
  (pattern: RegExp) =>
  (error: unknown): boolean =>
    error instanceof MigrationRefusal && pattern.test(error.message);

export interface HouseMail {
  readonly uid: number;
  readonly flags: readonly string[];
  readonly internalDate: number;
  readonly identity: string;
  readonly raw: string;
}

export class House {
  readonly directory = mkdtempSync(join(tmpdir(), 'postern-migration-'));
  readonly clock = new ManualClock(NOW);
  readonly database: Database;
  readonly mailboxes: SqliteMailboxes;
  readonly messages: SqliteMessages;
  readonly node: OpenNode;
  readonly mapping: Mapping;
  migration: Migration;

  constructor() {
    const { clock } = this;
    this.database = new Database(join(this.directory, 'postern.sqlite'));
    this.mailboxes = new SqliteMailboxes(this.database, describeMessage, clock);
    this.messages = new SqliteMessages(this.database);
    this.node = createNode(
      { network: { params: PRIVATE, peers: [], bootstrap: false, loopbackOnly: true } },
      {
        database: this.database,
        clock,
        log: silentLogger,
        listener: {
          deliver: (message) => this.mapping.listener.deliver(message),
          outgoingChanged: (message) => this.mapping.listener.outgoingChanged(message),
        },
      },
    );
    this.mapping = new Mapping({}, { ...this.#rooms(), messages: this.messages, vault: OPEN_VAULT, clerk: noClerk, words: english });
    this.mapping.groups.ensureFolders();
    this.migration = this.newMigration();
  }

  /** As after a restart. */
  newMigration(): Migration {
    return new Migration({ scratch: this.directory }, { ...this.#rooms(), groups: this.mapping.groups });
  }

  mails(path: string): HouseMail[] {
    const mailbox = this.mailboxes.find(path);
    if (mailbox === undefined) return [];
    return this.mailboxes
      .entries(mailbox.id, this.mailboxes.uids(mailbox.id, null))
      .map(({ uid, flags, internalDate, identity, messageId }) => ({
        uid,
        flags,
        internalDate,
        identity,
        raw: this.messages.raw(messageId).toString('utf8'),
      }));
  }

  end(): void {
    this.database.close();
    rmSync(this.directory, { recursive: true });
  }

  #rooms() {
    const { database, mailboxes, messages, node, clock } = this;
    return { database, mailboxes, messages, node, clock, log: silentLogger };
  }
}
