-- Passkeys and security keys. `public_key` is COSE; `kind` is "passkey" or "security_key".
CREATE TABLE passkey (
  id BYTEA PRIMARY KEY,
  account_id BYTEA NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  credential_id BYTEA NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  public_key BYTEA NOT NULL,
  sign_count BIGINT NOT NULL,
  transports TEXT NOT NULL,
  aaguid BYTEA NOT NULL,
  backup_eligible BIGINT NOT NULL,
  backed_up BIGINT NOT NULL,
  user_verified BIGINT NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT
);

CREATE INDEX passkey_by_account ON passkey (account_id, id);
