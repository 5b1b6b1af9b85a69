-- When a sign-in found the password among those of data leaks; forgotten with the next password.
ALTER TABLE password ADD COLUMN breached_at BIGINT;
