-- Requests that came with an Idempotency-Key: claimed while they are carried out, then with what was answered, sealed.
CREATE TABLE idempotency (
  key_hash BYTEA PRIMARY KEY,
  caller_hash BYTEA NOT NULL,
  request_hash BYTEA NOT NULL,
  claim BYTEA NOT NULL,
  claimed_until BIGINT NOT NULL,
  response_sealed BYTEA,
  expires_at BIGINT NOT NULL
);

CREATE INDEX idempotency_caller ON idempotency (caller_hash, expires_at);
CREATE INDEX idempotency_expiry ON idempotency (expires_at);
