-- The same rows, in SQLite in the order of their ids instead of beside an index of them, and with one index by time: an
-- idle time-out never reaches beyond the session. Every sign-in writes a row, and every index is a page more.
CREATE TABLE session_by_id (
  id BYTEA PRIMARY KEY,
  account_id BYTEA NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  token_hash BYTEA NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  idle_until BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  user_agent TEXT NOT NULL,
  address TEXT NOT NULL,
  shown TEXT NOT NULL DEFAULT ''
) /* sqlite: WITHOUT ROWID */;

INSERT INTO session_by_id
SELECT id, account_id, token_hash, created_at, last_seen_at,
  CASE WHEN idle_until < expires_at THEN idle_until ELSE expires_at END, expires_at, user_agent, address, shown
FROM session;

DROP TABLE session;

ALTER TABLE session_by_id RENAME TO session;

CREATE INDEX session_of_account ON session (account_id, id);
CREATE INDEX session_idleness ON session (idle_until);
