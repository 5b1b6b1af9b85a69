-- Who is asked for a code by e-mail as the second factor.
CREATE TABLE email_code_factor (
  account_id BYTEA PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  enrolled_at BIGINT NOT NULL
);

-- A browser in which somebody asked for a code to sign in by. There is a row whatever address was typed; the account and
-- the challenge are filled in by the queue, for an address that has one.
CREATE TABLE email_code_signin (
  browser_hash BYTEA PRIMARY KEY,
  address_hash BYTEA NOT NULL,
  account_id BYTEA REFERENCES account (id) ON DELETE CASCADE,
  challenge_id BYTEA,
  expires_at BIGINT NOT NULL
);

CREATE INDEX email_code_signin_account ON email_code_signin (account_id);
CREATE INDEX email_code_signin_expiry ON email_code_signin (expires_at);
