/** The tables that tie mails to Bitmessages, chans and subscriptions to their folders. */

export const LINKS_SCHEMA = `
CREATE TABLE received_link (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  object_hash    BLOB    NOT NULL UNIQUE,
  signature_hash BLOB    NOT NULL,
  content_digest BLOB    NOT NULL,           -- of sender, recipient, encoding and content: finds copies that were signed anew
  message_id     TEXT    NOT NULL,           -- Message-ID header, "<...>"
  thread         TEXT    NOT NULL,           -- who talks with whom about what: see mapping/threading
  refs           TEXT    NOT NULL,           -- References header of the mail
  sender         TEXT    NOT NULL,
  recipient      TEXT    NOT NULL,
  received_at    INTEGER NOT NULL,           -- UnixSeconds
  expires_at     INTEGER NOT NULL            -- UnixSeconds
) STRICT;
CREATE INDEX received_link_signature ON received_link (signature_hash);
CREATE INDEX received_link_digest ON received_link (content_digest);
CREATE INDEX received_link_message_id ON received_link (message_id);
CREATE INDEX received_link_thread ON received_link (thread);
CREATE INDEX received_link_sender ON received_link (sender);
CREATE INDEX received_link_recipient ON received_link (recipient, expires_at);

CREATE TABLE submission (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id  TEXT    NOT NULL,              -- Message-ID header, "<...>"
  content_id  INTEGER NOT NULL,              -- the store's id of the mail's text: the same in every folder
  identity    TEXT    NOT NULL,
  outbox_uid  INTEGER NOT NULL,              -- 0 = no longer in Outbox
  sent_uid    INTEGER NOT NULL,              -- 0 = not (yet) in Sent
  refs        TEXT    NOT NULL,              -- References header of the mail
  envelope_id TEXT    NOT NULL,              -- RFC 3461 ENVID, '' = none
  return_full INTEGER NOT NULL,              -- RFC 3461 RET=FULL
  created_at  INTEGER NOT NULL               -- UnixSeconds
) STRICT;
CREATE INDEX submission_message_id ON submission (message_id);
CREATE INDEX submission_outbox_uid ON submission (outbox_uid);

CREATE TABLE submission_recipient (
  outgoing_id   INTEGER PRIMARY KEY,         -- the node's id
  submission_id INTEGER NOT NULL REFERENCES submission (id) ON DELETE CASCADE,
  address       TEXT    NOT NULL,
  typed         TEXT    NOT NULL,            -- RCPT TO as the client wrote it
  original      TEXT    NOT NULL,            -- RFC 3461 ORCPT, '' = none
  notify        TEXT    NOT NULL,            -- RFC 3461 NOTIFY, comma-separated, '' = not said
  thread        TEXT    NOT NULL,
  standing      TEXT    NOT NULL,            -- mapping/standing
  was_out       INTEGER NOT NULL,            -- it was on the network at least once
  delay_told    INTEGER NOT NULL,
  object_hash   BLOB                         -- of the newest object
) STRICT;
CREATE INDEX submission_recipient_submission ON submission_recipient (submission_id);
CREATE INDEX submission_recipient_thread ON submission_recipient (thread);
CREATE INDEX submission_recipient_object ON submission_recipient (object_hash);

CREATE TABLE group_folder (
  address    TEXT    PRIMARY KEY,            -- the chan's or the broadcaster's
  kind       TEXT    NOT NULL,               -- 'chan' or 'subscription'
  mailbox_id INTEGER NOT NULL UNIQUE,        -- ids are never used again, so a rename keeps the connection
  joined     INTEGER NOT NULL,               -- 0 = left: the folder lies in Trash, and moving it back joins again
  passphrase TEXT    NOT NULL,               -- of a chan, for joining again; '' = not known
  left_at    INTEGER NOT NULL DEFAULT 0      -- UnixSeconds, 0 = joined
) STRICT;

CREATE TABLE said_once (topic TEXT PRIMARY KEY) STRICT; -- what a person need be told only once per data directory
`;
