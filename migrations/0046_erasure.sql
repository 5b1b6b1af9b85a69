-- When an account will be erased whose deletion was asked for. Until then nobody is in it, and its owner can keep it.
ALTER TABLE account ADD COLUMN erase_at BIGINT;

CREATE INDEX account_erase_at ON account (erase_at, id) WHERE erase_at IS NOT NULL;
