//! Jobs that load records.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value as Json};

use crate::bulk::ingest::{self, IngestJob, Operation};
use crate::bulk::job::State;
use crate::http::answer::Answer;
use crate::http::bulk::shown::{self, Extent};
use crate::http::bulk::{multipart, request};
use crate::http::call::Call;
use crate::http::error::{bad_body, error, not_found};
use crate::lock::lock;
use crate::org::ids::RecordId;
use crate::org::save::UpsertKey;
use crate::state::EmulatorState;

/// Characters of data that a job may be made with.
const MAX_PART: usize = 100_000;
/// Bytes of data as Salesforce keeps it, which is base64.
const MAX_UPLOAD: usize = 150_000_000;

/// Makes a job; when its data comes along it is set going at once.
pub(super) fn create(state: &Arc<EmulatorState>, call: &Call) -> Answer {
    created(state, call).unwrap_or_else(|answer| *answer)
}

fn created(state: &Arc<EmulatorState>, call: &Call) -> Result<Answer, Box<Answer>> {
    let kind = call.header("content-type").unwrap_or_default();
    let (asked, data) = if kind.to_ascii_lowercase().starts_with("multipart/") {
        let (asked, data) = both_parts(kind, &call.body)?;
        (asked, Some(data))
    } else {
        (call.object()?, None)
    };
    let mut job = asked_for(state, call, &asked)?;
    let mut jobs = lock(&state.jobs);
    if let Some(data) = data {
        job.upload = Some(data);
        job.head.enter(State::UploadComplete, state.clock.now());
        tokio::spawn(ingest::run(Arc::downgrade(state), job.head.id));
    }
    let answer = Answer::json(200, shown::ingest(&job, Extent::Made));
    jobs.ingest.add(job);
    Ok(answer)
}

fn both_parts(kind: &str, body: &Bytes) -> Result<(Map<String, Json>, Bytes), Box<Answer>> {
    let parts = multipart::parts(kind, body).unwrap_or_default();
    let part = |wanted: &str| parts.iter().find(|(name, _)| name == wanted).map(|(_, content)| *content);
    let (Some(job), Some(content)) = (part("job"), part("content")) else {
        return Err(Box::new(bad_body("The multipart body must have the parts job and content")));
    };
    let Ok(Json::Object(asked)) = serde_json::from_slice(job) else {
        return Err(Box::new(bad_body("The part job must be a JSON object")));
    };
    if String::from_utf8_lossy(content).chars().count() > MAX_PART {
        let message = format!("The part content may have at most {MAX_PART} characters");
        return Err(Box::new(error(400, "CLIENTINPUTERROR", &message)));
    }
    Ok((asked, body.slice_ref(content)))
}

fn asked_for(
    state: &EmulatorState,
    call: &Call,
    asked: &Map<String, Json>,
) -> Result<IngestJob, Box<Answer>> {
    let org = state.read();
    let operation = match request::text(asked, "operation")? {
        None => return Err(request::invalid_job("An operation must be specified")),
        Some(name) => Operation::parse(name).ok_or_else(|| request::unknown_word("OperationEnum", name))?,
    };
    let Some(name) = request::text(asked, "object")? else {
        return Err(request::invalid_job("An object must be specified"));
    };
    let Some(object) = org.schema.visible(name) else {
        return Err(Box::new(error(400, "INVALIDENTITY", &format!("Unable to find object: {name}"))));
    };
    if operation == Operation::HardDelete && !org.user_may(call.user, "PermissionsBulkApiHardDelete") {
        let message = "hardDelete operation requires special user profile permission, please contact your system administrator";
        return Err(Box::new(error(400, "FEATURENOTENABLED", message)));
    }
    let key = request::text(asked, "externalIdFieldName")?.filter(|key| !key.is_empty());
    let key = match (operation, key) {
        (Operation::Upsert, None) => {
            let message =
                format!("External ID was blank for {name}. An External ID must be specified for upsert.");
            return Err(request::invalid_job(&message));
        }
        (Operation::Upsert, Some(key)) => {
            if UpsertKey::new(object, key, &Json::Null).is_none() {
                let message = format!(
                    "Field name provided, {key} does not match an External ID, Salesforce Id, or indexed field for {}",
                    object.name
                );
                return Err(request::invalid_job(&message));
            }
            object.field(key).map(|field| field.name.clone())
        }
        (_, Some(_)) => {
            return Err(request::invalid_job("An External ID can only be specified for upsert."));
        }
        (_, None) => None,
    };
    let assignment_rule =
        match request::text(asked, "assignmentRuleId")? {
            None => None,
            Some(text) => Some(RecordId::parse(text).filter(|id| id.prefix() == "01Q").ok_or_else(|| {
                request::invalid_job(&format!("The assignment rule {text} does not exist"))
            })?),
        };
    let format = request::format(asked)?;
    let id = lock(&state.jobs).next_id();
    let head = request::head(call, id, &object.name, operation.name(), format, org.clock.now());
    let mut job = IngestJob::new(head, operation);
    (job.external_id, job.assignment_rule) = (key, assignment_rule);
    Ok(job)
}

