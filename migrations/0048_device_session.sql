-- A session may be bound to the device on which it began: then its cookie is worth something only beside one that the
-- device's key has asked for. The binding outlives the session when another session replaces it in the same browser.
ALTER TABLE session ADD COLUMN binding_id BYTEA;

ALTER TABLE session ADD COLUMN bound_at BIGINT;

CREATE INDEX session_binding ON session (binding_id) WHERE binding_id IS NOT NULL;

-- The public key of a device, and when it last answered a challenge: the instant at which that challenge was made.
CREATE TABLE device_session (
  id BYTEA PRIMARY KEY,
  account_id BYTEA NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  public_key TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  proved_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX device_session_account ON device_session (account_id);
CREATE INDEX device_session_expiry ON device_session (expires_at);
