-- The same rows, without an index by time and, in SQLite, in the order of their keys instead of beside an index of keys:
-- every sign-in writes four of them twice.
CREATE TABLE throttle_by_key (
  key_hash BYTEA PRIMARY KEY,
  attempts BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  regained_at BIGINT NOT NULL,
  blocked_until BIGINT NOT NULL,
  forget_at BIGINT NOT NULL,
  free BIGINT NOT NULL,
  regain BIGINT NOT NULL,
  delay BIGINT NOT NULL,
  max_delay BIGINT NOT NULL
) /* sqlite: WITHOUT ROWID */;

INSERT INTO throttle_by_key
SELECT key_hash, attempts, last_at, regained_at, blocked_until, forget_at, free, regain, delay, max_delay FROM throttle;

DROP TABLE throttle;

ALTER TABLE throttle_by_key RENAME TO throttle;
