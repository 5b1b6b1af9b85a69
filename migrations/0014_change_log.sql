-- What processes that share an SQLite file tell each other, each row read once by every other process and trimmed by
-- those that write. PostgreSQL has NOTIFY instead; there the table stays empty.
CREATE TABLE change_log (
  id BIGINT PRIMARY KEY,
  origin TEXT NOT NULL,
  topic TEXT NOT NULL,
  subject BYTEA NOT NULL
) /* sqlite: WITHOUT ROWID */;
