-- Former drafts of routers, so that changes can be undone.
CREATE TABLE router_drafts (
    workspace_id TEXT NOT NULL,
    router_id TEXT NOT NULL,
    draft_version BIGINT NOT NULL,
    chart TEXT NOT NULL,
    replaced_by TEXT NOT NULL,
    replaced_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, router_id, draft_version)
);
-- Routers that are put away, and the read-only link to a draft.
ALTER TABLE routers ADD COLUMN archived_at BIGINT;
ALTER TABLE routers ADD COLUMN link_number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE routers ADD COLUMN link_until BIGINT
