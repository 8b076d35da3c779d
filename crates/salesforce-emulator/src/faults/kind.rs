//! The kinds of fault, and how they are asked for.

use serde_json::{Map, Value as Json, json};

/// Why a job fails when no other reason is asked for.
const JOB_FAILED: &str = "Unknown : An unexpected error occurred. Please try again.";

/// What an answer with a status of its own carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StatusBody {
    /// An error array.
    Json,
    /// A page, as the edge in front of the org sends it.
    Html,
    /// Nothing.
    Empty,
}

/// An answer that takes the place of the true one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatusAnswer {
    /// The status.
    pub(crate) status: u16,
    /// What it carries.
    pub(crate) body: StatusBody,
    /// Whether the request is carried out first.
    pub(crate) after_commit: bool,
    /// The error code, when it is not the one that usually comes with the status.
    pub(crate) code: Option<String>,
    /// The message.
    pub(crate) message: Option<String>,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The request is carried out, but the connection closes without an answer.
    LostAnswer,
    /// Another status is answered, with or without carrying the request out first.
    Status(StatusAnswer),
    /// The answer comes late.
    Slow { milliseconds: u64, before_commit: bool },
    /// The access token used is no longer good.
    SessionExpired,
    /// No token at all is good any more.
    Revoke,
    /// The day's calls are used up.
    DailyLimit,
    /// Another user holds the record's lock.
    RowLock,
    /// The connection closes before the request is carried out.
    Reset,
    /// The answer ends too early, as if it were whole: so many percent of it come, of a table whole lines.
    Cut { percent: u64 },
    /// Changes can be seen so many seconds after the date they carry.
    LateCommit { seconds: u64 },
    /// Changes within so many seconds carry the same date.
    TiedStamps { seconds: u64 },
    /// A bulk job pauses before each of its steps, once some of its rows are done.
    JobSlow { milliseconds: u64, after_rows: u64 },
    /// A bulk job fails after some of its rows.
    JobFailed { after_rows: u64, message: String },
}

/// One fault that was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    pub(crate) path: Option<String>,
    pub(crate) method: Option<String>,
    pub(crate) times: Option<u64>,
    pub(crate) probability: f64,
    pub(crate) seed: u64,
    pub(crate) hits: u64,
    /// Requests that it lets pass first.
    pub(crate) after: u64,
}

impl Kind {
    /// Whether it meets whole requests.
    pub(super) fn meets_requests(&self) -> bool {
        !matches!(self, Kind::RowLock) && !self.meets_jobs()
    }

    /// Whether it meets bulk jobs.
    pub(super) fn meets_jobs(&self) -> bool {
        matches!(self, Kind::JobSlow { .. } | Kind::JobFailed { .. })
    }

    /// The name it is asked for by.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Kind::LostAnswer => "lost_answer",
            Kind::Status(_) => "status",
            Kind::Slow { .. } => "slow",
            Kind::SessionExpired => "session_expired",
            Kind::Revoke => "revoke",
            Kind::DailyLimit => "daily_limit",
            Kind::RowLock => "row_lock",
            Kind::Reset => "reset",
            Kind::Cut { .. } => "cut",
            Kind::LateCommit { .. } => "late_commit",
            Kind::TiedStamps { .. } => "tied_stamps",
            Kind::JobSlow { .. } => "job_slow",
            Kind::JobFailed { .. } => "job_failed",
        }
    }

    fn read(asked: &Map<String, Json>) -> Result<Self, String> {
        let number = |key: &str| asked.get(key).and_then(Json::as_u64);
        let flag = |key: &str| asked.get(key).and_then(Json::as_bool).unwrap_or(false);
        match asked.get("kind").and_then(Json::as_str).unwrap_or_default() {
            "lost_answer" => Ok(Kind::LostAnswer),
            "status" => {
                let status = number("status").and_then(|status| u16::try_from(status).ok());
                let status = status.filter(|status| (200..600).contains(status));
                let body = match asked.get("body").and_then(Json::as_str).unwrap_or("json") {
                    "json" => StatusBody::Json,
                    "html" => StatusBody::Html,
                    "empty" => StatusBody::Empty,
                    other => return Err(format!("body must be json, html or empty, not {other:?}")),
                };
                let status = status.ok_or("status must be a number from 200 to 599")?;
                let text = |key: &str| asked.get(key).and_then(Json::as_str).map(str::to_owned);
                let (after_commit, code, message) = (flag("after_commit"), text("code"), text("message"));
                Ok(Kind::Status(StatusAnswer { status, body, after_commit, code, message }))
            }
            "slow" => Ok(Kind::Slow {
                milliseconds: number("milliseconds").unwrap_or(1000),
                before_commit: flag("before_commit"),
            }),
            "session_expired" => Ok(Kind::SessionExpired),
            "revoke" => Ok(Kind::Revoke),
            "daily_limit" => Ok(Kind::DailyLimit),
            "row_lock" => Ok(Kind::RowLock),
            "reset" => Ok(Kind::Reset),
            "cut" => Ok(Kind::Cut { percent: number("percent").unwrap_or(50).min(100) }),
            "late_commit" => Ok(Kind::LateCommit { seconds: number("seconds").unwrap_or(10).min(86_400) }),
            "tied_stamps" => Ok(Kind::TiedStamps { seconds: number("seconds").unwrap_or(60).min(86_400) }),
            "query_timeout" => Ok(Kind::Status(StatusAnswer {
                status: 400,
                body: StatusBody::Json,
                after_commit: false,
                code: Some("QUERY_TIMEOUT".to_owned()),
                message: Some("Your query request was running for too long.".to_owned()),
            })),
            "job_slow" => Ok(Kind::JobSlow {
                milliseconds: number("milliseconds").unwrap_or(1000),
                after_rows: number("after_rows").unwrap_or(0),
            }),
            "job_failed" => Ok(Kind::JobFailed {
                after_rows: number("after_rows").unwrap_or(0),
                message: asked.get("message").and_then(Json::as_str).unwrap_or(JOB_FAILED).to_owned(),
            }),
            other => Err(format!(
                "kind must be lost_answer, status, slow, session_expired, revoke, daily_limit, row_lock, reset, cut, late_commit, tied_stamps, query_timeout, job_slow or job_failed, not {other:?}"
            )),
        }
    }
}

