-- Roles instead of one flag, and for a session what was shown in it ("password 1795435200000000", microseconds) instead
-- of one instant.
ALTER TABLE account ADD COLUMN role TEXT NOT NULL DEFAULT 'user';
UPDATE account SET role = 'owner' WHERE is_admin = 1;
ALTER TABLE account DROP COLUMN is_admin;

ALTER TABLE session ADD COLUMN shown TEXT NOT NULL DEFAULT '';
UPDATE session SET shown = 'password ' || authenticated_at;
ALTER TABLE session DROP COLUMN authenticated_at;
