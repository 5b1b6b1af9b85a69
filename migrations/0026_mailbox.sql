-- Letters that `cardea dev` keeps on this machine instead of sending them.
CREATE TABLE mailbox (
  id BYTEA PRIMARY KEY,
  number BIGINT NOT NULL,
  recipient TEXT NOT NULL,
  recipient_key TEXT NOT NULL,
  subject TEXT NOT NULL,
  body_text TEXT NOT NULL,
  body_html TEXT NOT NULL,
  code TEXT NOT NULL,
  is_taken BIGINT NOT NULL DEFAULT 0,
  received_at BIGINT NOT NULL
);

CREATE INDEX mailbox_recipient ON mailbox (recipient_key, number);
