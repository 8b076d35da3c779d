//! Forms.

use crate::database::statements::{Row, Session, all, execute, one, text, time, to_json};
use crate::error::StorageError;
use domain::form::Form;
use domain::value::{FormId, Timestamp, WorkspaceId};

/// What became of saving a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormSaved {
    /// It is saved.
    Saved,
    /// Another form of the server has that address.
    SlugTaken,
    /// Somebody has saved the form since the version on which the change is based.
    ChangedMeanwhile,
}

/// Keeps a new form.
pub async fn create(
    on: &crate::Write,
    workspace: WorkspaceId,
    form: &Form,
    now: Timestamp,
) -> Result<FormSaved, StorageError> {
    let sql = "INSERT INTO forms (workspace_id, form_id, slug, version, body, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (slug) DO NOTHING";
    let values = vec![
        text(workspace),
        text(form.id),
        text(&form.slug),
        i64::from(form.version).into(),
        to_json(form)?,
        time(now),
    ];
    Ok(if execute(on, sql, values).await? == 1 { FormSaved::Saved } else { FormSaved::SlugTaken })
}

/// Replaces the form of version `seen` by one with a higher version.
pub async fn replace(
    on: &crate::Write,
    workspace: WorkspaceId,
    form: &Form,
    seen: u32,
    now: Timestamp,
) -> Result<FormSaved, StorageError> {
    let taken = "SELECT form_id FROM forms WHERE slug = $1 AND form_id <> $2";
    if one(on, taken, vec![text(&form.slug), text(form.id)]).await?.is_some() {
        return Ok(FormSaved::SlugTaken);
    }
    let sql = "UPDATE forms SET slug = $4, version = $5, body = $6, updated_at = $7
        WHERE workspace_id = $1 AND form_id = $2 AND version = $3";
    let values = vec![
        text(workspace),
        text(form.id),
        i64::from(seen).into(),
        text(&form.slug),
        i64::from(form.version).into(),
        to_json(form)?,
        time(now),
    ];
    let saved = execute(on, sql, values).await? == 1;
    Ok(if saved { FormSaved::Saved } else { FormSaved::ChangedMeanwhile })
}

/// Removes a form; what was sent by it stays. `false` when it isn't there.
pub async fn remove(on: &crate::Write, workspace: WorkspaceId, form: FormId) -> Result<bool, StorageError> {
    let sql = "DELETE FROM forms WHERE workspace_id = $1 AND form_id = $2";
    Ok(execute(on, sql, vec![text(workspace), text(form)]).await? == 1)
}

/// A workspace's forms, by address.
pub async fn list(on: &impl Session, workspace: WorkspaceId) -> Result<Vec<Form>, StorageError> {
    let sql = "SELECT body FROM forms WHERE workspace_id = $1 ORDER BY slug";
    all(on, sql, vec![text(workspace)]).await?.iter().map(read).collect()
}

/// A form by id.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    form: FormId,
) -> Result<Option<Form>, StorageError> {
    let sql = "SELECT body FROM forms WHERE workspace_id = $1 AND form_id = $2";
    one(on, sql, vec![text(workspace), text(form)]).await?.as_ref().map(read).transpose()
}

/// A form of a workspace by its part of the address.
pub async fn find_by_slug(
    on: &impl Session,
    workspace: WorkspaceId,
    slug: &str,
) -> Result<Option<Form>, StorageError> {
    let sql = "SELECT body FROM forms WHERE workspace_id = $1 AND slug = $2";
    one(on, sql, vec![text(workspace), text(slug)]).await?.as_ref().map(read).transpose()
}

/// The workspace of the form with this address; visitors begin here.
pub async fn find_workspace(on: &impl Session, slug: &str) -> Result<Option<WorkspaceId>, StorageError> {
    let row = one(on, "SELECT workspace_id FROM forms WHERE slug = $1", vec![text(slug)]).await?;
    row.map(|row| row.parse("forms", "workspace_id")).transpose()
}

fn read(row: &Row) -> Result<Form, StorageError> {
    row.json("forms", "body")
}
