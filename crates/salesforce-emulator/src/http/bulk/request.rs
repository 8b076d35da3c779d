//! What a client asks a new job to be.

use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use crate::bulk::format::{Delimiter, Format, LineEnding};
use crate::bulk::job::{Head, JobFaults, State};
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::{bad_body, error};
use crate::org::ids::RecordId;

/// The text under a key; `None` when there is none or it is null.
pub(super) fn text<'a>(asked: &'a Map<String, Json>, key: &str) -> Result<Option<&'a str>, Box<Answer>> {
    match asked.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text)),
        Some(_) => Err(Box::new(bad_body(&format!("Cannot deserialize instance of string for {key}")))),
    }
}

/// The refusal of a word that is not one of those there are.
pub(super) fn unknown_word(what: &str, word: &str) -> Box<Answer> {
    let message = format!(
        "Cannot deserialize instance of {what} from VALUE_STRING value {word} or request may be missing a required field at [line:1, column:1]"
    );
    Box::new(bad_body(&message))
}

/// The refusal of a job that makes no sense.
pub(super) fn invalid_job(message: &str) -> Box<Answer> {
    Box::new(error(400, "INVALIDJOB", message))
}

/// How the rows of the job are written; commas and line feeds unless something else is asked for.
pub(super) fn format(asked: &Map<String, Json>) -> Result<Format, Box<Answer>> {
    if let Some(kind) = text(asked, "contentType")?.filter(|kind| *kind != "CSV") {
        return Err(unknown_word("ContentTypeEnum", kind));
    }
    let delimiter = match text(asked, "columnDelimiter")? {
        None => Delimiter::default(),
        Some(name) => Delimiter::parse(name).ok_or_else(|| unknown_word("ColumnDelimiterEnum", name))?,
    };
    let line_ending = match text(asked, "lineEnding")? {
        None => LineEnding::default(),
        Some(name) => LineEnding::parse(name).ok_or_else(|| unknown_word("LineEndingEnum", name))?,
    };
    Ok(Format { delimiter, line_ending })
}

/// The state that a client wants a job to be in.
pub(super) fn wanted_state(call: &Call) -> Result<State, Box<Answer>> {
    let asked = call.object()?;
    let name = text(&asked, "state")?.unwrap_or_default();
    State::parse(name).ok_or_else(|| unknown_word("JobStateEnum", name))
}

/// What every new job has.
pub(super) fn head(
    call: &Call,
    id: RecordId,
    object: &str,
    operation: &'static str,
    format: Format,
    now: Timestamp,
) -> Head {
    Head {
        id,
        user: call.user,
        object: object.to_owned(),
        operation,
        version: call.version,
        format,
        created: now,
        changed: now,
        state: State::Open,
        message: None,
        processed: 0,
        retries: 0,
        origin: origin(call, id),
        comes_from: call.origin(),
        mishap: JobFaults::default(),
    }
}

/// The method and path of the request that sets a job going, as faults see it.
pub(super) fn origin(call: &Call, id: RecordId) -> (&'static str, String) {
    let method = if call.method == "PATCH" { "PATCH" } else { "POST" };
    let kind = call.path.get(1).map_or("ingest", String::as_str);
    (method, format!("{}/jobs/{kind}/{id}", call.base_path))
}

/// The refusal of a change that the job's state does not allow.
pub(super) fn wrong_state(doing: &str, state: State) -> Answer {
    let word = match state {
        State::JobComplete => "Completed",
        State::UploadComplete | State::InProgress => "Closed",
        State::Open | State::Failed | State::Aborted => state.name(),
    };
    error(400, "INVALIDJOBSTATE", &format!("{doing} already {word} Job not allowed"))
}

/// The refusal to delete a job that is still at work.
pub(super) fn not_terminated() -> Answer {
    error(400, "API_ERROR", "Error encountered when deleting the job because the job is not terminated")
}
