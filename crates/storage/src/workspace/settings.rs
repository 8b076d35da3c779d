//! Workspace-wide settings, one JSON body a name.

use crate::database::statements::{Session, execute, one, text, time, to_json};
use crate::error::StorageError;
use crate::secret::token_hash;
use crate::workspace::workspaces;
use domain::brand::{Brand, ImageKind};
use domain::company::{CompanyField, CompanyImport, CompanyMapping, CompanyOptions};
use domain::condition::Condition;
use domain::delivery::SalesforceSettings;
use domain::engagement::{EngagementList, EngagementLists};
use domain::mailing::MailSettings;
use domain::people::{PeopleCursors, PeopleReview, PeopleSync, PersonFields};
use domain::synced_fields::SyncedFields;
use domain::tag::{Reconciliation, TagSettings};
use domain::value::{Timestamp, WorkspaceId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Something of which a workspace stores one, as a JSON body; the default if nothing was saved.
pub trait Setting: Serialize + DeserializeOwned + Default {
    /// The name of its row. It is stored, so it never changes.
    const NAME: &'static str;
}

impl Setting for SalesforceSettings {
    const NAME: &'static str = "salesforce";
}

impl Setting for SyncedFields {
    const NAME: &'static str = "synced_fields";
}

impl Setting for CompanyImport {
    const NAME: &'static str = "company_import";
}

impl Setting for CompanyOptions {
    const NAME: &'static str = "company_options";
}

impl Setting for EngagementLists {
    const NAME: &'static str = "engagement_lists";
}

/// The company import that is being prepared, if one is; nothing of it is in use.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CompanyImportDraft(pub Option<CompanyImport>);

impl Setting for CompanyImportDraft {
    const NAME: &'static str = "company_import_draft";
}

impl Setting for TagSettings {
    const NAME: &'static str = "tag";
}

impl Setting for PersonFields {
    const NAME: &'static str = "person_fields";
}

impl Setting for PeopleSync {
    const NAME: &'static str = "people_sync";
}

impl Setting for PeopleCursors {
    const NAME: &'static str = "people_cursors";
}

impl Setting for PeopleReview {
    const NAME: &'static str = "people_review";
}

impl Setting for MailSettings {
    const NAME: &'static str = "mail";
}

impl Setting for Brand {
    const NAME: &'static str = "brand";
}

/// The logo of a workspace's public pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BrandLogo(pub Option<LogoFile>);

impl Setting for BrandLogo {
    const NAME: &'static str = "brand_logo";
}

/// A logo's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoFile {
    /// What kind of picture it is.
    pub kind: ImageKind,
    /// Its bytes in Base64.
    pub data: String,
}

/// A row that was taken out of the import that is being prepared, with its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RemovedImportRow {
    /// A condition.
    Condition(usize, Condition),
    /// A mapping, with the field that went with it.
    Mapping(usize, CompanyMapping, Option<CompanyField>),
}

/// The last row that was taken out, while it can be brought back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LastRemovedImportRow(pub Option<RemovedImportRow>);

impl Setting for LastRemovedImportRow {
    const NAME: &'static str = "company_import_removed";
}

/// The lists that a business unit had when it was last asked, to suggest their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownLists {
    /// The business unit.
    pub business_unit_id: String,
    /// Its lists.
    pub lists: Vec<EngagementList>,
}

impl Setting for KnownLists {
    const NAME: &'static str = "engagement_known_lists";
}

/// How conversions and Leads stood to each other in the last night; `None` before the first one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LastReconciliation(pub Option<Reconciliation>);

impl Setting for LastReconciliation {
    const NAME: &'static str = "tag_reconciliation";
}

/// Finds a setting.
pub async fn find<T: Setting>(on: &impl Session, workspace: WorkspaceId) -> Result<T, StorageError> {
    let sql = "SELECT body FROM settings WHERE workspace_id = $1 AND name = $2";
    let row = one(on, sql, vec![text(workspace), text(T::NAME)]).await?;
    Ok(row.map(|row| row.json("settings", "body")).transpose()?.unwrap_or_default())
}

/// Finds a setting that is changed next; no one else can change it before this transaction ends.
pub async fn find_to_edit<T: Setting>(on: &crate::Write, workspace: WorkspaceId) -> Result<T, StorageError> {
    workspaces::lock(on, workspace).await?;
    find(on, workspace).await
}

/// What a setting is like now, as a short text that is another one after any change; empty if it was never saved.
pub async fn version<T: Setting>(on: &impl Session, workspace: WorkspaceId) -> Result<String, StorageError> {
    let sql = "SELECT body FROM settings WHERE workspace_id = $1 AND name = $2";
    let row = one(on, sql, vec![text(workspace), text(T::NAME)]).await?;
    let body: Option<String> = row.map(|row| row.get("body")).transpose()?;
    Ok(body.map(|body| token_hash::of_token(&body)).unwrap_or_default())
}

/// The same, while no one else can change it before this transaction ends.
pub async fn locked_version<T: Setting>(
    on: &crate::Write,
    workspace: WorkspaceId,
) -> Result<String, StorageError> {
    workspaces::lock(on, workspace).await?;
    version::<T>(on, workspace).await
}

/// Saves a setting.
pub async fn save<T: Setting>(
    on: &impl Session,
    workspace: WorkspaceId,
    setting: &T,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO settings (workspace_id, name, body, updated_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, name) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at";
    let values = vec![text(workspace), text(T::NAME), to_json(setting)?, time(now)];
    execute(on, sql, values).await.map(drop)
}

/// Forgets a setting.
pub async fn forget<T: Setting>(on: &impl Session, workspace: WorkspaceId) -> Result<(), StorageError> {
    let sql = "DELETE FROM settings WHERE workspace_id = $1 AND name = $2";
    execute(on, sql, vec![text(workspace), text(T::NAME)]).await.map(drop)
}

/// Saves how companies are imported; the import that was being prepared is forgotten.
pub async fn save_company_import(
    on: &impl Session,
    workspace: WorkspaceId,
    import: &CompanyImport,
    now: Timestamp,
) -> Result<(), StorageError> {
    forget::<CompanyImportDraft>(on, workspace).await?;
    save(on, workspace, import, now).await
}
