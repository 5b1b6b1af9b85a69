-- The numbers of a key's budget travel with its row, so that one statement can count an attempt. Rows from before are
-- of the usual budget until their next attempt.
ALTER TABLE throttle ADD COLUMN free BIGINT NOT NULL DEFAULT 5;
ALTER TABLE throttle ADD COLUMN regain BIGINT NOT NULL DEFAULT 180000000;
ALTER TABLE throttle ADD COLUMN delay BIGINT NOT NULL DEFAULT 1000000;
ALTER TABLE throttle ADD COLUMN max_delay BIGINT NOT NULL DEFAULT 900000000;
