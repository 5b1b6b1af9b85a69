CREATE TABLE note (
  id BYTEA PRIMARY KEY,
  account_id BYTEA NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  text TEXT NOT NULL,
  image_type TEXT,
  image BYTEA,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE INDEX note_account ON note (account_id, id);
