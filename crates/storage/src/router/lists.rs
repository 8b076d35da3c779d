//! Lists that routers ask, and their rows.

use crate::database::bulk_insert;
use crate::database::statements::{BulkValue, Row, Session, all, execute, one, placeholders, text, time};
use crate::error::StorageError;
use domain::router::{EntryBody, ListEntry, ListKey, ListKind, LookupList};
use domain::value::WorkspaceId;

const TABLE: &str = "router_lists";
const ENTRIES: &str = "router_list_entries";
const COLUMNS: &str = "router_list_entries (workspace_id, slug, entry_key, line, body)";

/// A workspace's lists, by name.
pub async fn list(on: &impl Session, workspace: WorkspaceId) -> Result<Vec<LookupList>, StorageError> {
    let sql = "SELECT * FROM router_lists WHERE workspace_id = $1 ORDER BY name, slug";
    all(on, sql, vec![text(workspace)]).await?.iter().map(read).collect()
}

/// One list.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    slug: &str,
) -> Result<Option<LookupList>, StorageError> {
    let sql = "SELECT * FROM router_lists WHERE workspace_id = $1 AND slug = $2";
    one(on, sql, vec![text(workspace), text(slug)]).await?.as_ref().map(read).transpose()
}

/// Keeps a list of version `seen` + 1; `false` if somebody else has replaced it since. The rows come after it.
pub async fn save(
    on: &crate::Write,
    workspace: WorkspaceId,
    list: &LookupList,
    seen: u32,
) -> Result<bool, StorageError> {
    let mut values = vec![
        text(workspace),
        text(&list.slug),
        text(&list.name),
        text(list.kind.name()),
        text(list.by.map_or("", ListKey::name)),
        i64::from(list.rows).into(),
        i64::from(list.version).into(),
        time(list.updated_at),
    ];
    let sql = if seen == 0 {
        "INSERT INTO router_lists (workspace_id, slug, name, kind, keyed_by, row_count, version, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (workspace_id, slug) DO NOTHING"
    } else {
        values.push(i64::from(seen).into());
        "UPDATE router_lists SET name = $3, kind = $4, keyed_by = $5, row_count = $6, version = $7, updated_at = $8
            WHERE workspace_id = $1 AND slug = $2 AND version = $9"
    };
    Ok(execute(on, sql, values).await? == 1)
}

/// Deletes a list's rows.
pub async fn clear(on: &crate::Write, workspace: WorkspaceId, slug: &str) -> Result<(), StorageError> {
    let sql = "DELETE FROM router_list_entries WHERE workspace_id = $1 AND slug = $2";
    execute(on, sql, vec![text(workspace), text(slug)]).await.map(drop)
}

/// Adds rows to a list, none of which it has.
pub async fn add(
    on: &crate::Write,
    workspace: WorkspaceId,
    slug: &str,
    entries: &[ListEntry],
) -> Result<(), StorageError> {
    let workspace = workspace.to_string();
    let bodies = entries.iter().map(write_body).collect::<Result<Vec<String>, _>>()?;
    let rows = entries.iter().zip(&bodies).map(|(entry, body)| {
        [
            BulkValue::Text(&workspace),
            BulkValue::Text(slug),
            BulkValue::Text(&entry.key),
            BulkValue::Number(entry.line.into()),
            BulkValue::Text(body),
        ]
    });
    let added = bulk_insert::add(on, COLUMNS, rows).await?;
    match added == Some(entries.len() as u64) {
        true => Ok(()),
        false => Err(inconsistent("entry_key", "a key stands there already".to_owned())),
    }
}

/// Deletes a list with its rows; `false` if there is none.
pub async fn remove(on: &crate::Write, workspace: WorkspaceId, slug: &str) -> Result<bool, StorageError> {
    clear(on, workspace, slug).await?;
    let sql = "DELETE FROM router_lists WHERE workspace_id = $1 AND slug = $2";
    Ok(execute(on, sql, vec![text(workspace), text(slug)]).await? == 1)
}

