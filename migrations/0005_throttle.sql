CREATE TABLE throttle (
  key_hash BYTEA PRIMARY KEY,
  attempts BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  regained_at BIGINT NOT NULL,
  blocked_until BIGINT NOT NULL,
  forget_at BIGINT NOT NULL
);

CREATE INDEX throttle_forget ON throttle (forget_at);
