//! Copying everything from one database to another, of either kind.

use crate::database::pool::Database;
use crate::database::statements::{Value, execute, one, placeholders};
use crate::database::transaction::Transaction;
use crate::error::StorageError;
use crate::secret::vault::Vault;
use secrecy::SecretString;

/// A table: how many of its columns, the first ones, are its primary key, and its columns with their kinds.
type Table = (&'static str, usize, &'static [(&'static str, Kind)]);

/// Every table.
///
/// Left behind are checkpoints of runs, which begin again, requests to an org, and tries to sign in.
const TABLES: [Table; 76] = [
    (
        "workspaces",
        1,
        &[
            ("workspace_id", T),
            ("slug", T),
            ("name", T),
            ("time_zone", T),
            ("language", T),
            ("created_at", N),
        ],
    ),
    (
        "accounts",
        2,
        &[
            ("workspace_id", T),
            ("account_id", T),
            ("email", T),
            ("email_key", T),
            ("name", T),
            ("password_hash", T),
            ("role", T),
            ("language", T),
            ("created_at", N),
        ],
    ),
    (
        "sessions",
        1,
        &[("token_hash", T), ("workspace_id", T), ("account_id", T), ("created_at", N), ("expires_at", N)],
    ),
    (
        "api_keys",
        2,
        &[
            ("workspace_id", T),
            ("api_key_id", T),
            ("name", T),
            ("key_hash", T),
            ("created_at", N),
            ("scopes", T),
            ("expires_at", N),
            ("account_id", T),
        ],
    ),
    (
        "audit_log",
        2,
        &[
            ("workspace_id", T),
            ("entry_id", T),
            ("at", N),
            ("actor", T),
            ("action", T),
            ("data", T),
            ("search_key", T),
        ],
    ),
    (
        "inbox_messages",
        2,
        &[
            ("workspace_id", T),
            ("inbox_message_id", T),
            ("kind", T),
            ("notice", T),
            ("at", N),
            ("is_read", B),
        ],
    ),
    ("settings", 2, &[("workspace_id", T), ("name", T), ("body", T), ("updated_at", N)]),
    (
        "saved_views",
        2,
        &[
            ("workspace_id", T),
            ("saved_view_id", T),
            ("account_id", T),
            ("list", T),
            ("name", T),
            ("query", T),
            ("is_shared", B),
            ("removed_at", N),
            ("created_at", N),
        ],
    ),
    (
        "ignored_deliveries",
        2,
        &[("workspace_id", T), ("delivery_id", T), ("ignored_by", T), ("ignored_at", N)],
    ),
    ("teams", 2, &[("workspace_id", T), ("team_id", T), ("slug", T), ("name", T)]),
    ("members", 2, &[("workspace_id", T), ("member_id", T), ("name", T), ("email", T)]),
    (
        "team_members",
        3,
        &[("workspace_id", T), ("team_id", T), ("member_id", T), ("position", N), ("weight", N)],
    ),
    (
        "booking_pages",
        2,
        &[("workspace_id", T), ("page_id", T), ("team_id", T), ("slug", T), ("body", T), ("updated_at", N)],
    ),
    (
        "bookings",
        2,
        &[
            ("workspace_id", T),
            ("booking_id", T),
            ("page_id", T),
            ("state", T),
            ("start_at", N),
            ("email_key", T),
            ("body", T),
            ("created_at", N),
            ("search_key", T),
        ],
    ),
    ("booked_cells", 3, &[("workspace_id", T), ("member_id", T), ("cell", N), ("booking_id", T)]),
    (
        "idempotency_keys",
        2,
        &[
            ("workspace_id", T),
            ("idempotency_key", T),
            ("request_hash", T),
            ("booking_id", T),
            ("created_at", N),
        ],
    ),
    (
        "forms",
        2,
        &[("workspace_id", T), ("form_id", T), ("slug", T), ("version", N), ("body", T), ("updated_at", N)],
    ),
    (
        "submissions",
        2,
        &[
            ("workspace_id", T),
            ("submission_id", T),
            ("form_id", T),
            ("state", T),
            ("email_key", T),
            ("search_key", T),
            ("body", T),
            ("created_at", N),
        ],
    ),
    (
        "submission_keys",
        2,
        &[
            ("workspace_id", T),
            ("submission_key", T),
            ("request_hash", T),
            ("submission_id", T),
            ("created_at", N),
        ],
    ),
    (
        "form_drafts",
        2,
        &[("workspace_id", T), ("form_draft_id", T), ("form_id", T), ("secrets", T), ("created_at", N)],
    ),
    (
        "deliveries",
        2,
        &[
            ("workspace_id", T),
            ("delivery_id", T),
            ("subject_kind", T),
            ("subject_id", T),
            ("kind", T),
            ("exclusive_key", T),
            ("after_delivery", T),
            ("state", T),
            ("due_at", N),
            ("attempts", N),
            ("open_attempt", T),
            ("records", T),
            ("dropped_fields", T),
            ("search_until", N),
            ("explanation", T),
            ("error_code", T),
            ("retry_singly", B),
            ("allow_duplicates", B),
            ("updated_at", N),
        ],
    ),
    (
        "timeline",
        2,
        &[
            ("workspace_id", T),
            ("entry_id", T),
            ("subject_kind", T),
            ("subject_id", T),
            ("delivery_id", T),
            ("at", N),
            ("step", T),
        ],
    ),
    (
        "connections",
        1,
        &[
            ("workspace_id", T),
            ("consumer_key", T),
            ("body", T),
            ("secrets", T),
            ("token_version", N),
            ("refresh_lease_until", N),
            ("connected_at", N),
        ],
    ),
    (
        "connection_attempts",
        1,
        &[("state_hash", T), ("workspace_id", T), ("account_id", T), ("secrets", T), ("created_at", N)],
    ),
    (
        "org_leases",
        1,
        &[("workspace_id", T), ("claimed_by", T), ("fence", N), ("lease_until", N), ("paused_until", N)],
    ),
    ("api_usage", 3, &[("workspace_id", T), ("day", T), ("feature", T), ("calls", N)]),
    (
        "object_descriptions",
        2,
        &[("workspace_id", T), ("object", T), ("body", T), ("last_modified", T), ("fetched_at", N)],
    ),
    (
        "runs",
        2,
        &[
            ("workspace_id", T),
            ("run_id", T),
            ("kind", T),
            ("origin", T),
            ("state", T),
            ("requested_at", N),
            ("started_at", N),
            ("finished_at", N),
            ("receipt", T),
            ("reason", T),
            ("claimed_by", T),
            ("fence", N),
            ("lease_until", N),
        ],
    ),
    ("schedules", 2, &[("workspace_id", T), ("kind", T), ("next_at", N)]),
    (
        "mirrors",
        2,
        &[
            ("workspace_id", T),
            ("stream", T),
            ("generation", N),
            ("body", T),
            ("refreshed_at", N),
            ("row_count", N),
        ],
    ),
    ("mirror_partitions", 3, &[("workspace_id", T), ("stream", T), ("generation", N), ("number", N)]),
    ("mirror_layouts", 2, &[("workspace_id", T), ("number", N), ("names", T)]),
    ("mirror_keys", 3, &[("partition_id", N), ("bucket", N), ("part", T), ("entries", T)]),
    (
        "mirror_rows",
        2,
        &[
            ("partition_id", N),
            ("record_id", T),
            ("system_modstamp", N),
            ("match_key", T),
            ("state", T),
            ("successor_id", T),
            ("changed_at", N),
            ("body", T),
        ],
    ),
    (
        "mirror_changes",
        4,
        &[
            ("workspace_id", T),
            ("stream", T),
            ("record_id", T),
            ("changed_at", N),
            ("generation", N),
            ("body", T),
        ],
    ),
    (
        "outgoing_messages",
        2,
        &[
            ("workspace_id", T),
            ("outgoing_message_id", T),
            ("channel", T),
            ("recipient", T),
            ("language", T),
            ("group_key", T),
            ("notice", T),
            ("repeats", N),
            ("happened_at", N),
            ("state", T),
            ("attempts", N),
            ("due_at", N),
            ("answer", T),
            ("claimed_by", T),
            ("fence", N),
            ("lease_until", N),
            ("updated_at", N),
        ],
    ),
    ("inbox_days", 2, &[("workspace_id", T), ("kind", T), ("day", T)]),
    ("tags", 1, &[("workspace_id", T), ("tag_key", T), ("active", T)]),
    ("engagement_snapshots", 1, &[("workspace_id", T), ("generation", N), ("body", T), ("refreshed_at", N)]),
    ("engagement_members", 4, &[("workspace_id", T), ("generation", N), ("email_key", T), ("list_id", N)]),
    (
        "conversions",
        2,
        &[
            ("workspace_id", T),
            ("conversion_id", T),
            ("attempt_id", T),
            ("at", N),
            ("updated_at", N),
            ("grade", T),
            ("quarantine", T),
            ("form_id", T),
            ("form_key", T),
            ("origin", T),
            ("path", T),
            ("email_key", T),
            ("visitor_hash", T),
            ("booking_id", T),
            ("search_key", T),
            ("body", T),
        ],
    ),
    (
        "visitors",
        2,
        &[
            ("workspace_id", T),
            ("visitor_hash", T),
            ("email_key", T),
            ("level", N),
            ("identified_at", N),
            ("first_seen_at", N),
            ("last_seen_at", N),
            ("last_url", T),
        ],
    ),
    ("visitor_addresses", 3, &[("workspace_id", T), ("visitor_hash", T), ("email_key", T), ("typed_at", N)]),
    (
        "tag_offers",
        2,
        &[
            ("workspace_id", T),
            ("offer_id", T),
            ("at", N),
            ("source", T),
            ("rule_number", N),
            ("page_id", T),
            ("visitor_hash", T),
            ("email_key", T),
            ("outcome", T),
            ("outcome_at", N),
            ("booking_id", T),
        ],
    ),
    (
        "tag_sites",
        2,
        &[("workspace_id", T), ("origin", T), ("first_seen_at", N), ("last_seen_at", N), ("submissions", N)],
    ),
    (
        "tag_forms_seen",
        2,
        &[
            ("workspace_id", T),
            ("form_key", T),
            ("origin", T),
            ("path", T),
            ("name", T),
            ("form_id", T),
            ("fields", T),
            ("first_seen_at", N),
            ("last_seen_at", N),
            ("submissions", N),
            ("silent_told_at", N),
            ("successes", N),
        ],
    ),
    (
        "tag_pages_seen",
        3,
        &[("workspace_id", T), ("origin", T), ("path", T), ("first_seen_at", N), ("last_seen_at", N)],
    ),
    (
        "routers",
        2,
        &[
            ("workspace_id", T),
            ("router_id", T),
            ("slug", T),
            ("name", T),
            ("draft", T),
            ("draft_version", N),
            ("published", N),
            ("updated_at", N),
            ("archived_at", N),
            ("link_number", N),
            ("link_until", N),
        ],
    ),
    (
        "router_drafts",
        3,
        &[
            ("workspace_id", T),
            ("router_id", T),
            ("draft_version", N),
            ("chart", T),
            ("replaced_by", T),
            ("replaced_at", N),
        ],
    ),
    (
        "router_versions",
        3,
        &[
            ("workspace_id", T),
            ("router_id", T),
            ("version", N),
            ("chart", T),
            ("published_at", N),
            ("published_by", T),
        ],
    ),
    (
        "routing_decisions",
        2,
        &[
            ("workspace_id", T),
            ("decision_id", T),
            ("router_id", T),
            ("version", N),
            ("at", N),
            ("email_key", T),
            ("facts", T),
            ("result", T),
            ("booking_id", T),
        ],
    ),
    (
        "router_lists",
        2,
        &[
            ("workspace_id", T),
            ("slug", T),
            ("name", T),
            ("kind", T),
            ("keyed_by", T),
            ("row_count", N),
            ("version", N),
            ("updated_at", N),
        ],
    ),
    (
        "router_list_entries",
        3,
        &[("workspace_id", T), ("slug", T), ("entry_key", T), ("line", N), ("body", T)],
    ),
    ("team_turns", 2, &[("workspace_id", T), ("team_id", T), ("turns", N)]),
    (
        "host_balances",
        3,
        &[("workspace_id", T), ("team_id", T), ("member_id", T), ("amount", N), ("last_at", N)],
    ),
    (
        "ledger_entries",
        2,
        &[
            ("workspace_id", T),
            ("entry_id", T),
            ("team_id", T),
            ("member_id", T),
            ("booking_id", T),
            ("at", N),
            ("amount", N),
            ("reason", T),
            ("note", T),
        ],
    ),
    (
        "people",
        2,
        &[
            ("workspace_id", T),
            ("person_id", T),
            ("email_key", T),
            ("search_key", T),
            ("fields", T),
            ("edited_at", T),
            ("version", N),
            ("opted_out", B),
            ("opt_out_pending", B),
            ("is_pending", B),
            ("create_over_at", N),
            ("created_at", N),
            ("updated_at", N),
        ],
    ),
    (
        "people_records",
        2,
        &[
            ("workspace_id", T),
            ("record_id", T),
            ("object", T),
            ("state", T),
            ("follows", T),
            ("email_key", T),
            ("stamp", N),
            ("modified_at", N),
            ("edited_at", N),
            ("read_at", N),
            ("by_us", B),
            ("opted_out", B),
            ("is_pending", B),
            ("revision", N),
            ("fields", T),
        ],
    ),
    (
        "people_links",
        2,
        &[
            ("workspace_id", T),
            ("record_id", T),
            ("person_id", T),
            ("is_partner", B),
            ("has_attempt", B),
            ("body", T),
            ("state", T),
            ("reason", T),
            ("synced_at", N),
        ],
    ),
    (
        "people_conflicts",
        2,
        &[
            ("workspace_id", T),
            ("conflict_id", T),
            ("person_id", T),
            ("record_id", T),
            ("field", T),
            ("body", T),
            ("at", N),
            ("undone_at", N),
        ],
    ),
    (
        "people_errors",
        3,
        &[
            ("workspace_id", T),
            ("person_id", T),
            ("field", T),
            ("record_id", T),
            ("code", T),
            ("body", T),
            ("at", N),
        ],
    ),
    (
        "people_changes",
        2,
        &[
            ("workspace_id", T),
            ("change_id", T),
            ("person_id", T),
            ("at", N),
            ("field", T),
            ("old_value", T),
            ("new_value", T),
            ("origin", T),
            ("origin_id", T),
        ],
    ),
    (
        "change_listeners",
        1,
        &[
            ("workspace_id", T),
            ("claimed_by", T),
            ("fence", N),
            ("lease_until", N),
            ("position", T),
            ("state", T),
            ("reason", T),
            ("retry_at", N),
            ("heard_at", N),
        ],
    ),
    (
        "people_consents",
        2,
        &[
            ("workspace_id", T),
            ("consent_id", T),
            ("person_id", T),
            ("at", N),
            ("is_given", B),
            ("source", T),
            ("source_id", T),
            ("wording", T),
            ("version", N),
        ],
    ),
    ("people_erasures", 2, &[("workspace_id", T), ("key_hash", T), ("at", N)]),
    (
        "people_merges",
        2,
        &[
            ("workspace_id", T),
            ("merge_id", T),
            ("winner_id", T),
            ("loser_id", T),
            ("at", N),
            ("actor", T),
            ("reason", T),
            ("body", T),
            ("undone_at", N),
        ],
    ),
    (
        "people_imports",
        2,
        &[("workspace_id", T), ("import_id", T), ("at", N), ("actor", T), ("counts", T), ("undone_at", N)],
    ),
    (
        "people_import_rows",
        3,
        &[
            ("workspace_id", T),
            ("import_id", T),
            ("person_id", T),
            ("is_new", B),
            ("before_values", T),
            ("after_values", T),
        ],
    ),
    (
        "people_preview_lines",
        2,
        &[
            ("workspace_id", T),
            ("line_id", T),
            ("action", T),
            ("email", T),
            ("record_id", T),
            ("fields", T),
            ("reason", T),
        ],
    ),
    (
        "mailings",
        2,
        &[
            ("workspace_id", T),
            ("mailing_id", T),
            ("state", T),
            ("content", T),
            ("composed", T),
            ("version", N),
            ("due_at", N),
            ("frozen_after", T),
            ("is_frozen", B),
            ("pause_reason", T),
            ("tried", N),
            ("bounced", N),
            ("complained", N),
            ("resumed_with", T),
            ("claimed_by", T),
            ("fence", N),
            ("lease_until", N),
            ("started_at", N),
            ("finished_at", N),
            ("created_at", N),
            ("updated_at", N),
        ],
    ),
    (
        "segments",
        2,
        &[
            ("workspace_id", T),
            ("segment_id", T),
            ("name", T),
            ("body", T),
            ("version", N),
            ("created_at", N),
            ("updated_at", N),
        ],
    ),
    (
        "mailing_recipients",
        3,
        &[
            ("workspace_id", T),
            ("mailing_id", T),
            ("recipient_id", T),
            ("person_id", T),
            ("email_key", T),
            ("state", T),
            ("reason", T),
            ("answer", T),
            ("bounce", T),
            ("attempts", N),
            ("due_at", N),
            ("updated_at", N),
        ],
    ),
    ("suppressions", 3, &[("workspace_id", T), ("email_hash", T), ("reason", T), ("at", N)]),
    (
        "mail_bounces",
        3,
        &[("workspace_id", T), ("recipient_id", T), ("kind", T), ("email_hash", T), ("status", T), ("at", N)],
    ),
    ("segment_columns", 1, &[("workspace_id", T), ("is_filled", B), ("body", T)]),
    (
        "people_values",
        2,
        &[
            ("workspace_id", T),
            ("person_id", T),
            ("email_key", T),
            ("opted_out", B),
            ("v1", T),
            ("v2", T),
            ("v3", T),
            ("v4", T),
            ("v5", T),
            ("v6", T),
            ("v7", T),
            ("v8", T),
            ("v9", T),
            ("v10", T),
            ("v11", T),
            ("v12", T),
            ("v13", T),
            ("v14", T),
            ("v15", T),
            ("v16", T),
            ("v17", T),
            ("v18", T),
            ("v19", T),
            ("v20", T),
            ("v21", T),
            ("v22", T),
            ("v23", T),
            ("v24", T),
        ],
    ),
];

#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    Number,
    Truth,
}

const T: Kind = Kind::Text;
const N: Kind = Kind::Number;
const B: Kind = Kind::Truth;

/// Rows of one statement; twenty columns of them stay far below any limit on bound values.
const PAGE_ROWS: usize = 1_000;

/// Tables whose rows aren't worth copying, but go when a database is emptied.
const LEFT_BEHIND: [&str; 4] = ["org_requests", "mirror_seen", "run_checkpoints", "sign_in_tries"];

/// How many rows each table had.
pub type RowCounts = Vec<(&'static str, i64)>;

/// Copies every table and tells how many rows each had. Secrets move as they are: keep the secret key.
///
/// # Errors
/// [`StorageError::NotEmpty`] when the second database holds a workspace.
pub async fn copy_database(from: &str, to: &str) -> Result<RowCounts, StorageError> {
    let source = open_without_key(from).await?;
    let target = open_without_key(to).await?;
    let counts = copy_into(&source, &target, false).await?;
    target.close().await?;
    Ok(counts)
}

/// Opens a database to copy rows: nothing is encrypted or decrypted on the way, so any key will do.
pub(crate) async fn open_without_key(address: &str) -> Result<Database, StorageError> {
    let key = SecretString::from("moving rows needs no key but there must be one");
    Database::open(address, Vault::new(&key).map_err(|_| StorageError::Secret)?).await
}

/// Fills a database with the rows of another, all or none of them; `replace` removes those that it had.
pub(crate) async fn copy_into(
    source: &Database,
    target: &Database,
    replace: bool,
) -> Result<RowCounts, StorageError> {
    let write = target.write().await?;
    if replace {
        empty(&write).await?;
    } else if one(&write, "SELECT workspace_id FROM workspaces LIMIT 1", Vec::new()).await?.is_some() {
        return Err(StorageError::NotEmpty);
    }
    let snapshot = source.reader().begin_snapshot().await?;
    let counts = copy_tables(&snapshot, &write).await?;
    write.commit().await?;
    Ok(counts)
}

async fn empty(write: &crate::Write) -> Result<(), StorageError> {
    // Rows that others refer to come first in the list, and go last.
    let tables = TABLES.iter().map(|(table, ..)| *table).rev();
    for table in LEFT_BEHIND.into_iter().chain(tables) {
        execute(write, &format!("DELETE FROM {table}"), Vec::new()).await?;
    }
    Ok(())
}

/// Copies what one transaction sees.
pub(crate) async fn copy_tables(
    source: &Transaction,
    target: &crate::Write,
) -> Result<RowCounts, StorageError> {
    let mut copied = Vec::new();
    for table in TABLES {
        copied.push((table.0, copy(source, target, table).await?));
    }
    Ok(copied)
}

/// Counts the rows of every table that is copied.
pub(crate) async fn count_rows(on: &Transaction) -> Result<RowCounts, StorageError> {
    let mut counts = Vec::new();
    for (table, ..) in TABLES {
        let rows = on.all(&format!("SELECT COUNT(*) AS n FROM {table}"), Vec::new()).await?;
        counts.push((table, rows.first().map_or(Ok(0), |row| row.get("n"))?));
    }
    Ok(counts)
}

/// Copies a table page by page, each beginning after the last key of the page before.
async fn copy(
    source: &Transaction,
    target: &crate::Write,
    (table, key, columns): Table,
) -> Result<i64, StorageError> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let (names, key_names) = (names.join(", "), names[..key].join(", "));
    let page = |condition: &str| {
        format!("SELECT {names} FROM {table}{condition} ORDER BY {key_names} LIMIT {PAGE_ROWS}")
    };
    let (first_page, next_page) =
        (page(""), page(&format!(" WHERE ({key_names}) > ({})", placeholders(1, key))));
    let mut rows = source.all(&first_page, Vec::new()).await?;
    let mut copied = 0;
    while !rows.is_empty() {
        let mut values: Vec<Value> = Vec::with_capacity(rows.len() * columns.len());
        let mut groups = Vec::with_capacity(rows.len());
        for row in &rows {
            groups.push(format!("({})", placeholders(values.len() + 1, columns.len())));
            for (name, kind) in columns {
                values.push(match kind {
                    Kind::Text => row.get::<Option<String>>(name)?.into(),
                    Kind::Number => row.get::<Option<i64>>(name)?.into(),
                    Kind::Truth => row.get::<Option<bool>>(name)?.into(),
                });
            }
        }
        let last_key = values[values.len() - columns.len()..][..key].to_vec();
        let insert = format!("INSERT INTO {table} ({names}) VALUES {}", groups.join(", "));
        execute(target, &insert, values).await?;
        copied += i64::try_from(rows.len()).unwrap_or(i64::MAX);
        rows = source.all(&next_page, last_key).await?;
    }
    Ok(copied)
}

#[cfg(test)]
mod tests {
    use super::TABLES;

    #[test]
    fn pages_are_ordered_by_primary_key() {
        let schema = concat!(
            include_str!("../../migrations/0001_foundation.sql"),
            include_str!("../../migrations/0020_lists.sql"),
            include_str!("../../migrations/0030_forms.sql"),
            include_str!("../../migrations/0040_tag.sql"),
            include_str!("../../migrations/0050_routers.sql"),
            include_str!("../../migrations/0051_router_lists.sql"),
            include_str!("../../migrations/0052_router_drafts.sql"),
            include_str!("../../migrations/0053_fairness.sql"),
            include_str!("../../migrations/0054_people.sql"),
            include_str!("../../migrations/0055_people_preview.sql"),
            include_str!("../../migrations/0056_change_listeners.sql"),
            include_str!("../../migrations/0061_people_consents.sql"),
            include_str!("../../migrations/0057_segments.sql"),
            include_str!("../../migrations/0059_mailings.sql"),
            include_str!("../../migrations/0060_suppressions.sql")
        );
        for (table, key, columns) in TABLES {
            let begin = schema.find(&format!("CREATE TABLE {table} (")).expect(table);
            let definition = &schema[begin..begin + schema[begin..].find("\n)").unwrap()];
            let names: Vec<&str> = columns[..key].iter().map(|(name, _)| *name).collect();
            let is_key = if let [name] = names[..] {
                let column = definition.lines().find(|line| line.trim_start().starts_with(name));
                column.is_some_and(|line| line.contains(" PRIMARY KEY"))
            } else {
                definition.contains(&format!("PRIMARY KEY ({})", names.join(", ")))
            };
            assert!(is_key, "{table}: {names:?} is not its primary key");
        }
    }
}
