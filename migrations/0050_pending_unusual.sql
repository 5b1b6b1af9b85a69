-- Whether a sign-in that waits began in a browser and a network that were both new to the account.
ALTER TABLE pending_signin ADD COLUMN is_unusual BIGINT NOT NULL DEFAULT 0;
