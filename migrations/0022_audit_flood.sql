-- Repeats of an event within a minute are counted in its row, as long as it is not sealed: flood names what they have
-- in common. The index leaves out whatever is sealed, so that nothing can be counted there.
ALTER TABLE audit_event ADD COLUMN count BIGINT NOT NULL DEFAULT 1;

ALTER TABLE audit_event ADD COLUMN last_at BIGINT;

ALTER TABLE audit_event ADD COLUMN flood BYTEA;

CREATE UNIQUE INDEX audit_event_flood ON audit_event (flood) WHERE number IS NULL AND flood IS NOT NULL;
