CREATE TABLE password (
  account_id BYTEA PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  phc TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);
