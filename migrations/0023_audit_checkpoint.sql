-- Where the chain begins once its oldest events were removed: the last of them, signed. One row, or none yet.
CREATE TABLE audit_checkpoint (
  number BIGINT PRIMARY KEY,
  hash BYTEA NOT NULL,
  at BIGINT NOT NULL,
  signature BYTEA NOT NULL
);
