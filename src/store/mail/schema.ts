/** The tables of the mail side: folders, what lies in them, and the text of the messages. */

export const MAIL_SCHEMA = `
CREATE TABLE mailboxes (
  id             INTEGER PRIMARY KEY AUTOINCREMENT, -- never re-used: sessions and links point at it
  path           TEXT    NOT NULL UNIQUE,           -- Unicode, "/" between the levels
  uid_validity   INTEGER NOT NULL UNIQUE,           -- never given twice, whatever the path
  uid_next       INTEGER NOT NULL DEFAULT 1,
  highest_modseq INTEGER NOT NULL DEFAULT 1,        -- RFC 7162: above 0 even in an empty folder
  recent_from    INTEGER NOT NULL DEFAULT 1,        -- the lowest UID that no session was told of
  forgotten_to   INTEGER NOT NULL DEFAULT 0,        -- expunges up to this mod-sequence are no longer in the log
  special_use    TEXT,
  selectable     INTEGER NOT NULL
) STRICT;

-- What no longer has a row anywhere: the last UIDVALIDITY that was given.
CREATE TABLE uid_validity (last INTEGER NOT NULL) STRICT;

CREATE TABLE subscriptions (path TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;

-- Columns that every search by header needs; the text itself is in a table of its own, so that these rows lie close together.
CREATE TABLE messages (
  id                INTEGER PRIMARY KEY AUTOINCREMENT, -- never re-used: it is the EMAILID
  size              INTEGER NOT NULL,                  -- bytes
  thread_id         INTEGER NOT NULL,
  sent_at           INTEGER,                           -- UnixSeconds; NULL without a Date that can be read
  sent_day          INTEGER,                           -- the day as the sender wrote it, days since 1970
  message_id_header TEXT    NOT NULL,
  reference_ids     TEXT    NOT NULL,                  -- Message-IDs separated by blanks, oldest first
  subject           TEXT    NOT NULL,
  sender            TEXT    NOT NULL,
  recipients        TEXT    NOT NULL,
  cc                TEXT    NOT NULL,
  bcc               TEXT    NOT NULL,
  structure         TEXT    NOT NULL,
  text_index        INTEGER NOT NULL DEFAULT 0         -- TEXT_INDEX: whether message_text can answer for it
) STRICT;
CREATE INDEX messages_message_id_header ON messages (message_id_header);
CREATE INDEX messages_thread_id ON messages (thread_id);
CREATE INDEX messages_text_index ON messages (id) WHERE text_index <> 1;

-- Which messages hold which three characters in a row: enough to leave most of them unread in a search, which then reads the
-- rest to be exact. Without places and without the text, so that it takes half the space of the text.
CREATE VIRTUAL TABLE message_text
  USING fts5(text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1');

-- The header first: reading it does not touch the pages of a long text.
CREATE TABLE bodies (
  message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
  header     BLOB NOT NULL,
  text       BLOB NOT NULL
) STRICT;

-- Every Message-ID seen in a thread, also of messages that never came: a late one finds its thread.
CREATE TABLE thread_names (
  name      TEXT    NOT NULL PRIMARY KEY,
  thread_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_names_thread_id ON thread_names (thread_id);

-- In the order in which folders are read. No row number: (folder, UID) is one already, and is never re-used.
CREATE TABLE entries (
  mailbox_id    INTEGER NOT NULL REFERENCES mailboxes (id),
  uid           INTEGER NOT NULL,
  modseq        INTEGER NOT NULL,
  flags         INTEGER NOT NULL, -- bits of SYSTEM_FLAGS
  keywords      TEXT    NOT NULL, -- separated by blanks
  internal_date INTEGER NOT NULL, -- UnixSeconds
  saved_at      INTEGER NOT NULL, -- UnixSeconds
  size          INTEGER NOT NULL, -- bytes, as in messages: a folder is listed without them
  message_id    INTEGER NOT NULL REFERENCES messages (id),
  identity      TEXT    NOT NULL,
  PRIMARY KEY (mailbox_id, uid)
) STRICT, WITHOUT ROWID;
CREATE INDEX entries_modseq ON entries (mailbox_id, modseq);
CREATE INDEX entries_message_id ON entries (message_id);
CREATE INDEX entries_unseen ON entries (mailbox_id, uid) WHERE flags & 1 = 0; -- first unseen, and SEARCH UNSEEN

-- Kept up by every change of entries, so that STATUS reads a row and not a folder.
CREATE TABLE entry_counts (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id),
  identity   TEXT    NOT NULL,
  messages   INTEGER NOT NULL,
  unseen     INTEGER NOT NULL,
  deleted    INTEGER NOT NULL,
  size       INTEGER NOT NULL, -- bytes
  PRIMARY KEY (mailbox_id, identity)
) STRICT, WITHOUT ROWID;

-- RFC 7162: what QRESYNC answers as VANISHED. One row per run of neighbouring UIDs.
CREATE TABLE expunged (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id),
  modseq     INTEGER NOT NULL,
  first_uid  INTEGER NOT NULL,
  last_uid   INTEGER NOT NULL,
  PRIMARY KEY (mailbox_id, modseq, first_uid)
) STRICT, WITHOUT ROWID;

-- The keywords of a folder in the spelling in which each was first written.
CREATE TABLE keywords (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id),
  name       TEXT    NOT NULL COLLATE NOCASE,
  PRIMARY KEY (mailbox_id, name)
) STRICT, WITHOUT ROWID;

-- Clients keep what they read by EMAILID: ids begin at the time, so that a database made anew does not repeat those of the last.
INSERT INTO sqlite_sequence (name, seq) VALUES ('messages', unixepoch() * 1000);
INSERT INTO uid_validity (last) VALUES (unixepoch());
INSERT INTO mailboxes (path, uid_validity, special_use, selectable) SELECT 'INBOX', last, NULL, 1 FROM uid_validity;
`;
