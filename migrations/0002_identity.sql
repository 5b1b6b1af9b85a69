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
  updated_at BIGINT NOT NULL,
  profile TEXT NOT NULL DEFAULT '{}'
);

-- Copies of what the user list shows, in the order of a number: a page is read from one place, at any size.
CREATE TABLE ranking (
  field TEXT NOT NULL,
  value BIGINT NOT NULL,
  account_id BYTEA NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  uid TEXT,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  profile TEXT NOT NULL,
  PRIMARY KEY (field, value, account_id)
) /* sqlite: WITHOUT ROWID */;

CREATE UNIQUE INDEX ranking_account ON ranking (account_id, field);

-- The fields by which every account is ranked.
CREATE TABLE ranked_field (
  field TEXT PRIMARY KEY,
  default_value BIGINT NOT NULL
);
