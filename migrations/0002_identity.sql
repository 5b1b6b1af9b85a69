CREATE TABLE account (
  id BYTEA PRIMARY KEY,
  uid TEXT,
  uid_key TEXT UNIQUE,
  uid_look_alike TEXT UNIQUE,
  name TEXT NOT NULL,
  email TEXT,
  email_key TEXT UNIQUE,
  status TEXT NOT NULL,
  is_admin BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE profile_value (
  account_id BYTEA NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  field TEXT NOT NULL,
  text_value TEXT,
  integer_value BIGINT,
  PRIMARY KEY (account_id, field)
);

CREATE INDEX profile_value_rank ON profile_value (field, integer_value, account_id) WHERE integer_value IS NOT NULL;

CREATE TABLE profile_ranked (
  field TEXT PRIMARY KEY,
  default_value BIGINT NOT NULL
);
