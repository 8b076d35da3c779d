-- People of the customer database. Values and the times of their edits are JSON, what is searched has columns.
CREATE TABLE people (
    workspace_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    email_key TEXT NOT NULL,
    search_key TEXT NOT NULL,
    fields TEXT NOT NULL,
    edited_at TEXT NOT NULL,
    version BIGINT NOT NULL,
    opted_out BOOLEAN NOT NULL,
    opt_out_pending BOOLEAN NOT NULL,
    is_pending BOOLEAN NOT NULL,
    create_over_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, person_id)
);
CREATE UNIQUE INDEX people_email ON people (workspace_id, email_key) WHERE email_key <> '';
CREATE INDEX people_pending ON people (workspace_id, person_id) WHERE is_pending;
CREATE INDEX people_opt_out_pending ON people (workspace_id, person_id) WHERE opt_out_pending;
CREATE INDEX people_updated ON people (workspace_id, updated_at, person_id);
-- Leads and Contacts of the org as they were read last.
CREATE TABLE people_records (
    workspace_id TEXT NOT NULL,
    record_id TEXT NOT NULL,
    object TEXT NOT NULL,
    state TEXT NOT NULL,
    follows TEXT NOT NULL,
    email_key TEXT NOT NULL,
    stamp BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    edited_at BIGINT NOT NULL,
    read_at BIGINT NOT NULL,
    by_us BOOLEAN NOT NULL,
    opted_out BOOLEAN NOT NULL,
    is_pending BOOLEAN NOT NULL,
    revision BIGINT NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (workspace_id, record_id)
);
CREATE INDEX people_records_email ON people_records (workspace_id, email_key) WHERE email_key <> '';
CREATE INDEX people_records_pending ON people_records (workspace_id, record_id) WHERE is_pending;
-- What a person and a record agreed on last. Links of former partners are kept.
CREATE TABLE people_links (
    workspace_id TEXT NOT NULL,
    record_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    is_partner BOOLEAN NOT NULL,
    has_attempt BOOLEAN NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    synced_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, record_id)
);
CREATE INDEX people_links_person ON people_links (workspace_id, person_id);
CREATE INDEX people_links_open ON people_links (workspace_id, record_id) WHERE has_attempt OR state = 'suspended';
-- Values that lost, so that they can be put back.
CREATE TABLE people_conflicts (
    workspace_id TEXT NOT NULL,
    conflict_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    record_id TEXT NOT NULL,
    field TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    undone_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, conflict_id)
);
CREATE INDEX people_conflicts_person ON people_conflicts (workspace_id, person_id, conflict_id);
-- What keeps a person, or one of its values, from being synced. Without a field it is about the whole person.
CREATE TABLE people_errors (
    workspace_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    field TEXT NOT NULL,
    record_id TEXT NOT NULL,
    code TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, person_id, field)
);
CREATE INDEX people_errors_code ON people_errors (workspace_id, code, person_id);
-- Every change of a person, field by field.
CREATE TABLE people_changes (
    workspace_id TEXT NOT NULL,
    change_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    field TEXT NOT NULL,
    old_value TEXT NOT NULL,
    new_value TEXT NOT NULL,
    origin TEXT NOT NULL,
    origin_id TEXT NOT NULL,
    PRIMARY KEY (workspace_id, change_id)
);
CREATE INDEX people_changes_person ON people_changes (workspace_id, person_id, change_id);
