//! What segments compare of each person: kept with every write of a person, filled for everyone when a field is new.

use crate::Database;
use crate::database::dialect::Dialect;
use crate::database::statements::{Row, Session, all, execute, text, to_json};
use crate::error::StorageError;
use crate::segment::columns;
use crate::segment::columns::ValueColumns;
use domain::people::{PersonFieldKind, Values};
use domain::segment::value_key;
use domain::value::{PersonId, WorkspaceId};
use std::collections::{BTreeMap, BTreeSet};

/// People whose rows are filled in one transaction, during which nobody else writes people.
const BATCH: i64 = 1_000;

/// Takes note of a person's values, in the transaction that writes them.
pub(crate) async fn keep(
    on: &crate::Write,
    workspace: WorkspaceId,
    person: PersonId,
    values: &Values,
    email_key: &str,
) -> Result<(), StorageError> {
    let Some(columns) = columns::held(on, workspace).await? else { return Ok(()) };
    let opted_out = "(SELECT opted_out FROM people WHERE workspace_id = $1 AND person_id = $2)";
    let places: Vec<String> = (4..4 + columns.columns.len()).map(|place| format!("${place}")).collect();
    let sql = upsert(&columns, &format!("VALUES ($1, $2, $3, {opted_out}{})", listed(&places)));
    let mut bound = vec![text(workspace), text(person), text(email_key)];
    bound.extend(keys(&columns, values).map(text));
    execute(on, &sql, bound).await.map(drop)
}

/// Takes note of the values of several people, in the transaction that writes them.
pub(crate) async fn keep_many(
    on: &crate::Write,
    workspace: WorkspaceId,
    people: &BTreeSet<PersonId>,
) -> Result<(), StorageError> {
    if people.is_empty() {
        return Ok(());
    }
    let Some(columns) = columns::held(on, workspace).await? else { return Ok(()) };
    let sql = format!(
        "SELECT person_id, email_key, opted_out, fields FROM people
        WHERE workspace_id = $1 AND person_id IN (SELECT value ->> 0 FROM {})",
        on.dialect.json_rows("$2")
    );
    let ids: Vec<[String; 1]> = people.iter().map(|id| [id.to_string()]).collect();
    let found = all(on, &sql, vec![text(workspace), to_json(&ids)?]).await?;
    let rows = found.iter().map(|row| filled(&columns, row)).collect::<Result<Vec<_>, _>>()?;
    put(on, workspace, &columns, &rows).await
}

/// Takes a person out.
pub(crate) async fn remove(
    on: &crate::Write,
    workspace: WorkspaceId,
    person: PersonId,
) -> Result<(), StorageError> {
    if columns::held(on, workspace).await?.is_none() {
        return Ok(());
    }
    let sql = "DELETE FROM people_values WHERE workspace_id = $1 AND person_id = $2";
    execute(on, sql, vec![text(workspace), text(person)]).await.map(drop)
}

/// Takes note of who refuses mail, or takes it back.
pub(crate) async fn keep_opted_out(
    on: &crate::Write,
    workspace: WorkspaceId,
    people: &[PersonId],
    opted_out: bool,
) -> Result<(), StorageError> {
    if columns::held(on, workspace).await?.is_none() {
        return Ok(());
    }
    let sql = format!(
        "UPDATE people_values SET opted_out = $3 WHERE workspace_id = $1
            AND person_id IN (SELECT value ->> 0 FROM {})",
        on.dialect.json_rows("$2")
    );
    let rows: Vec<[String; 1]> = people.iter().map(|id| [id.to_string()]).collect();
    execute(on, &sql, vec![text(workspace), to_json(&rows)?, opted_out.into()]).await.map(drop)
}

/// Takes note that people have no address for the rest of the transaction.
pub(crate) async fn give_up_keys(
    on: &crate::Write,
    workspace: WorkspaceId,
    people: &[PersonId],
) -> Result<(), StorageError> {
    if columns::held(on, workspace).await?.is_none() {
        return Ok(());
    }
    let sql = format!(
        "UPDATE people_values SET email_key = '' WHERE workspace_id = $1
            AND person_id IN (SELECT value ->> 0 FROM {})",
        on.dialect.json_rows("$2")
    );
    let rows: Vec<[String; 1]> = people.iter().map(|id| [id.to_string()]).collect();
    execute(on, &sql, vec![text(workspace), to_json(&rows)?]).await.map(drop)
}

/// Gives columns to fields that are to be compared; `false` if the workspace's segments compare too many already.
///
/// `kept` are the fields that stored segments compare. [`fill`] has to follow.
pub async fn prepare(
    on: &crate::Write,
    workspace: WorkspaceId,
    wanted: &BTreeMap<String, PersonFieldKind>,
    kept: &BTreeSet<String>,
) -> Result<bool, StorageError> {
    let before = columns::held_to_change(on, workspace).await?;
    let mut columns = before.clone();
    if !columns.give(wanted, kept) {
        return Ok(false);
    }
    if columns != before || !columns.has_everyone {
        columns::save(on, workspace, &columns).await?;
    }
    Ok(true)
}

