-- A sign-in between two of its steps. The browser holds the token; what was shown so far stands here.
CREATE TABLE pending_signin (
  token_hash BYTEA PRIMARY KEY,
  account_id BYTEA NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  evidence TEXT NOT NULL,
  step BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX pending_signin_account ON pending_signin (account_id);
CREATE INDEX pending_signin_expiry ON pending_signin (expires_at);
