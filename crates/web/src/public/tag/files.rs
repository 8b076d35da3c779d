//! The tag's files: `/tag.js`, the same under its hash for subresource integrity, and its modules.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ring::digest::{SHA256, digest};
use std::sync::LazyLock;

const TAG: &str = include_str!("../../../assets/tag/tag.js");
const FIELDS: &str = include_str!("../../../assets/tag/fields.js");
const DIALOG: &str = include_str!("../../../assets/tag/dialog.js");
const INSPECTOR: &str = include_str!("../../../assets/tag/inspector.js");

const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const FRESH: &str = "public, max-age=600, stale-while-revalidate=86400";

static TAG_HASH: LazyLock<String> = LazyLock::new(|| hex(TAG));
static FIELDS_FILE: LazyLock<String> = LazyLock::new(|| module("fields", FIELDS));
static DIALOG_FILE: LazyLock<String> = LazyLock::new(|| module("dialog", DIALOG));
static INSPECTOR_FILE: LazyLock<String> = LazyLock::new(|| module("inspector", INSPECTOR));

fn hex(body: &str) -> String {
    digest(&SHA256, body.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn module(name: &str, body: &str) -> String {
    format!("{name}.{}.js", &hex(body)[..16])
}

/// The path of the dialog's module.
pub fn dialog_path() -> String {
    format!("/tag/{}", *DIALOG_FILE)
}

/// The path of the inspector's module.
pub fn inspector_path() -> String {
    format!("/tag/{}", *INSPECTOR_FILE)
}

/// The path of the tag that never changes, and what `integrity` says of it.
pub fn pinned() -> (String, String) {
    use base64::Engine as _;
    let sum = base64::engine::general_purpose::STANDARD.encode(digest(&SHA256, TAG.as_bytes()));
    (format!("/tag/{}.js", *TAG_HASH), format!("sha256-{sum}"))
}

/// `/tag.js`
pub async fn tag(headers: HeaderMap) -> Response {
    let etag = format!("\"{}\"", &TAG_HASH[..32]);
    let is_same = |known: &str| known.split(',').any(|one| one.trim().trim_start_matches("W/") == etag);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let caching = [(header::CACHE_CONTROL, FRESH.to_owned()), (header::ETAG, etag.clone())];
    if known.is_some_and(is_same) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], TAG).into_response()
}

/// `/tag/{file}`. A page that has been open since before an update asks for a module of then and gets today's.
pub async fn file(Path(file): Path<String>) -> Response {
    let modules = [
        ("fields.", &*FIELDS_FILE, FIELDS),
        ("dialog.", &*DIALOG_FILE, DIALOG),
        ("inspector.", &*INSPECTOR_FILE, INSPECTOR),
    ];
    let (body, caching) =
        match modules.into_iter().find(|(name, ..)| file.starts_with(name) && file.ends_with(".js")) {
            Some((_, current, body)) => (body, if file == *current { IMMUTABLE } else { "no-store" }),
            None if file.strip_suffix(".js") == Some(&**TAG_HASH) => (TAG, IMMUTABLE),
            None => return StatusCode::NOT_FOUND.into_response(),
        };
    let kind = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, caching)];
    (kind, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::{FIELDS_FILE, TAG};

    #[test]
    fn the_tag_names_the_module_that_it_was_built_with() {
        assert!(TAG.contains(&**FIELDS_FILE), "run scripts/build-tag");
    }
}
