-- Proofs of work that were used: a row from then until a while after nobody could use them any more.
CREATE TABLE spent_proof (
  seed BYTEA PRIMARY KEY,
  expires_at BIGINT NOT NULL
);

CREATE INDEX spent_proof_expiry ON spent_proof (expires_at);
