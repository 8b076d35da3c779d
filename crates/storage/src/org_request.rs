//! Questions that the web puts to the engine, because only the engine talks to Salesforce.

use crate::database::dialect::Dialect;
use crate::database::statements::{Session, all, dialect, execute, one, text, time, to_json};
use crate::error::StorageError;
use crate::queue::lease;
use domain::company::{CompanyImport, CompanyPreview};
use domain::delivery::Check;
use domain::engagement::BusinessUnitCheck;
use domain::form::{Answers, Form};
use domain::mailing::{ComposedMailing, FilledMailing};
use domain::notification::{Channel, TestResult};
use domain::router::{FindKey, RecordSelection, SelectedRecord};
use domain::synced_fields::{FieldCheck, SyncedFields, SyncedObject};
use domain::value::{FieldProblem, OrgRequestId, PageId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::time::Duration;

const TABLE: &str = "org_requests";
/// How often a request is claimed, if its workers die.
const MAX_CLAIMS: i64 = 3;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "question", rename_all = "snake_case")]
pub enum OrgRequest {
    /// Run the preflight (C8).
    Preflight,
    /// Show what a booking would do (K20).
    DryRun {
        /// On which page.
        page: PageId,
        /// With which address.
        email: String,
        /// With which answers.
        answers: Answers,
        /// With which member as host; the page's first when `None`.
        host: Option<String>,
        /// What stands for a router's decision; empty for none.
        #[serde(default)]
        routing: String,
    },
    /// Judge the fields that are to be synced (D2).
    SyncedFields {
        /// Which.
        fields: SyncedFields,
    },
    /// Look which lists a business unit has (E1).
    EngagementLists {
        /// Its id.
        business_unit_id: String,
    },
    /// Send a test message by a channel (N1).
    TestNotification {
        /// By which channel.
        channel: Channel,
    },
    /// Send a mailing to one address, to look at it (S14).
    TestMailing {
        /// The mailing.
        composed: Box<ComposedMailing>,
        /// What it says for one person.
        filled: Box<FilledMailing>,
        /// To whom it goes.
        address: String,
    },
    /// Judge the settings of the company import, and show what they would bring (Y1, Y8).
    CompanyImport {
        /// The settings.
        import: CompanyImport,
        /// Make company fields for mappings that name one that isn't there.
        add_fields: bool,
        /// Count and fetch some of the records.
        preview: bool,
    },
    /// Describe these objects, for suggestions.
    DescribeObjects {
        /// Their API names.
        objects: Vec<String>,
    },
    /// Judge whether the org would accept what a form sends (F1).
    FormCheck {
        /// The form as it would be saved.
        form: Box<Form>,
    },
    /// Show what a submission would do (K20).
    FormDryRun {
        /// The form as it would be saved.
        form: Box<Form>,
        /// With which answers.
        answers: Answers,
    },
    /// Find the records that a router asks for, at once (G6).
    FindRecords {
        /// Of which object.
        object: SyncedObject,
        /// By what.
        by: FindKey,
        /// The address or the domain.
        key: String,
        /// The fields that are read.
        fields: BTreeSet<String>,
        /// Which of those that match; each is answered.
        selections: Vec<RecordSelection>,
    },
    /// List the objects of which a form could make records.
    Objects,
    /// Describe the objects again.
    Describe,
}

impl OrgRequest {
    /// The word in the database.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Preflight => "preflight",
            Self::DryRun { .. } => "dry_run",
            Self::SyncedFields { .. } => "synced_fields",
            Self::EngagementLists { .. } => "engagement_lists",
            Self::TestNotification { .. } => "test_notification",
            Self::TestMailing { .. } => "test_mailing",
            Self::CompanyImport { .. } => "company_import",
            Self::DescribeObjects { .. } => "describe_objects",
            Self::FormCheck { .. } => "form_check",
            Self::FormDryRun { .. } => "form_dry_run",
            Self::FindRecords { .. } => "find_records",
            Self::Objects => "objects",
            Self::Describe => "describe",
        }
    }
}

