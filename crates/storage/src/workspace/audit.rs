//! Who changed what, and when (N3).

use crate::database::statements::{Row, Session, all, execute, text, time};
use crate::error::StorageError;
use crate::list::{Conditions, Page, Select, Sort, contains};
use domain::list::{Direction, Position};
use domain::value::{Step, Timestamp, WorkspaceId, search_key};

/// One line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who: an account's address, `api: ` with the name of a key, or `system`.
    pub actor: String,
    /// What; its sentence is in the catalogues under `audit-{code}`.
    pub action: Step,
}

/// Writes a line.
pub async fn record(
    on: &impl Session,
    workspace: WorkspaceId,
    actor: &str,
    action: &Step,
    now: Timestamp,
) -> Result<(), StorageError> {
    let data = crate::database::statements::to_json(&action.data)?;
    let id: uuid::Uuid = crate::ids::new(now);
    let named = action.data.values().map(String::as_str);
    let key = search_key(&std::iter::once(actor).chain(named).collect::<Vec<_>>().join(" "));
    let values = vec![text(workspace), text(id), time(now), text(actor), text(&action.code), data, text(key)];
    let sql = "INSERT INTO audit_log (workspace_id, entry_id, at, actor, action, data, search_key)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    execute(on, sql, values).await.map(drop)
}

/// The latest lines, the newest first.
pub async fn list(on: &impl Session, workspace: WorkspaceId, limit: u32) -> Result<Vec<Entry>, StorageError> {
    let sql = "SELECT * FROM audit_log WHERE workspace_id = $1 ORDER BY entry_id DESC LIMIT $2";
    let rows = all(on, sql, vec![text(workspace), i64::from(limit).into()]).await?;
    rows.iter().map(read).collect()
}

/// Which lines a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// What is searched for: who did it, or what it was done to; empty for nothing.
    pub search: String,
    /// Only lines of these actions; all when empty.
    pub actions: Vec<String>,
    /// At or after this.
    pub from: Option<Timestamp>,
    /// Before this.
    pub until: Option<Timestamp>,
}

/// A page of the lines that a filter lets through.
pub async fn select(
    on: &impl Session,
    workspace: WorkspaceId,
    filter: &AuditFilter,
    direction: Direction,
    position: &Position,
    limit: u32,
) -> Result<Page<Entry>, StorageError> {
    let mut all = Conditions::of(workspace);
    if !filter.search.is_empty() {
        // Lines of earlier versions have no key to search in.
        let wanted = contains(&filter.search);
        let sql = "search_key LIKE ? ESCAPE '!' OR LOWER(actor) LIKE ? ESCAPE '!'";
        all.and(sql, [wanted.clone(), wanted]);
    }
    if !filter.actions.is_empty() {
        let places = vec!["?"; filter.actions.len()].join(", ");
        all.and(&format!("action IN ({places})"), filter.actions.iter().map(text));
    }
    if let Some(from) = filter.from {
        all.and("at >= ?", [time(from)]);
    }
    if let Some(until) = filter.until {
        all.and("at < ?", [time(until)]);
    }
    let select = Select { table: "audit_log", id: "entry_id", sort: Sort::Number("at"), direction };
    select.page(on, &all, position, limit, read).await
}

fn read(row: &Row) -> Result<Entry, StorageError> {
    let action = Step { code: row.get("action")?, data: row.json("audit_log", "data")? };
    Ok(Entry { at: row.time("at")?, actor: row.get("actor")?, action })
}
