-- When, and by which transaction, things happened; and who votes for whom. What follows from the chain is read anew for it: these tables are
-- only an index over the chain, and going back to its beginning is deleting what they hold.
DELETE FROM blocks;
DELETE FROM batches;
DELETE FROM leaves;
DELETE FROM rewards;
DELETE FROM reward_claims;
DELETE FROM withdrawals;
DELETE FROM requests;
DELETE FROM grant_events;
DELETE FROM distributions;
DELETE FROM revenue_claims;
DELETE FROM revenue_claim_parts;
DELETE FROM proposals;
DELETE FROM proposal_events;
DELETE FROM votes;

ALTER TABLE reward_claims ADD COLUMN transaction_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE reward_claims ADD COLUMN claimed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE withdrawals ADD COLUMN transaction_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE withdrawals ADD COLUMN withdrawn_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN transaction_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE grant_events ADD COLUMN transaction_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE distributions ADD COLUMN transaction_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE revenue_claims ADD COLUMN transaction_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE revenue_claims ADD COLUMN claimed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE proposals ADD COLUMN transaction_hash TEXT NOT NULL DEFAULT '';
-- proposal_events.at is the time that an event names, such as the end of the timelock; happened_at is the block's.
ALTER TABLE proposal_events ADD COLUMN transaction_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE proposal_events ADD COLUMN happened_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE votes ADD COLUMN transaction_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE votes ADD COLUMN voted_at BIGINT NOT NULL DEFAULT 0;

CREATE TABLE delegations (
    block_number BIGINT NOT NULL,
    log_index BIGINT NOT NULL,
    delegator TEXT NOT NULL,
    delegate TEXT NOT NULL,
    delegated_at BIGINT NOT NULL,
    PRIMARY KEY (block_number, log_index)
);
CREATE INDEX delegations_by_delegator ON delegations (delegator, block_number, log_index);
CREATE INDEX delegations_by_delegate ON delegations (delegate);
