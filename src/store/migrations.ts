/** Brings a database file to the present schema, one numbered step after the other. A released step is never edited. */
import { CHAN_LIMITS_SCHEMA } from './chan-limits.js';
import { CONTACTS_SCHEMA } from './contacts.js';
import type { Database } from './database.js';
import { HELD_MAIL_SCHEMA } from './held-mail.js';
import { IMPORTS_SCHEMA } from './imports.js';
import { KEY_SLOTS_SCHEMA } from './key-slots.js';
import { LINKS_SCHEMA } from './links/schema.js';
import { RELEASE_REQUEST_SCHEMA } from './links/submissions.js';
import { COPY_LOG_SCHEMA } from './mail/copy-log.js';
import { SENT_DAY_SCHEMA } from './mail/entry-conditions.js';
import { DELETED_SIZE_SCHEMA } from './mail/entry-counts.js';
import { separateEntryStates } from './mail/entry-states-step.js';
import { ENVELOPES_SCHEMA } from './mail/envelopes.js';
import { LARGE_MESSAGES_SCHEMA } from './mail/large-messages.js';
import { LISTED_FIELDS_SCHEMA } from './mail/listed-fields.js';
import { ARRANGING_SCHEMA, FIRST_ADDRESSES_SCHEMA } from './mail/message-columns.js';
import { METADATA_SCHEMA } from './mail/metadata.js';
import { REMOVED_ENTRIES_SCHEMA } from './mail/removed-entries.js';
import { REMOVED_FOLDERS_SCHEMA } from './mail/removed-folders.js';
import { MAIL_SCHEMA } from './mail/schema.js';
import { STAGED_MESSAGES_SCHEMA } from './mail/staged-messages.js';
import { BINARY_SIZES_SCHEMA, PART_INDEX_SCHEMA, SUMMARIES_SCHEMA } from './mail/summaries.js';
import { OWN_INDEX_FILE_SCHEMA, OWN_MERGES_SCHEMA } from './mail/text-backlog.js';
import { IDENTITY_DELETION_SCHEMA } from './node/identities.js';
import { IDENTITY_SETTINGS_SCHEMA } from './node/messaging-schema.js';
import { NODE_SCHEMA } from './node/schema.js';
import { ORDERS_SCHEMA } from './orders.js';
import { READINGS_SCHEMA } from './readings.js';
import { SPELLINGS_SCHEMA } from './spellings.js';

/** SQL, or a function where that does not do; inside a transaction. */
export type Step = string | ((database: Pick<Database, 'all' | 'exec' | 'get' | 'run'>) => void);

/** What each step does, from an empty file on. */
export const STEPS: readonly Step[] = [
  MAIL_SCHEMA +
    METADATA_SCHEMA +
    COPY_LOG_SCHEMA +
    NODE_SCHEMA +
    LINKS_SCHEMA +
    HELD_MAIL_SCHEMA +
    CONTACTS_SCHEMA +
    IMPORTS_SCHEMA +
    ORDERS_SCHEMA +
    READINGS_SCHEMA,
  IDENTITY_SETTINGS_SCHEMA,
  SPELLINGS_SCHEMA,
  DELETED_SIZE_SCHEMA,
  IDENTITY_DELETION_SCHEMA,
  CHAN_LIMITS_SCHEMA,
  REMOVED_FOLDERS_SCHEMA,
  ENVELOPES_SCHEMA,
  KEY_SLOTS_SCHEMA,
  OWN_MERGES_SCHEMA,
  OWN_INDEX_FILE_SCHEMA,
  LARGE_MESSAGES_SCHEMA,
  separateEntryStates,
  REMOVED_ENTRIES_SCHEMA,
  SUMMARIES_SCHEMA,
  BINARY_SIZES_SCHEMA,
  SENT_DAY_SCHEMA,
  STAGED_MESSAGES_SCHEMA,
  ARRANGING_SCHEMA,
  LISTED_FIELDS_SCHEMA,
  PART_INDEX_SCHEMA,
  FIRST_ADDRESSES_SCHEMA,
  RELEASE_REQUEST_SCHEMA,
];

/** @throws Error when the file was written by a newer version of the program */
export function migrate(database: Database): void {
  const version = database.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  if (version > STEPS.length) throw new Error(`the database has schema ${version}, this program knows ${STEPS.length}: update Postern`);
  for (let step = version; step < STEPS.length; step++) {
    database.transaction(() => {
      take(STEPS[step], database);
      database.exec(`PRAGMA user_version = ${step + 1}`);
    });
  }
}

export function take(step: Step, database: Pick<Database, 'all' | 'exec' | 'get' | 'run'>): void {
  if (typeof step === 'string') database.exec(step);
  else step(database);
}