/// Takes a job's data, once.
pub(super) fn upload(state: &EmulatorState, call: &Call, id: RecordId) -> Answer {
    let kind = call.header("content-type").unwrap_or("text/csv").to_ascii_lowercase();
    if !kind.starts_with("text/csv") {
        let message = format!("Content-Type header specified in HTTP request is not supported: {kind}");
        return error(415, "UNSUPPORTED_MEDIA_TYPE", &message);
    }
    if call.body.len().div_ceil(3) * 4 > MAX_UPLOAD {
        let message = format!("The upload exceeds {MAX_UPLOAD} bytes of base64 encoded content");
        return error(400, "CLIENTINPUTERROR", &message);
    }
    let mut jobs = lock(&state.jobs);
    let Some(job) = jobs.ingest.get(id, state.clock.now()) else { return not_found() };
    if job.head.state != State::Open {
        return request::wrong_state("Uploading to", job.head.state);
    }
    if job.upload.is_some() {
        let message = format!(
            "Found multiple contents for job: <{id}>, please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job."
        );
        return error(400, "INVALIDBATCH", &message);
    }
    job.upload = Some(call.body.clone());
    Answer::empty(201)
}

/// Closes a job, so that it is worked off, or stops it.
pub(super) fn change_state(state: &Arc<EmulatorState>, call: &Call, id: RecordId) -> Answer {
    let wanted = match request::wanted_state(call) {
        Ok(wanted) => wanted,
        Err(answer) => return *answer,
    };
    let now = state.clock.now();
    let mut jobs = lock(&state.jobs);
    let Some(job) = jobs.ingest.get(id, now) else { return not_found() };
    match wanted {
        State::UploadComplete if job.head.state == State::Open => {
            job.head.origin = request::origin(call, id);
            job.head.enter(State::UploadComplete, now);
            tokio::spawn(ingest::run(Arc::downgrade(state), id));
        }
        State::Aborted if !job.head.state.is_final() => job.head.enter(State::Aborted, now),
        State::UploadComplete => return request::wrong_state("Closing", job.head.state),
        State::Aborted => return request::wrong_state("Aborting", job.head.state),
        State::Open | State::InProgress | State::JobComplete | State::Failed => {
            let message = format!("Changing the state to {} is not allowed", wanted.name());
            return error(400, "INVALIDJOBSTATE", &message);
        }
    }
    Answer::json(200, shown::ingest(job, Extent::Made))
}

/// Shows a job.
pub(super) fn show(state: &EmulatorState, id: RecordId) -> Answer {
    match lock(&state.jobs).ingest.get(id, state.clock.now()) {
        Some(job) => Answer::json(200, shown::ingest(job, Extent::Full)),
        None => not_found(),
    }
}

/// Takes a job away that is not at work.
pub(super) fn delete(state: &EmulatorState, id: RecordId) -> Answer {
    let mut jobs = lock(&state.jobs);
    match jobs.ingest.get(id, state.clock.now()).map(|job| job.head.state) {
        None => not_found(),
        Some(State::Open | State::InProgress) => request::not_terminated(),
        Some(_) => {
            jobs.ingest.remove(id);
            Answer::empty(204)
        }
    }
}
