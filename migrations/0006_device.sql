CREATE TABLE known_device (
  token_hash BYTEA PRIMARY KEY,
  account_id BYTEA NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  last_seen_at BIGINT NOT NULL,
  has_returned BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX known_device_of_account ON known_device (account_id, last_seen_at);
