-- A process that holds claims: it moves beat forward while it does. One whose beat stands still is taken for dead and
-- its row deleted, which frees whatever it had claimed.
CREATE TABLE job_holder (
  id TEXT PRIMARY KEY,
  beat BIGINT NOT NULL
);

-- runs counts the runs that were begun: whoever finishes one names it, so that a run that was taken over records
-- nothing.
ALTER TABLE job_lease ADD COLUMN holder TEXT REFERENCES job_holder (id) ON DELETE SET NULL;

ALTER TABLE job_lease ADD COLUMN runs BIGINT NOT NULL DEFAULT 0;

ALTER TABLE job_lease ADD COLUMN last_success_at BIGINT;

-- Items of the queue. wait is how far ahead run_at was set: an item that lies further ahead was set by a wrong clock.
CREATE TABLE job (
  id BYTEA PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  run_at BIGINT NOT NULL,
  wait BIGINT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  claimed_by TEXT REFERENCES job_holder (id) ON DELETE SET NULL,
  last_error TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  dead_at BIGINT
);

CREATE INDEX job_ready ON job (kind, run_at, id) WHERE claimed_by IS NULL AND dead_at IS NULL;

CREATE INDEX job_claimed ON job (claimed_by) WHERE claimed_by IS NOT NULL;

CREATE INDEX job_age ON job (kind, created_at) WHERE dead_at IS NULL;

CREATE INDEX job_dead ON job (dead_at, id) WHERE dead_at IS NOT NULL;