/// What the engine answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum OrgResponse {
    /// The preflight's lines.
    Preflight {
        /// In the order in which they are shown.
        checks: Vec<Check>,
    },
    /// One plan per delivery that would be made.
    DryRun {
        /// Which delivery, and what it would do.
        plans: Vec<(domain::delivery::DeliveryKind, domain::delivery::DeliveryPlan)>,
    },
    /// What the org says of each field.
    SyncedFields {
        /// In the order of the page.
        verdicts: Vec<FieldCheck>,
    },
    /// What Account Engagement says of the business unit.
    EngagementLists {
        /// Its lists, or why there are none.
        finding: BusinessUnitCheck,
    },
    /// What a channel's test came to.
    NotificationTested {
        /// One for each recipient; none when there is no one to send to.
        results: Vec<TestResult>,
    },
    /// The settings fit the org.
    CompanyImport {
        /// As they would be kept.
        import: CompanyImport,
        /// What they would bring, if that was asked.
        preview: Option<CompanyPreview>,
    },
    /// The settings don't fit the org.
    CompanyImportInvalid {
        /// Where and why.
        problems: Vec<FieldProblem>,
    },
    /// What stands between a form and the org.
    FormChecked {
        /// Nothing if it could be published.
        problems: Vec<FieldProblem>,
    },
    /// The objects of which a form could make records.
    Objects {
        /// In the org's order.
        objects: Vec<OrgObject>,
    },
    /// What was looked for.
    RecordsFound {
        /// One record for each selection, in the order in which they were asked for.
        found: Vec<SelectedRecord>,
    },
    /// The objects were described.
    Described,
    /// There is no connection.
    NotConnected,
    /// It could not be found out; why.
    Failed {
        /// A reason for people under `failure-{code}`.
        reason: domain::value::Step,
    },
}

/// An object of the org.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgObject {
    /// The API name.
    pub name: String,
    /// The label in the org's language.
    pub label: String,
}

/// The right to answer a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestClaim {
    /// Whose request.
    pub workspace: WorkspaceId,
    /// Which request.
    pub request: OrgRequestId,
    /// The number that must still be the request's when its answer is stored.
    pub fence: i64,
}

/// Puts a question.
pub async fn enqueue(
    on: &impl Session,
    workspace: WorkspaceId,
    question: &OrgRequest,
    now: Timestamp,
) -> Result<OrgRequestId, StorageError> {
    let id: OrgRequestId = crate::ids::new(now);
    let sql = "INSERT INTO org_requests
        (workspace_id, org_request_id, kind, question, state, answer, created_at, claimed_by, fence, lease_until)
        VALUES ($1, $2, $3, $4, 'open', NULL, $5, '', 0, 0)";
    let values = vec![text(workspace), text(id), text(question.kind()), to_json(question)?, time(now)];
    execute(on, sql, values).await?;
    Ok(id)
}

/// The answer to a question, once there is one.
pub async fn answer(
    on: &impl Session,
    workspace: WorkspaceId,
    request: OrgRequestId,
) -> Result<Option<OrgResponse>, StorageError> {
    let sql = "SELECT answer FROM org_requests WHERE workspace_id = $1 AND org_request_id = $2";
    let row = one(on, sql, vec![text(workspace), text(request)]).await?;
    row.map_or(Ok(None), |row| row.optional_json(TABLE, "answer"))
}

/// Whether a request waits, or was left by a worker that is gone.
pub async fn any_to_do(on: &impl Session) -> Result<bool, StorageError> {
    let sql = format!("SELECT 1 AS n FROM org_requests WHERE {} LIMIT 1", to_do(dialect(on)));
    Ok(one(on, &sql, Vec::new()).await?.is_some())
}

