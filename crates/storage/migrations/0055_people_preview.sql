-- What a sync of people would do, line by line, as it was shown last.
CREATE TABLE people_preview_lines (
    workspace_id TEXT NOT NULL,
    line_id TEXT NOT NULL,
    action TEXT NOT NULL,
    email TEXT NOT NULL,
    record_id TEXT NOT NULL,
    fields TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (workspace_id, line_id)
);
CREATE INDEX people_preview_action ON people_preview_lines (workspace_id, action, line_id);