impl Fault {
    /// Reads a fault as it is asked for.
    pub(crate) fn read(asked: &Json) -> Result<Self, String> {
        let asked = asked.as_object().ok_or("a fault is a JSON object")?;
        let text = |key: &str| asked.get(key).and_then(Json::as_str).map(str::to_owned);
        let probability = asked.get("probability").and_then(Json::as_f64).unwrap_or(1.0);
        if !(0.0..=1.0).contains(&probability) {
            return Err("probability must be from 0 to 1".to_owned());
        }
        Ok(Fault {
            kind: Kind::read(asked)?,
            path: text("path").or(usual_path(asked)),
            method: text("method").map(|method| method.to_ascii_uppercase()),
            times: asked.get("times").and_then(Json::as_u64),
            probability,
            seed: asked.get("seed").and_then(Json::as_u64).unwrap_or(1),
            hits: 0,
            after: asked.get("after").and_then(Json::as_u64).unwrap_or(0),
        })
    }

    /// The fault as the control route shows it.
    pub(crate) fn to_json(&self) -> Json {
        let mut shown = Map::new();
        shown.insert("kind".to_owned(), json!(self.kind.name()));
        match &self.kind {
            Kind::Status(StatusAnswer { status, body, after_commit, .. }) => {
                let body = match body {
                    StatusBody::Json => "json",
                    StatusBody::Html => "html",
                    StatusBody::Empty => "empty",
                };
                shown.insert("status".to_owned(), json!(status));
                shown.insert("body".to_owned(), json!(body));
                shown.insert("after_commit".to_owned(), json!(after_commit));
            }
            Kind::Slow { milliseconds, before_commit } => {
                shown.insert("milliseconds".to_owned(), json!(milliseconds));
                shown.insert("before_commit".to_owned(), json!(before_commit));
            }
            Kind::JobSlow { milliseconds, after_rows } => {
                shown.insert("milliseconds".to_owned(), json!(milliseconds));
                shown.insert("after_rows".to_owned(), json!(after_rows));
            }
            Kind::JobFailed { after_rows, message } => {
                shown.insert("after_rows".to_owned(), json!(after_rows));
                shown.insert("message".to_owned(), json!(message));
            }
            Kind::LateCommit { seconds } | Kind::TiedStamps { seconds } => {
                shown.insert("seconds".to_owned(), json!(seconds));
            }
            Kind::Cut { percent } => {
                shown.insert("percent".to_owned(), json!(percent));
            }
            Kind::LostAnswer
            | Kind::SessionExpired
            | Kind::Revoke
            | Kind::DailyLimit
            | Kind::RowLock
            | Kind::Reset => {}
        }
        shown.insert("path".to_owned(), json!(self.path));
        shown.insert("method".to_owned(), json!(self.method));
        shown.insert("times_left".to_owned(), json!(self.times));
        shown.insert("probability".to_owned(), json!(self.probability));
        shown.insert("seed".to_owned(), json!(self.seed));
        shown.insert("after".to_owned(), json!(self.after));
        shown.insert("hits".to_owned(), json!(self.hits));
        Json::Object(shown)
    }
}

/// Where a fault strikes when it names no path, if that is not everywhere.
fn usual_path(asked: &Map<String, Json>) -> Option<String> {
    (asked.get("kind").and_then(Json::as_str) == Some("query_timeout")).then(|| "/query".to_owned())
}