/// Rows in the order of the file, after a line.
pub async fn entries(
    on: &impl Session,
    workspace: WorkspaceId,
    slug: &str,
    after: u32,
    limit: u32,
) -> Result<Vec<ListEntry>, StorageError> {
    let sql = "SELECT * FROM router_list_entries WHERE workspace_id = $1 AND slug = $2 AND line > $3
        ORDER BY line LIMIT $4";
    let values = vec![text(workspace), text(slug), i64::from(after).into(), i64::from(limit).into()];
    all(on, sql, values).await?.iter().map(read_entry).collect()
}

/// The names of the lists of which a row names a booking page, given as `team/page`.
pub async fn naming_page(
    on: &impl Session,
    workspace: WorkspaceId,
    page: &str,
) -> Result<Vec<String>, StorageError> {
    let sql = "SELECT name FROM router_lists WHERE workspace_id = $1 AND slug IN (SELECT slug FROM router_list_entries
        WHERE workspace_id = $1 AND body LIKE $2) ORDER BY name, slug";
    // As the body is written; an address has no character that means something here.
    let written = format!("%\"page\":{}%", serde_json::Value::from(page));
    all(on, sql, vec![text(workspace), text(written)]).await?.iter().map(|row| row.get("name")).collect()
}

/// The row of the first key that the list has.
pub async fn find_entry(
    on: &impl Session,
    workspace: WorkspaceId,
    slug: &str,
    keys: &[String],
) -> Result<Option<ListEntry>, StorageError> {
    if keys.is_empty() {
        return Ok(None);
    }
    let sql = format!(
        "SELECT * FROM router_list_entries WHERE workspace_id = $1 AND slug = $2 AND entry_key IN ({})",
        placeholders(3, keys.len())
    );
    let values = [text(workspace), text(slug)].into_iter().chain(keys.iter().map(text)).collect();
    let mut found =
        all(on, &sql, values).await?.iter().map(read_entry).collect::<Result<Vec<ListEntry>, _>>()?;
    found.sort_by_key(|entry| keys.iter().position(|key| *key == entry.key));
    Ok(found.into_iter().next())
}

/// The list of group companies; a workspace has one at most.
pub async fn find_aliases(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<Option<LookupList>, StorageError> {
    let sql = "SELECT * FROM router_lists WHERE workspace_id = $1 AND kind = $2 ORDER BY slug LIMIT 1";
    one(on, sql, vec![text(workspace), text(ListKind::Aliases.name())]).await?.as_ref().map(read).transpose()
}

fn write_body(entry: &ListEntry) -> Result<String, StorageError> {
    match &entry.body {
        // Most rows of most lists.
        EntryBody::Listed => Ok(String::new()),
        body => serde_json::to_string(body).map_err(|error| inconsistent("body", error.to_string())),
    }
}

fn inconsistent(column: &'static str, reason: String) -> StorageError {
    StorageError::Inconsistent { table: ENTRIES, column, reason }
}

fn read_entry(row: &Row) -> Result<ListEntry, StorageError> {
    let body: String = row.get("body")?;
    Ok(ListEntry {
        key: row.get("entry_key")?,
        line: number(row, "line")?,
        body: if body.is_empty() { EntryBody::Listed } else { row.json(ENTRIES, "body")? },
    })
}

fn read(row: &Row) -> Result<LookupList, StorageError> {
    let kind: String = row.get("kind")?;
    let by: String = row.get("keyed_by")?;
    Ok(LookupList {
        slug: row.get("slug")?,
        name: row.get("name")?,
        kind: ListKind::from_name(&kind).ok_or_else(|| StorageError::Inconsistent {
            table: TABLE,
            column: "kind",
            reason: kind.clone(),
        })?,
        by: ListKey::ALL.into_iter().find(|key| key.name() == by),
        rows: number(row, "row_count")?,
        version: number(row, "version")?,
        updated_at: row.time("updated_at")?,
    })
}

fn number(row: &Row, column: &str) -> Result<u32, StorageError> {
    Ok(u32::try_from(row.get::<i64>(column)?).unwrap_or_default())
}
