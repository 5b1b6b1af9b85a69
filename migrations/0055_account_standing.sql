-- Goes up whenever an account is blocked, closed, kept, or has another address, so that what was handed out before can
-- be told from what was handed out since, although everything may be again as it was.
ALTER TABLE account ADD COLUMN standing BIGINT NOT NULL DEFAULT 0;
