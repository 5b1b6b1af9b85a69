-- Codes that work once each: all that were made together are a set, and one that is used is deleted. A draft is a set
-- that its owner is shown and has not yet said to have saved.
CREATE TABLE recovery_set (
  account_id BYTEA PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  made_at BIGINT NOT NULL
);

CREATE TABLE recovery_code (
  account_id BYTEA NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  code_hash BYTEA NOT NULL,
  PRIMARY KEY (account_id, code_hash)
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE recovery_draft (
  owner_hash BYTEA PRIMARY KEY,
  account_id BYTEA NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  codes_sealed BYTEA NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX recovery_draft_account ON recovery_draft (account_id);
CREATE INDEX recovery_draft_expiry ON recovery_draft (expires_at);
