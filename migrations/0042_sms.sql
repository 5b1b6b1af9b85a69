-- The telephone number to which an account's codes are sent, and one that is not confirmed yet: of which the first code
-- has not come back. The second belongs to the browser that gave it, by the hash of its session.
CREATE TABLE sms_factor (
  account_id BYTEA PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  number_sealed BYTEA NOT NULL,
  enrolled_at BIGINT NOT NULL
);

CREATE TABLE sms_enrolment (
  owner_hash BYTEA PRIMARY KEY,
  account_id BYTEA NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  number_sealed BYTEA NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX sms_enrolment_account ON sms_enrolment (account_id);
CREATE INDEX sms_enrolment_expiry ON sms_enrolment (expires_at);
