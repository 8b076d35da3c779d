//! Requests that depend on whether a record has changed: ETags for accounts, dates for every object.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ring::digest;

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::error;
use crate::http::middleware::last_modified;
use crate::org::records::Record;
use crate::org::schema::ObjectType;

/// The only object whose records have tags.
const TAGGED: &str = "Account";

/// The tag of a record as it is now, if its object has any.
pub(super) fn etag(call: &Call, object: &ObjectType, record: &Record) -> Option<String> {
    (object.name == TAGGED).then(|| {
        let mut digest = digest::Context::new(&digest::SHA256);
        for index in 0..object.fields().len() {
            digest.update(record.get(index).to_text().as_bytes());
            digest.update(b"\0");
        }
        quoted(call, &STANDARD.encode(digest.finish()))
    })
}

/// A tag in quotes; answers that are sent compressed say so in their tags.
pub(super) fn quoted(call: &Call, tag: &str) -> String {
    let packed = call.header("accept-encoding").is_some_and(|accepted| accepted.contains("gzip"));
    if packed { format!("\"{tag}--gzip\"") } else { format!("\"{tag}\"") }
}

/// The answer that a condition in the headers demands instead of the usual one.
pub(super) fn unmet(call: &Call, object: &ObjectType, record: &Record) -> Option<Answer> {
    let tag = etag(call, object, record);
    if let Some(tag) = &tag {
        if call.header("if-match").is_some_and(|wanted| !names(wanted, tag)) {
            return Some(failed());
        }
        if call.header("if-none-match").is_some_and(|known| names(known, tag)) {
            return Some(if call.reads() { Answer::empty(304).with("ETag", tag.clone()) } else { failed() });
        }
    }
    let changed = record.value(object, "SystemModstamp").as_datetime()?;
    by_date(call, changed)
}

fn by_date(call: &Call, changed: Timestamp) -> Option<Answer> {
    if last_modified::not_since(call, changed) {
        return Some(Answer::empty(304));
    }
    let text = call.header("if-unmodified-since")?;
    match last_modified::parse(text) {
        Some(since) if changed.as_second() > since.as_second() => Some(failed()),
        Some(_) => None,
        None if call.reads() => None,
        None => Some(error(400, "INVALID_HEADER", "The If-Unmodified-Since header is not a date")),
    }
}

fn failed() -> Answer {
    error(412, "MATCH_PRECONDITION_FAILED", "The record has changed since it was last read.")
}

/// Whether a list of tags holds this one, compressed or not.
fn names(list: &str, tag: &str) -> bool {
    let plain = |tag: &str| {
        let tag = tag.trim().trim_start_matches("W/").trim_matches('"').to_owned();
        tag.strip_suffix("--gzip").map(str::to_owned).unwrap_or(tag)
    };
    list.trim() == "*" || list.split(',').any(|known| plain(known) == plain(tag))
}
