-- What this node was told, each row also in the journal (blob storage), so that this file is only an index over it.
CREATE TABLE contributions (
    ciphertext_digest TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    size BIGINT NOT NULL,
    ephemeral_share TEXT NOT NULL UNIQUE,
    schema_digest TEXT NOT NULL,
    key_epoch BIGINT NOT NULL,
    deadline BIGINT NOT NULL,
    signature TEXT NOT NULL,
    validator TEXT NOT NULL,
    ticket TEXT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX contributions_by_owner ON contributions (owner, received_at);
CREATE INDEX contributions_by_validator ON contributions (validator, received_at);

CREATE TABLE verdicts (
    ciphertext_digest TEXT PRIMARY KEY REFERENCES contributions (ciphertext_digest),
    accepted INTEGER NOT NULL,
    points TEXT NOT NULL,
    nullifier TEXT NOT NULL,
    report_digest TEXT NOT NULL,
    report TEXT NOT NULL,
    signature TEXT NOT NULL,
    validator TEXT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX verdicts_by_time ON verdicts (accepted, received_at, ciphertext_digest);

-- Candidates for the next batch; the manifest itself is in storage under (batch_id, root).
CREATE TABLE batch_proposals (
    batch_id BIGINT PRIMARY KEY,
    previous TEXT NOT NULL,
    root TEXT NOT NULL,
    leaf_count BIGINT NOT NULL,
    points TEXT NOT NULL,
    reward_root TEXT NOT NULL,
    reward_points TEXT NOT NULL,
    struct_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE batch_signatures (
    struct_hash TEXT NOT NULL,
    validator TEXT NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (struct_hash, validator)
);

-- The outbox. An operation's id is the digest of what it does: the same wish twice is one row.
CREATE TABLE relay_operations (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    calldata TEXT NOT NULL,
    value TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    block_number BIGINT,
    transaction_hash TEXT,
    error TEXT
);
CREATE INDEX relay_operations_by_state ON relay_operations (state, created_at);

-- For whom an operation is: the limits of the day count these.
CREATE TABLE relay_accounts (
    operation_id TEXT NOT NULL REFERENCES relay_operations (id),
    account TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (operation_id, account)
);
CREATE INDEX relay_accounts_by_account ON relay_accounts (account, created_at);

-- Every transaction ever signed for an operation, written before it is sent: a restart sends the same bytes again.
CREATE TABLE relay_transactions (
    transaction_hash TEXT PRIMARY KEY,
    operation_id TEXT NOT NULL REFERENCES relay_operations (id),
    nonce BIGINT NOT NULL,
    raw TEXT NOT NULL,
    max_fee TEXT NOT NULL,
    max_priority_fee TEXT NOT NULL,
    gas_limit BIGINT NOT NULL,
    signed_at BIGINT NOT NULL
);
CREATE INDEX relay_transactions_by_operation ON relay_transactions (operation_id, signed_at);