/// Claims requests that wait or were left, the oldest first.
pub async fn claim(
    on: &crate::Write,
    worker: &str,
    lease: Duration,
    limit: u32,
) -> Result<Vec<(RequestClaim, OrgRequest)>, StorageError> {
    let sql = format!(
        "UPDATE org_requests SET state = 'taken', claimed_by = $1, fence = fence + 1, lease_until = {}
        WHERE (workspace_id, org_request_id) IN (
            SELECT workspace_id, org_request_id FROM org_requests WHERE {} ORDER BY created_at LIMIT $3{}
        ) RETURNING workspace_id, org_request_id, fence, question",
        lease::until(on.dialect, "$2"),
        to_do(on.dialect),
        on.dialect.skip_locked()
    );
    let rows = all(on, &sql, vec![text(worker), lease::length(lease), i64::from(limit).into()]).await?;
    rows.iter()
        .map(|row| {
            let claim = RequestClaim {
                workspace: row.parse(TABLE, "workspace_id")?,
                request: row.parse(TABLE, "org_request_id")?,
                fence: row.get("fence")?,
            };
            Ok((claim, row.json(TABLE, "question")?))
        })
        .collect()
}

fn to_do(dialect: Dialect) -> String {
    let is_over = lease::is_over(dialect);
    // A worker that dies of a request must not take the others along.
    format!("(state = 'open' OR (state = 'taken' AND fence < {MAX_CLAIMS} AND {is_over}))")
}

/// Renews a claim while its holder works; [`StorageError::LeaseLost`] when it is no longer ours.
pub async fn renew(on: &crate::Write, claim: RequestClaim, lease: Duration) -> Result<(), StorageError> {
    let sql = format!(
        "UPDATE org_requests SET lease_until = {}
        WHERE workspace_id = $1 AND org_request_id = $2 AND fence = $3 AND state = 'taken'",
        lease::until(on.dialect, "$4")
    );
    let values = vec![text(claim.workspace), text(claim.request), claim.fence.into(), lease::length(lease)];
    if execute(on, &sql, values).await? == 1 { Ok(()) } else { Err(StorageError::LeaseLost) }
}

/// Stores the answer to a request; [`StorageError::LeaseLost`] when it is no longer ours.
pub async fn complete(
    on: &crate::Write,
    claim: RequestClaim,
    answer: &OrgResponse,
) -> Result<(), StorageError> {
    let sql = "UPDATE org_requests SET state = 'answered', answer = $4
        WHERE workspace_id = $1 AND org_request_id = $2 AND fence = $3 AND state = 'taken'";
    let values = vec![text(claim.workspace), text(claim.request), claim.fence.into(), to_json(answer)?];
    if execute(on, sql, values).await? == 1 { Ok(()) } else { Err(StorageError::LeaseLost) }
}

/// Removes questions older than that, answered or not.
pub async fn forget_before(on: &impl Session, before: Timestamp) -> Result<(), StorageError> {
    execute(on, "DELETE FROM org_requests WHERE created_at < $1", vec![time(before)]).await.map(drop)
}

/// The objects that the org listed last, unless that is too long ago.
pub async fn last_objects(
    on: &impl Session,
    workspace: WorkspaceId,
    since: Timestamp,
) -> Result<Option<Vec<OrgObject>>, StorageError> {
    let sql = "SELECT answer FROM org_requests
        WHERE workspace_id = $1 AND state = 'answered' AND kind = $2 AND created_at >= $3
        ORDER BY created_at DESC LIMIT 1";
    let values = vec![text(workspace), text(OrgRequest::Objects.kind()), time(since)];
    let Some(row) = one(on, sql, values).await? else { return Ok(None) };
    match row.json(TABLE, "answer")? {
        OrgResponse::Objects { objects } => Ok(Some(objects)),
        _ => Ok(None),
    }
}

/// The last preflight's answer, for the page that shows it.
pub async fn last_preflight(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<Option<(Timestamp, Vec<Check>)>, StorageError> {
    let sql = "SELECT created_at, answer FROM org_requests
        WHERE workspace_id = $1 AND state = 'answered' AND kind = $2
        ORDER BY created_at DESC LIMIT 1";
    let values = vec![text(workspace), text(OrgRequest::Preflight.kind())];
    let Some(row) = one(on, sql, values).await? else { return Ok(None) };
    match row.json(TABLE, "answer")? {
        OrgResponse::Preflight { checks } => Ok(Some((row.time("created_at")?, checks))),
        _ => Ok(None),
    }
}
