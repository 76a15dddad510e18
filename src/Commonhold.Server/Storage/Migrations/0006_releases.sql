-- What guardians logged, as this node read it: each line was held against the one before. A log can be read again from its guardian, but only
-- these rows tell when it forgets something.
CREATE TABLE guardian_logs (
    guardian TEXT PRIMARY KEY,
    line_count BIGINT NOT NULL,
    head TEXT NOT NULL
);

-- position: the order in which lines came here. indices: ranges of what was answered; first_index and last_index are their ends.
CREATE TABLE releases (
    position BIGINT PRIMARY KEY,
    guardian TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    released_at BIGINT NOT NULL,
    chain_block BIGINT NOT NULL,
    block_hash TEXT NOT NULL,
    grant_id BIGINT NOT NULL,
    terms_hash TEXT NOT NULL,
    batch_id BIGINT NOT NULL,
    indices TEXT NOT NULL,
    first_index BIGINT NOT NULL,
    last_index BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    answer_digest TEXT NOT NULL,
    digest TEXT NOT NULL,
    UNIQUE (guardian, sequence)
);
CREATE INDEX releases_by_grant ON releases (grant_id, position);
CREATE INDEX releases_by_batch ON releases (batch_id, first_index, last_index);

CREATE TABLE guardian_faults (
    guardian TEXT NOT NULL,
    code TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    detail TEXT NOT NULL,
    found_at BIGINT NOT NULL,
    PRIMARY KEY (guardian, code, sequence)
);
