CREATE TABLE forms (
    workspace_id TEXT NOT NULL,
    form_id TEXT NOT NULL,
    slug TEXT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, form_id)
);
CREATE UNIQUE INDEX forms_slug ON forms (slug);
CREATE TABLE submissions (
    workspace_id TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    form_id TEXT NOT NULL,
    state TEXT NOT NULL,
    email_key TEXT NOT NULL,
    search_key TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, submission_id)
);
CREATE INDEX submissions_created ON submissions (workspace_id, created_at, submission_id);
CREATE INDEX submissions_form ON submissions (workspace_id, form_id, created_at, submission_id);
CREATE INDEX submissions_email ON submissions (workspace_id, email_key);
CREATE TABLE submission_keys (
    workspace_id TEXT NOT NULL,
    submission_key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, submission_key)
);
CREATE INDEX submission_keys_created ON submission_keys (workspace_id, created_at);
CREATE TABLE form_drafts (
    workspace_id TEXT NOT NULL,
    form_draft_id TEXT NOT NULL,
    form_id TEXT NOT NULL,
    secrets TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, form_draft_id)
);
CREATE INDEX form_drafts_created ON form_drafts (created_at);
