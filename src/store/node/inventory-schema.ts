/** What all peers share: objects and the peers themselves. */

export const INVENTORY_SCHEMA = `
CREATE TABLE inventory (
  id          INTEGER PRIMARY KEY AUTOINCREMENT, -- never re-used: rescans remember how far they came
  hash        BLOB    NOT NULL UNIQUE,           -- 32 bytes, names the object in inv and getdata
  type        INTEGER NOT NULL,
  stream      TEXT    NOT NULL,                  -- decimal: a stream number has up to 63 bits, a JavaScript number 53
  expires_at  INTEGER NOT NULL,                  -- UnixSeconds
  tag         BLOB,                              -- the first payload bytes of what is looked for by them (see TAGGED_TYPES)
  own         INTEGER NOT NULL,                  -- 1: made here
  stem_until  INTEGER NOT NULL DEFAULT 0,        -- Dandelion embargo of an own object, UnixSeconds; 0: public
  length      INTEGER NOT NULL,                  -- of bytes
  bytes       BLOB    NOT NULL                   -- the whole object with its nonce, exactly as received
) STRICT;
-- Covers the load at start (every hash, without touching the bytes) and the sweep.
CREATE INDEX inventory_expiry ON inventory (expires_at, stream, hash, length);
CREATE INDEX inventory_tag ON inventory (type, tag) WHERE tag IS NOT NULL;
CREATE INDEX inventory_stem ON inventory (id) WHERE stem_until > 0;

-- Not yet tried with our keys. A table, not a column: marking an object would write all of it again.
CREATE TABLE unprocessed (
  id     INTEGER PRIMARY KEY, -- of the object
  length INTEGER NOT NULL
) STRICT;

CREATE TABLE peers (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  host      TEXT    NOT NULL,
  port      INTEGER NOT NULL,
  stream    TEXT    NOT NULL,           -- decimal
  services  TEXT    NOT NULL,           -- decimal, 64 bits
  last_seen INTEGER NOT NULL,           -- UnixSeconds
  rating    REAL    NOT NULL DEFAULT 0, -- -1 ... 1
  anchor    INTEGER NOT NULL DEFAULT 0, -- 1: dialled first after a restart
  UNIQUE (stream, host, port)
) STRICT;
`;
