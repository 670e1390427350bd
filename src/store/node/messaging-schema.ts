/** What is ours: identities, subscriptions, the public keys we know, what we send, and what we have received. */

export const MESSAGING_SCHEMA = `
CREATE TABLE identities (
  id                 INTEGER PRIMARY KEY AUTOINCREMENT,
  address            TEXT    NOT NULL UNIQUE,         -- canonical
  label              TEXT    NOT NULL,
  chan               INTEGER NOT NULL,
  enabled            INTEGER NOT NULL DEFAULT 1,
  signing_private_key    BLOB NOT NULL,               -- 32 bytes
  encryption_private_key BLOB NOT NULL,
  signing_key        BLOB    NOT NULL,                -- public, 64 bytes
  encryption_key     BLOB    NOT NULL,
  demand_trials      INTEGER NOT NULL DEFAULT 0,      -- nonce trials per byte; 0: what the network demands
  demand_extra_bytes INTEGER NOT NULL DEFAULT 0,
  sends_acks         INTEGER NOT NULL DEFAULT 1,
  mailing_list       TEXT,                            -- the name before subjects; NULL: none, what comes is not broadcast again
  ttl_seconds        INTEGER NOT NULL DEFAULT 0,      -- of what it sends, 0: as in the settings
  created_at         INTEGER NOT NULL,                -- UnixSeconds, as all times here
  pubkey_expires_at  INTEGER NOT NULL DEFAULT 0,      -- of our newest pubkey object, 0: none was published
  pubkey_answered_at INTEGER NOT NULL DEFAULT 0,      -- when a getpubkey was last answered
  pubkey_due_at      INTEGER NOT NULL DEFAULT 0,      -- a getpubkey is to be answered then, 0: none waits
  rescan_after       INTEGER NOT NULL DEFAULT -1      -- inventory id from which a look back goes on, -1: none runs
) STRICT;

CREATE TABLE broadcast_subscriptions (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  address      TEXT    NOT NULL UNIQUE,
  label        TEXT    NOT NULL,
  enabled      INTEGER NOT NULL DEFAULT 1,
  created_at   INTEGER NOT NULL,
  rescan_after INTEGER NOT NULL DEFAULT -1
) STRICT;

CREATE TABLE pubkeys (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  address        TEXT    NOT NULL UNIQUE,
  bitfield       INTEGER NOT NULL,
  signing_key    BLOB    NOT NULL,                    -- public, as it travels
  encryption_key BLOB    NOT NULL,
  demand_trials  INTEGER NOT NULL,
  demand_extra_bytes INTEGER NOT NULL,
  object_expires_at  INTEGER NOT NULL,                -- of the newest pubkey object, 0: only messages brought it
  learnt_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE pubkey_requests (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  address      TEXT    NOT NULL UNIQUE,
  requests     INTEGER NOT NULL,                      -- getpubkey objects published so far
  ask_again_at INTEGER NOT NULL
) STRICT;

CREATE TABLE outbox (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,      -- never re-used: links point at it
  kind        TEXT    NOT NULL,                       -- 'message' or 'broadcast'
  sender      TEXT    NOT NULL,
  recipient   TEXT    NOT NULL,
  encoding    INTEGER NOT NULL,
  content     BLOB    NOT NULL,                       -- emptied when nobody can need it any more
  ttl_seconds INTEGER NOT NULL,
  state       TEXT    NOT NULL,                       -- Outgoing['state']
  state_time  INTEGER NOT NULL DEFAULT 0,             -- the time that belongs to the state, 0: none does
  reason      TEXT    NOT NULL DEFAULT '',            -- of a failure
  since       INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  attempts    INTEGER NOT NULL DEFAULT 0,             -- how often it was published
  retried_at  INTEGER NOT NULL DEFAULT 0,             -- when the user wanted a failure tried again, 0: never
  ackdata     BLOB,                                   -- object[16:] of the ack; the same for every attempt
  object_hash BLOB,                                   -- of the newest object
  change      INTEGER NOT NULL DEFAULT 0,             -- counts the changes of state
  reported    INTEGER NOT NULL DEFAULT 0              -- the change that the house has confirmed
) STRICT;
CREATE UNIQUE INDEX outbox_ackdata ON outbox (ackdata) WHERE ackdata IS NOT NULL;
CREATE INDEX outbox_state ON outbox (state, state_time);
CREATE INDEX outbox_unreported ON outbox (id) WHERE reported < change;

CREATE TABLE received (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  signature_hash BLOB    NOT NULL UNIQUE,
  content_hash   BLOB    NOT NULL,                    -- over sender, recipient, encoding and content
  recipient      TEXT    NOT NULL,
  received_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX received_content ON received (content_hash);
CREATE INDEX received_time ON received (received_at);

CREATE TABLE pending_acks (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  object     BLOB    NOT NULL UNIQUE,
  release_at INTEGER NOT NULL
) STRICT;

CREATE TABLE processing_failures (
  id    INTEGER PRIMARY KEY AUTOINCREMENT,
  hash  BLOB    NOT NULL UNIQUE,                      -- of an object on which the receiver stumbled
  tries INTEGER NOT NULL
) STRICT;
`;

/** What came to be set for each identity after the first release. */
export const IDENTITY_SETTINGS_SCHEMA = `
ALTER TABLE identities ADD COLUMN send_delay_seconds INTEGER;                      -- what it sends waits at most so long; NULL: as in the settings
ALTER TABLE identities ADD COLUMN signature_digest TEXT NOT NULL DEFAULT 'sha256'; -- or 'sha1'
`;
