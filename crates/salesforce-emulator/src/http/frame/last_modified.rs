//! `Last-Modified` and `If-Modified-Since`.

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::super::call::Call;

/// A moment as HTTP headers print it.
pub(in crate::http) fn print(moment: Timestamp) -> String {
    moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Whether the caller has asked not to be told again what has not changed since.
pub(in crate::http) fn not_since(call: &Call, changed: Timestamp) -> bool {
    let Some(text) = call.header("if-modified-since").filter(|_| call.reads()) else { return false };
    let numbered = text.trim().replace("GMT", "+0000");
    let since = rfc2822::parse(&numbered).ok().map(|zoned| zoned.timestamp());
    since.is_some_and(|since| changed.as_second() <= since.as_second())
}
