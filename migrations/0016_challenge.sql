-- Unlike the other rooms' ids of accounts, a subject is text: what is proved may belong to nobody yet.
CREATE TABLE challenge (
  id BYTEA PRIMARY KEY,
  purpose TEXT NOT NULL,
  subject TEXT NOT NULL,
  serial BIGINT NOT NULL,
  secret_hash BYTEA,
  link_hash BYTEA UNIQUE,
  attempts_left BIGINT NOT NULL,
  lifetime BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  UNIQUE (purpose, subject, serial)
);

CREATE INDEX challenge_expiry ON challenge (expires_at);
