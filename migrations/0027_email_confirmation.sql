-- email is the address that counts: it signs in, and is written to. One that nobody has confirmed yet waits in
-- email_pending, where several accounts may have the same: it is whose owner confirms it first.
ALTER TABLE account ADD COLUMN email_verified_at BIGINT;

ALTER TABLE account ADD COLUMN email_pending TEXT;

ALTER TABLE account ADD COLUMN email_pending_key TEXT;

-- The language in which its owner was last here: what they are written is in it.
ALTER TABLE account ADD COLUMN language TEXT;

CREATE INDEX account_email_pending ON account (email_pending_key) WHERE email_pending_key IS NOT NULL;
