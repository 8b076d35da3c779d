-- What people have agreed to or refused, with the evidence.
CREATE TABLE people_consents (
    workspace_id TEXT NOT NULL,
    consent_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    is_given BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    wording TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, consent_id)
);
CREATE INDEX people_consents_person ON people_consents (workspace_id, person_id, consent_id);
-- Hashes of the addresses of people who were erased, so that a sync does not bring them back.
CREATE TABLE people_erasures (
    workspace_id TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, key_hash)
);
-- People who turned out to be one, so that they can be parted again.
CREATE TABLE people_merges (
    workspace_id TEXT NOT NULL,
    merge_id TEXT NOT NULL,
    winner_id TEXT NOT NULL,
    loser_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    body TEXT NOT NULL,
    undone_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, merge_id)
);
CREATE INDEX people_merges_winner ON people_merges (workspace_id, winner_id, merge_id);
-- Files with people that were imported, and what that did, so that it can be undone.
CREATE TABLE people_imports (
    workspace_id TEXT NOT NULL,
    import_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    counts TEXT NOT NULL,
    undone_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, import_id)
);
CREATE TABLE people_import_rows (
    workspace_id TEXT NOT NULL,
    import_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    is_new BOOLEAN NOT NULL,
    before_values TEXT NOT NULL,
    after_values TEXT NOT NULL,
    PRIMARY KEY (workspace_id, import_id, person_id)
);
