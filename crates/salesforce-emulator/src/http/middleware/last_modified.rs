//! `Last-Modified` and `If-Modified-Since`.

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::http::call::Call;

/// A moment as HTTP headers print it.
pub(in crate::http) fn print(moment: Timestamp) -> String {
    moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Reads a moment as HTTP headers print it.
pub(in crate::http) fn parse(text: &str) -> Option<Timestamp> {
    let numbered = text.trim().replace("GMT", "+0000");
    rfc2822::parse(&numbered).ok().map(|zoned| zoned.timestamp())
}

/// Whether the record is unchanged since the caller's `If-Modified-Since`.
pub(in crate::http) fn not_since(call: &Call, changed: Timestamp) -> bool {
    let since = call.header("if-modified-since").filter(|_| call.reads()).and_then(parse);
    since.is_some_and(|since| changed.as_second() <= since.as_second())
}
