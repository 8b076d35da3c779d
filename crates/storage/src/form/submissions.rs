//! What visitors sent by forms (F4).

use crate::database::statements::{Row, Session, all, execute, one, placeholders, text, time, to_json};
use crate::error::StorageError;
use crate::list::{Conditions, Page, Select, Sort, contains};
use domain::delivery::DeliveryState;
use domain::form::{Submission, SubmissionState};
use domain::list::{Direction, Position};
use domain::value::{FormId, SubmissionId, Timestamp, WorkspaceId, search_key};

const TABLE: &str = "submissions";

/// Keeps a submission.
pub async fn create(
    on: &crate::Write,
    workspace: WorkspaceId,
    submission: &Submission,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO submissions (workspace_id, submission_id, form_id, state, email_key, search_key, body, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = vec![
        text(workspace),
        text(submission.id),
        text(submission.form),
        text(submission.state.name()),
        text(submission.email.as_ref().map_or_else(String::new, domain::value::EmailAddress::key)),
        text(searched(submission)),
        to_json(submission)?,
        time(submission.created_at),
    ];
    execute(on, sql, values).await.map(drop)
}

/// The text in which a search looks for a submission.
fn searched(submission: &Submission) -> String {
    let answers = submission.answers.values().map(domain::form::Answer::to_text);
    let joined = answers.clone().map(|answer| answer.replace([' ', '\u{3000}'], ""));
    let external = submission.external_id.clone();
    let all: Vec<String> =
        std::iter::once(submission.form_title.clone()).chain(answers).chain(joined).chain(external).collect();
    let all: String = all.join(" ").chars().take(MAX_SEARCHED).collect();
    search_key(&all)
}

/// Characters that are searched; behind them stands the rest of a long text.
const MAX_SEARCHED: usize = 4_000;

/// Lets a quarantined submission go to Salesforce; `false` when it is not in quarantine.
pub async fn release(
    on: &crate::Write,
    workspace: WorkspaceId,
    submission: &Submission,
) -> Result<bool, StorageError> {
    let released = Submission { state: SubmissionState::Accepted, ..submission.clone() };
    let sql = "UPDATE submissions SET state = $4, body = $5
        WHERE workspace_id = $1 AND submission_id = $2 AND state = $3";
    let values = vec![
        text(workspace),
        text(submission.id),
        text(SubmissionState::Quarantined.name()),
        text(SubmissionState::Accepted.name()),
        to_json(&released)?,
    ];
    Ok(execute(on, sql, values).await? == 1)
}

/// A submission by id.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    submission: SubmissionId,
) -> Result<Option<Submission>, StorageError> {
    let sql = "SELECT body FROM submissions WHERE workspace_id = $1 AND submission_id = $2";
    one(on, sql, vec![text(workspace), text(submission)]).await?.as_ref().map(read).transpose()
}

/// Several submissions by id, in no order; unknown ones are left out.
pub async fn find_many(
    on: &impl Session,
    workspace: WorkspaceId,
    submissions: &[SubmissionId],
) -> Result<Vec<Submission>, StorageError> {
    if submissions.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT body FROM submissions WHERE workspace_id = $1 AND submission_id IN ({})",
        placeholders(2, submissions.len())
    );
    let values = std::iter::once(text(workspace)).chain(submissions.iter().map(text)).collect();
    all(on, &sql, values).await?.iter().map(read).collect()
}

/// What was sent with an e-mail address, the latest first.
pub async fn of_email(
    on: &impl Session,
    workspace: WorkspaceId,
    email_key: &str,
    limit: u32,
) -> Result<Vec<Submission>, StorageError> {
    let sql = "SELECT body FROM submissions WHERE workspace_id = $1 AND email_key = $2
        ORDER BY submission_id DESC LIMIT $3";
    let rows = all(on, sql, vec![text(workspace), text(email_key), i64::from(limit).into()]).await?;
    rows.iter().map(read).collect()
}

/// A page of a workspace's submissions, the latest first; `before` is the last id of the page before.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    before: Option<SubmissionId>,
    limit: u32,
) -> Result<Vec<Submission>, StorageError> {
    let last = before.map_or_else(|| "g".to_owned(), |before| before.to_string());
    let sql = "SELECT body FROM submissions WHERE workspace_id = $1 AND submission_id < $2
        ORDER BY submission_id DESC LIMIT $3";
    let rows = all(on, sql, vec![text(workspace), text(last), i64::from(limit).into()]).await?;
    rows.iter().map(read).collect()
}

/// How many submissions of each form and state there are since a moment.
pub async fn counts_since(
    on: &impl Session,
    workspace: WorkspaceId,
    since: Timestamp,
) -> Result<Vec<(FormId, SubmissionState, i64)>, StorageError> {
    let sql = "SELECT form_id, state, CAST(COUNT(*) AS BIGINT) AS n FROM submissions
        WHERE workspace_id = $1 AND created_at >= $2 GROUP BY form_id, state";
    let rows = all(on, sql, vec![text(workspace), time(since)]).await?;
    rows.iter()
        .map(|row| {
            let state = row.word(TABLE, "state", SubmissionState::from_name)?;
            Ok((row.parse(TABLE, "form_id")?, state, row.get("n")?))
        })
        .collect()
}

/// Which submissions a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubmissionFilter {
    /// What is searched for; empty for nothing.
    pub search: String,
    /// Only those in this state.
    pub state: Option<SubmissionState>,
    /// Only those of a form, by its ID.
    pub form: Option<String>,
    /// Only those with a delivery in this state.
    pub delivery_state: Option<DeliveryState>,
    /// Sent at or after this.
    pub sent_from: Option<Timestamp>,
    /// Sent before this.
    pub sent_until: Option<Timestamp>,
}

/// A page of the submissions that a filter lets through, by when they were sent.
pub async fn select(
    on: &impl Session,
    workspace: WorkspaceId,
    filter: &SubmissionFilter,
    direction: Direction,
    position: &Position,
    limit: u32,
) -> Result<Page<Submission>, StorageError> {
    let select = Select { table: TABLE, id: "submission_id", sort: Sort::Number("created_at"), direction };
    select.page(on, &conditions(workspace, filter), position, limit, read).await
}

fn conditions(workspace: WorkspaceId, filter: &SubmissionFilter) -> Conditions {
    let mut all = Conditions::of(workspace);
    if !filter.search.is_empty() {
        all.and("search_key LIKE ? ESCAPE '!'", [contains(&filter.search)]);
    }
    if let Some(state) = filter.state {
        all.and("state = ?", [text(state.name())]);
    }
    if let Some(form) = &filter.form {
        all.and("form_id = ?", [text(form)]);
    }
    if let Some(state) = filter.delivery_state {
        all.and(
            "submission_id IN (SELECT subject_id FROM deliveries
                WHERE deliveries.workspace_id = $1 AND subject_kind = 'submission' AND deliveries.state = ?)",
            [text(state.name())],
        );
    }
    for (sign, at) in [(">=", filter.sent_from), ("<", filter.sent_until)] {
        if let Some(at) = at {
            all.and(&format!("created_at {sign} ?"), [time(at)]);
        }
    }
    all
}

fn read(row: &Row) -> Result<Submission, StorageError> {
    row.json(TABLE, "body")
}
