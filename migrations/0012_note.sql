-- The sizes stand in columns, before what they measure, so that an account's use is summed from the index alone.
CREATE TABLE note (
  id BYTEA PRIMARY KEY,
  account_id BYTEA NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  text_bytes BIGINT NOT NULL DEFAULT 0,
  image_bytes BIGINT NOT NULL DEFAULT 0,
  text TEXT NOT NULL,
  image_type TEXT,
  image BYTEA,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE INDEX note_account ON note (account_id, id, text_bytes, image_bytes);
