-- Mails to many people: what they say, and how they stand. One worker at a time works on one.
CREATE TABLE mailings (
    workspace_id TEXT NOT NULL,
    mailing_id TEXT NOT NULL,
    state TEXT NOT NULL,
    content TEXT NOT NULL,
    composed TEXT NOT NULL,
    version BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    frozen_after TEXT NOT NULL,
    is_frozen BOOLEAN NOT NULL,
    pause_reason TEXT NOT NULL,
    tried BIGINT NOT NULL,
    bounced BIGINT NOT NULL,
    complained BIGINT NOT NULL,
    resumed_with TEXT NOT NULL,
    claimed_by TEXT NOT NULL,
    fence BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, mailing_id)
);
CREATE INDEX mailings_due ON mailings (due_at) WHERE state = 'scheduled' OR state = 'sending';
-- Who gets a mailing, and what has become of it.
CREATE TABLE mailing_recipients (
    workspace_id TEXT NOT NULL,
    mailing_id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    email_key TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    answer TEXT NOT NULL,
    bounce TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, mailing_id, recipient_id)
);
CREATE UNIQUE INDEX mailing_recipients_email ON mailing_recipients (workspace_id, mailing_id, email_key);
CREATE INDEX mailing_recipients_state ON mailing_recipients (workspace_id, mailing_id, state, due_at);
