-- Periodic work: whose turn it is. A process that moves next_run_at forward has taken the turn.
CREATE TABLE job_lease (
  name TEXT PRIMARY KEY,
  next_run_at BIGINT NOT NULL
);