/// Keeps others from writing people and segments of a workspace until the transaction ends.
pub async fn hold(on: &crate::Write, workspace: WorkspaceId) -> Result<(), StorageError> {
    columns::held_to_change(on, workspace).await.map(drop)
}

/// Workspaces with columns that are yet to be filled.
pub async fn to_fill(on: &impl Session) -> Result<Vec<WorkspaceId>, StorageError> {
    let sql = "SELECT workspace_id FROM segment_columns WHERE NOT is_filled ORDER BY workspace_id";
    let rows = all(on, sql, Vec::new()).await?;
    rows.iter().map(|row| row.parse("segment_columns", "workspace_id")).collect()
}

/// Fills new columns for so many batches of people at most; `true` once nothing is left to fill.
pub async fn fill(database: &Database, workspace: WorkspaceId, batches: usize) -> Result<bool, StorageError> {
    for _ in 0..batches {
        let is_filled =
            columns::find(&database.read(), workspace).await?.is_none_or(|columns| columns.is_filled());
        if is_filled {
            return Ok(true);
        }
        let write = database.write().await?;
        fill_batch(&write, workspace).await?;
        write.commit().await?;
    }
    Ok(columns::find(&database.read(), workspace).await?.is_none_or(|columns| columns.is_filled()))
}

async fn fill_batch(on: &crate::Write, workspace: WorkspaceId) -> Result<(), StorageError> {
    let mut columns = columns::held_to_change(on, workspace).await?;
    if columns.is_filled() {
        return Ok(());
    }
    let sql = "SELECT person_id, email_key, opted_out, fields FROM people
        WHERE workspace_id = $1 AND person_id > $2 ORDER BY person_id LIMIT $3";
    let people = all(on, sql, vec![text(workspace), text(&columns.filled_to), BATCH.into()]).await?;
    let rows = people.iter().map(|row| filled(&columns, row)).collect::<Result<Vec<_>, _>>()?;
    if let Some(last) = rows.last() {
        put(on, workspace, &columns, &rows).await?;
        columns.filled_to.clone_from(&last[0]);
    }
    if i64::try_from(rows.len()).is_ok_and(|count| count < BATCH) {
        columns.has_everyone = true;
        columns.filled_to.clear();
        columns.columns.iter_mut().for_each(|column| column.is_filled = true);
        // PostgreSQL plans by statistics, and has none yet of what is new.
        if on.dialect == Dialect::Postgres {
            execute(on, "ANALYZE people_values", Vec::new()).await?;
        }
    }
    columns::save(on, workspace, &columns).await
}

async fn put(
    on: &crate::Write,
    workspace: WorkspaceId,
    columns: &ValueColumns,
    rows: &[Vec<String>],
) -> Result<(), StorageError> {
    let places: Vec<String> =
        (3..3 + columns.columns.len()).map(|place| format!("value ->> {place}")).collect();
    let select = format!(
        "SELECT $1, value ->> 0, value ->> 1, value ->> 2 = '1'{} FROM {} WHERE true",
        listed(&places),
        on.dialect.json_rows("$2")
    );
    execute(on, &upsert(columns, &select), vec![text(workspace), to_json(&rows)?]).await.map(drop)
}

fn filled(columns: &ValueColumns, row: &Row) -> Result<Vec<String>, StorageError> {
    let values: Values = row.json("people", "fields")?;
    let opted_out = if row.get::<bool>("opted_out")? { "1" } else { "0" };
    let mut cells = vec![row.get("person_id")?, row.get("email_key")?, opted_out.to_owned()];
    cells.extend(keys(columns, &values));
    Ok(cells)
}

fn keys<'a>(columns: &'a ValueColumns, values: &'a Values) -> impl Iterator<Item = String> + 'a {
    columns
        .columns
        .iter()
        .map(|column| value_key(column.kind, values.get(&column.field).map_or("", String::as_str)))
}

/// A row, or rows, into the table or over what it has of the same people.
fn upsert(columns: &ValueColumns, rows: &str) -> String {
    let names: Vec<String> = columns.columns.iter().map(|column| format!("v{}", column.number)).collect();
    let taken: Vec<String> = names.iter().map(|name| format!("{name} = excluded.{name}")).collect();
    format!(
        "INSERT INTO people_values (workspace_id, person_id, email_key, opted_out{}) {rows}
        ON CONFLICT (workspace_id, person_id) DO UPDATE SET email_key = excluded.email_key,
            opted_out = excluded.opted_out{}",
        listed(&names),
        listed(&taken)
    )
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!(", {name}")).collect()
}
