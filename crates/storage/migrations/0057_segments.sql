-- Segments: which people are meant.
CREATE TABLE segments (
    workspace_id TEXT NOT NULL,
    segment_id TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, segment_id)
);
-- Which person field stands in which column of people_values, and how far that table is filled.
CREATE TABLE segment_columns (
    workspace_id TEXT NOT NULL PRIMARY KEY,
    is_filled BOOLEAN NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX segment_columns_to_fill ON segment_columns (workspace_id) WHERE NOT is_filled;
-- What segments compare, one short row a person: a scan of it costs a tenth of one of the people themselves.
CREATE TABLE people_values (
    workspace_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    email_key TEXT NOT NULL,
    opted_out BOOLEAN NOT NULL,
    v1 TEXT, v2 TEXT, v3 TEXT, v4 TEXT, v5 TEXT, v6 TEXT, v7 TEXT, v8 TEXT,
    v9 TEXT, v10 TEXT, v11 TEXT, v12 TEXT, v13 TEXT, v14 TEXT, v15 TEXT, v16 TEXT,
    v17 TEXT, v18 TEXT, v19 TEXT, v20 TEXT, v21 TEXT, v22 TEXT, v23 TEXT, v24 TEXT,
    PRIMARY KEY (workspace_id, person_id)
);
CREATE INDEX people_values_email ON people_values (workspace_id, email_key);
-- Who booked or sent what, by address.
CREATE INDEX bookings_email ON bookings (workspace_id, email_key, created_at, state, page_id);
CREATE INDEX people_links_state ON people_links (workspace_id, state, person_id) WHERE is_partner;
CREATE INDEX submissions_form_email ON submissions (workspace_id, form_id, created_at, email_key, state)
