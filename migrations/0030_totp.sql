-- The secret of an account's authenticator app, and of one that is not confirmed yet: of which the first code has not
-- come back. The second belongs to the browser that asked for it, by the hash of its session or pending sign-in.
CREATE TABLE totp (
  account_id BYTEA PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  secret_sealed BYTEA NOT NULL,
  last_step BIGINT NOT NULL,
  enrolled_at BIGINT NOT NULL
);

CREATE TABLE totp_enrolment (
  owner_hash BYTEA PRIMARY KEY,
  account_id BYTEA NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  secret_sealed BYTEA NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX totp_enrolment_account ON totp_enrolment (account_id);
CREATE INDEX totp_enrolment_expiry ON totp_enrolment (expires_at);
