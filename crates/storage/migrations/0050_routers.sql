-- Routers: the draft that is edited, and which published version decides.
CREATE TABLE routers (
    workspace_id TEXT NOT NULL,
    router_id TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    draft TEXT NOT NULL,
    draft_version BIGINT NOT NULL,
    published BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, router_id),
    UNIQUE (slug)
);
-- Published charts, which never change.
CREATE TABLE router_versions (
    workspace_id TEXT NOT NULL,
    router_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    chart TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    published_by TEXT NOT NULL,
    PRIMARY KEY (workspace_id, router_id, version)
);
-- What a router decided about a visitor, with everything that is needed to replay it.
CREATE TABLE routing_decisions (
    workspace_id TEXT NOT NULL,
    decision_id TEXT NOT NULL,
    router_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    email_key TEXT NOT NULL,
    facts TEXT NOT NULL,
    result TEXT NOT NULL,
    booking_id TEXT NOT NULL,
    PRIMARY KEY (workspace_id, decision_id)
);
CREATE INDEX routing_decisions_at ON routing_decisions (workspace_id, at, decision_id);
CREATE INDEX routing_decisions_router ON routing_decisions (workspace_id, router_id, at);
CREATE INDEX routing_decisions_email ON routing_decisions (workspace_id, email_key, at);
CREATE INDEX routing_decisions_booking ON routing_decisions (workspace_id, booking_id)
