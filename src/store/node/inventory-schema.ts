/** What all peers share: objects and the peers themselves. */

export const INVENTORY_SCHEMA = `
CREATE TABLE inventory (
  id          INTEGER PRIMARY KEY AUTOINCREMENT, -- never re-used: rescans remember how far they came
  hash        BLOB    NOT NULL UNIQUE,           -- 32 bytes, names the object in inv and getdata
  type        INTEGER NOT NULL,
  stream      TEXT    NOT NULL,                  -- decimal: a stream number has up to 63 bits, a JavaScript number 53
  expires_at  INTEGER NOT NULL,                  -- UnixSeconds
  tag         BLOB    NOT NULL,                  -- the first 32 payload bytes (fewer when the payload is shorter)
  own         INTEGER NOT NULL,                  -- 1: made here
  processed   INTEGER NOT NULL DEFAULT 0,        -- 1: tried with our keys, or not for us by its type
  stem_until  INTEGER NOT NULL DEFAULT 0,        -- Dandelion embargo of an own object, UnixSeconds; 0: public
  length      INTEGER NOT NULL,                  -- of bytes
  bytes       BLOB    NOT NULL                   -- the whole object with its nonce, exactly as received
) STRICT;
-- Covers the load at start (every hash, without touching the bytes) and the sweep.
CREATE INDEX inventory_expiry ON inventory (expires_at, stream, hash, length);
CREATE INDEX inventory_tag ON inventory (type, tag);
CREATE INDEX inventory_unprocessed ON inventory (id, length) WHERE processed = 0;
CREATE INDEX inventory_stem ON inventory (id) WHERE stem_until > 0;

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
