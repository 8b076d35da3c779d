//! The form of a request to an OAuth endpoint, and how such a request is refused.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::http::call::pairs;

/// Why an OAuth endpoint refuses: the error and its description.
#[derive(Debug)]
pub(super) struct Refused(pub(super) &'static str, pub(super) &'static str);

/// The form of a request, with the client's own credentials taken from wherever they stand.
pub(super) struct Form {
    fields: Vec<(String, String)>,
    /// The consumer key; empty when none was sent.
    pub(super) client_id: String,
    /// The consumer secret.
    pub(super) client_secret: Option<String>,
}

impl Form {
    /// Reads body and `Authorization: Basic`; the latter wins.
    pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Self {
        let fields = pairs(body);
        let value =
            |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let (mut client_id, mut client_secret) = (value("client_id"), value("client_secret"));
        if let Some((id, secret)) = basic(headers) {
            (client_id, client_secret) = (Some(id), Some(secret));
        }
        let client_secret = client_secret.filter(|secret| !secret.is_empty());
        Form { fields, client_id: client_id.unwrap_or_default(), client_secret }
    }

    /// A field; an empty one counts as missing.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let text = headers.get("authorization")?.to_str().ok()?.strip_prefix("Basic ")?;
    let pair = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}
