-- No foreign key to account: an event outlives the account it is about.
CREATE TABLE audit_event (
  id BYTEA PRIMARY KEY,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  account_id BYTEA,
  actor_id BYTEA,
  session_id BYTEA,
  reason TEXT NOT NULL,
  subject TEXT NOT NULL,
  address TEXT NOT NULL,
  request_id TEXT NOT NULL,
  number BIGINT UNIQUE,
  hash BYTEA
);

CREATE INDEX audit_event_account ON audit_event (account_id, id);

-- Small whatever the table's size, so that sealing never scans what is sealed.
CREATE INDEX audit_event_unsealed ON audit_event (id) WHERE number IS NULL;
