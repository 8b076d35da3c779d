-- What the tag reported of each attempt to send a form of the website.
CREATE TABLE conversions (
    workspace_id TEXT NOT NULL,
    conversion_id TEXT NOT NULL,
    attempt_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    grade TEXT NOT NULL,
    quarantine TEXT NOT NULL,
    form_id TEXT NOT NULL,
    form_key TEXT NOT NULL,
    origin TEXT NOT NULL,
    path TEXT NOT NULL,
    email_key TEXT NOT NULL,
    visitor_hash TEXT NOT NULL,
    booking_id TEXT NOT NULL,
    search_key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (workspace_id, conversion_id),
    UNIQUE (workspace_id, attempt_id)
);
CREATE INDEX conversions_at ON conversions (workspace_id, at, conversion_id);
CREATE INDEX conversions_email ON conversions (workspace_id, email_key, at);
CREATE INDEX conversions_visitor ON conversions (workspace_id, visitor_hash);
CREATE INDEX conversions_form ON conversions (workspace_id, form_key, at);
CREATE INDEX conversions_quarantine ON conversions (workspace_id, quarantine, origin);
-- Browsers with an ID. The ID itself is never kept, only its hash.
CREATE TABLE visitors (
    workspace_id TEXT NOT NULL,
    visitor_hash TEXT NOT NULL,
    email_key TEXT NOT NULL,
    level BIGINT NOT NULL,
    identified_at BIGINT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    last_url TEXT NOT NULL,
    PRIMARY KEY (workspace_id, visitor_hash)
);
CREATE INDEX visitors_email ON visitors (workspace_id, email_key);
CREATE INDEX visitors_seen ON visitors (workspace_id, last_seen_at);
CREATE TABLE visitor_addresses (
    workspace_id TEXT NOT NULL,
    visitor_hash TEXT NOT NULL,
    email_key TEXT NOT NULL,
    typed_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, visitor_hash, email_key)
);
-- Dialogs that were offered, and what became of them.
CREATE TABLE tag_offers (
    workspace_id TEXT NOT NULL,
    offer_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    source TEXT NOT NULL,
    rule_number BIGINT NOT NULL,
    page_id TEXT NOT NULL,
    visitor_hash TEXT NOT NULL,
    email_key TEXT NOT NULL,
    outcome TEXT NOT NULL,
    outcome_at BIGINT NOT NULL,
    booking_id TEXT NOT NULL,
    PRIMARY KEY (workspace_id, offer_id)
);
CREATE INDEX tag_offers_visitor ON tag_offers (workspace_id, visitor_hash, at);
CREATE INDEX tag_offers_at ON tag_offers (workspace_id, at);
CREATE TABLE tag_sites (
    workspace_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    submissions BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, origin)
);
CREATE TABLE tag_forms_seen (
    workspace_id TEXT NOT NULL,
    form_key TEXT NOT NULL,
    origin TEXT NOT NULL,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    form_id TEXT NOT NULL,
    fields TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    submissions BIGINT NOT NULL,
    silent_told_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, form_key)
);
CREATE TABLE tag_pages_seen (
    workspace_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    path TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, origin, path)
)
