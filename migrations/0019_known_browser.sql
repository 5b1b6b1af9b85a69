-- Twenty numbered places for each account, so that one statement can remember a browser in place of another.
CREATE TABLE known_browser (
  account_id BYTEA NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  place BIGINT NOT NULL,
  token_hash BYTEA NOT NULL UNIQUE,
  last_seen_at BIGINT NOT NULL,
  has_returned BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, place)
) /* sqlite: WITHOUT ROWID */;

INSERT INTO known_browser (account_id, place, token_hash, last_seen_at, has_returned)
SELECT account_id, place, token_hash, last_seen_at, has_returned FROM (
  SELECT account_id, token_hash, last_seen_at, has_returned,
    row_number() OVER (PARTITION BY account_id ORDER BY has_returned DESC, last_seen_at DESC) - 1 AS place
  FROM known_device
) AS known WHERE place < 20;

DROP TABLE known_device;
