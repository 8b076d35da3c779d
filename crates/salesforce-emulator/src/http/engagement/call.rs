//! One call of Account Engagement.

use bytes::Bytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json, json};

use crate::engagement::business_unit::{BusinessUnit, Writer};
use crate::engagement::error::{Problem, Refusal};
use crate::engagement::project::Selection;
use crate::engagement::schema::EngagementObject;
use crate::http::answer::Answer;
use crate::org::ids::RecordId;

/// What a resource gives: an answer, or why there is none.
pub(super) type Answered = Result<Answer, Problem>;

/// One call, from a user who may make it.
#[derive(Debug)]
pub(super) struct EngagementCall {
    /// The method, in capitals.
    pub(super) method: String,
    /// The path after the version, decoded, without empty parts.
    pub(super) path: Vec<String>,
    /// The query string.
    pub(super) parameters: Vec<(String, String)>,
    /// The body.
    pub(super) body: Bytes,
    /// What the caller has already seen, if it was told when.
    pub(super) modified_since: Option<Timestamp>,
    /// The business unit.
    pub(super) unit: String,
    /// The address that answers, without a slash at the end.
    pub(super) address: String,
    /// Who calls.
    pub(super) user: RecordId,
    /// Their time zone.
    pub(super) zone: TimeZone,
    /// The org's time.
    pub(super) now: Timestamp,
}

impl EngagementCall {
    /// A parameter of the query string.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The fields asked for in the query string.
    pub(super) fn selection(&self, object: &'static EngagementObject) -> Result<Selection, Problem> {
        Selection::read(object, self.parameter("fields").unwrap_or_default())
    }

    /// The fields a write shows afterwards: those asked for, or the number alone.
    pub(super) fn shown_fields(&self, object: &'static EngagementObject) -> Result<Selection, Problem> {
        Selection::read(object, self.parameter("fields").unwrap_or("id"))
    }

    /// The body as a JSON object; no body is an empty one.
    pub(super) fn object(&self) -> Result<Map<String, Json>, Problem> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Map::new());
        }
        match serde_json::from_slice(&self.body) {
            Ok(Json::Object(object)) => Ok(object),
            _ => Err(Refusal::InvalidJson.into()),
        }
    }

    /// Who writes, and when.
    pub(super) fn writer(&self, unit: &BusinessUnit) -> Writer {
        Writer { user: unit.user(self.user), now: self.now }
    }
}

/// A refusal as an answer.
pub(in crate::http) fn refused(problem: &Problem) -> Answer {
    Answer::json(problem.status, json!({"code": problem.code, "message": problem.message}))
}

/// Reads the number of a record from the path.
pub(super) fn id(text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| Refusal::NotFound.into())
}

/// What was asked for.
pub(super) fn found(body: Json) -> Answer {
    Answer::json(200, body)
}
