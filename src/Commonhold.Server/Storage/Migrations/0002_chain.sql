-- What the chain said. Rows are only ever added, each with its block, and nothing is updated: going back to an earlier
-- block is deleting what came after it, and reading the same logs again gives the same rows.
CREATE TABLE blocks (
    number BIGINT PRIMARY KEY,
    hash TEXT NOT NULL
);

CREATE TABLE batches (
    batch_id BIGINT PRIMARY KEY,
    previous TEXT NOT NULL,
    root TEXT NOT NULL,
    leaf_count BIGINT NOT NULL,
    points TEXT NOT NULL,
    reward_root TEXT NOT NULL,
    reward_points TEXT NOT NULL,
    struct_hash TEXT NOT NULL,
    transaction_hash TEXT NOT NULL,
    committed_at BIGINT NOT NULL,
    block_number BIGINT NOT NULL
);
CREATE INDEX batches_by_block ON batches (block_number);

-- From the manifest in storage whose root is the batch's.
CREATE TABLE leaves (
    batch_id BIGINT NOT NULL,
    leaf_index BIGINT NOT NULL,
    ciphertext_digest TEXT NOT NULL,
    owner TEXT NOT NULL,
    size BIGINT NOT NULL,
    ephemeral_share TEXT NOT NULL,
    schema_digest TEXT NOT NULL,
    key_epoch BIGINT NOT NULL,
    points TEXT NOT NULL,
    nullifier TEXT NOT NULL,
    block_number BIGINT NOT NULL,
    PRIMARY KEY (batch_id, leaf_index)
);
CREATE INDEX leaves_by_digest ON leaves (ciphertext_digest);
CREATE INDEX leaves_by_share ON leaves (ephemeral_share);
CREATE INDEX leaves_by_owner ON leaves (owner);
CREATE INDEX leaves_by_block ON leaves (block_number);

-- An account's points since the first batch, one row for each batch in which it earned.
CREATE TABLE rewards (
    account TEXT NOT NULL,
    batch_id BIGINT NOT NULL,
    cumulative_points TEXT NOT NULL,
    block_number BIGINT NOT NULL,
    PRIMARY KEY (account, batch_id)
);
CREATE INDEX rewards_by_block ON rewards (block_number);

CREATE TABLE reward_claims (
    block_number BIGINT NOT NULL,
    log_index BIGINT NOT NULL,
    account TEXT NOT NULL,
    points TEXT NOT NULL,
    claimed_points TEXT NOT NULL,
    PRIMARY KEY (block_number, log_index)
);
CREATE INDEX reward_claims_by_account ON reward_claims (account, block_number, log_index);

CREATE TABLE withdrawals (
    batch_id BIGINT NOT NULL,
    leaf_index BIGINT NOT NULL,
    owner TEXT NOT NULL,
    ciphertext_digest TEXT NOT NULL,
    block_number BIGINT NOT NULL,
    PRIMARY KEY (batch_id, leaf_index)
);
CREATE INDEX withdrawals_by_block ON withdrawals (block_number);

CREATE TABLE requests (
    request_id BIGINT PRIMARY KEY,
    buyer TEXT NOT NULL,
    terms_hash TEXT NOT NULL,
    terms TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    block_number BIGINT NOT NULL
);
CREATE INDEX requests_by_block ON requests (block_number);

CREATE TABLE grant_events (
    block_number BIGINT NOT NULL,
    log_index BIGINT NOT NULL,
    grant_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    ends_at BIGINT,
    currency TEXT,
    amount TEXT,
    happened_at BIGINT NOT NULL,
    PRIMARY KEY (block_number, log_index)
);
CREATE INDEX grant_events_by_grant ON grant_events (grant_id, block_number, log_index);

CREATE TABLE distributions (
    distribution_id BIGINT PRIMARY KEY,
    currency TEXT NOT NULL,
    payer TEXT NOT NULL,
    members TEXT NOT NULL,
    operators TEXT NOT NULL,
    treasury TEXT NOT NULL,
    distributed_at BIGINT NOT NULL,
    block_number BIGINT NOT NULL
);
CREATE INDEX distributions_by_block ON distributions (block_number);

CREATE TABLE revenue_claims (
    block_number BIGINT NOT NULL,
    log_index BIGINT NOT NULL,
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount TEXT NOT NULL,
    PRIMARY KEY (block_number, log_index)
);

-- Which distributions one claim took, in the order in which the caller named them.
CREATE TABLE revenue_claim_parts (
    block_number BIGINT NOT NULL,
    log_index BIGINT NOT NULL,
    position BIGINT NOT NULL,
    account TEXT NOT NULL,
    distribution_id BIGINT NOT NULL,
    PRIMARY KEY (block_number, log_index, position)
);
CREATE INDEX revenue_claim_parts_by_account ON revenue_claim_parts (account, distribution_id);

CREATE TABLE proposals (
    block_number BIGINT NOT NULL,
    log_index BIGINT NOT NULL,
    proposal_id TEXT NOT NULL UNIQUE,
    proposer TEXT NOT NULL,
    actions TEXT NOT NULL,
    description TEXT NOT NULL,
    vote_start BIGINT NOT NULL,
    vote_end BIGINT NOT NULL,
    proposed_at BIGINT NOT NULL,
    PRIMARY KEY (block_number, log_index)
);

CREATE TABLE proposal_events (
    block_number BIGINT NOT NULL,
    log_index BIGINT NOT NULL,
    proposal_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT,
    PRIMARY KEY (block_number, log_index)
);
CREATE INDEX proposal_events_by_proposal ON proposal_events (proposal_id, block_number, log_index);

CREATE TABLE votes (
    block_number BIGINT NOT NULL,
    log_index BIGINT NOT NULL,
    proposal_id TEXT NOT NULL,
    voter TEXT NOT NULL,
    support BIGINT NOT NULL,
    weight TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (block_number, log_index)
);
CREATE INDEX votes_by_proposal ON votes (proposal_id, block_number, log_index);
