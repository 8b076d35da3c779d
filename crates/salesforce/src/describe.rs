//! The `describe` resource: what an object is made of, for this user (contract 2.4).

use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::client::Call;
use crate::response::{print_http_date, read_http_date};
use crate::sobjects::object_path;
use crate::{Client, Error, Field, Response, SalesforceId};

/// An object with its fields, as the token's user may see them.
///
/// A field hidden from the user is simply absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Describe {
    /// API name.
    pub name: String,
    /// Name for people, in the user's language.
    pub label: String,
    /// The first three characters of its ids.
    #[serde(default)]
    pub key_prefix: Option<String>,
    /// Whether the user may create rows.
    #[serde(default)]
    pub createable: bool,
    /// Whether the user may change rows.
    #[serde(default)]
    pub updateable: bool,
    /// Whether the user may delete rows.
    #[serde(default)]
    pub deletable: bool,
    /// Whether it can be queried.
    #[serde(default)]
    pub queryable: bool,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Its record types, the Master one included.
    #[serde(default)]
    pub record_type_infos: Vec<RecordTypeInfo>,
    /// Everything else the org said, by its own names.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A record type of an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordTypeInfo {
    /// Name for people.
    pub name: String,
    /// API name.
    #[serde(default)]
    pub developer_name: Option<String>,
    /// Its id; Master's is `012000000000000AAA`.
    pub record_type_id: SalesforceId,
    /// Whether this user can choose it.
    #[serde(default)]
    pub available: bool,
    /// Whether it is switched on.
    #[serde(default)]
    pub active: bool,
    /// Whether it is this user's default.
    #[serde(default)]
    pub default_record_type_mapping: bool,
    /// Whether it stands for "no record type".
    #[serde(default)]
    pub master: bool,
}

/// A describe, or the news that nothing changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Described {
    /// The object as it is, with the `Last-Modified` text to ask with next time.
    Fresh {
        /// The object.
        describe: Box<Describe>,
        /// When anything in the org's metadata last changed, as the org wrote it.
        last_modified: Option<String>,
    },
    /// Nothing changed since the time asked about.
    NotModified,
}

/// Seconds after which nothing that the org still has to tell of can be of the second of its last change.
const SETTLED_AFTER: i64 = 10;

impl Described {
    /// What to ask with next time, of an answer at this moment of the org's clock; nothing without a date.
    ///
    /// `Last-Modified` has whole seconds: whatever changes later within the same second would never be told. So what an
    /// answer tells that is hardly younger is asked for once more.
    pub fn since(&self, answered: Option<Timestamp>) -> Option<String> {
        let Self::Fresh { last_modified: Some(text), .. } = self else { return None };
        let modified = read_http_date(text)?;
        let is_settled = answered.is_none_or(|at| at.as_second() - modified.as_second() >= SETTLED_AFTER);
        if is_settled {
            return Some(text.clone());
        }
        Some(print_http_date(modified.checked_sub(SignedDuration::from_secs(1)).ok()?))
    }
}

impl Describe {
    /// A field by its API name, whatever its case.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }
}

impl Client {
    /// Describes an object; with `if_modified_since` only if its org's metadata changed after that time.
    ///
    /// Give the `last_modified` text of the earlier answer.
    ///
    /// # Errors
    /// Any [`Error`]; `NOT_FOUND` for an object that is unknown to or hidden from the user.
    pub async fn describe(
        &self,
        object: &str,
        if_modified_since: Option<&str>,
    ) -> Result<Response<Described>, Error> {
        let since = if_modified_since.map(|since| ("If-Modified-Since", since.to_owned()));
        let raw = self.send(Call::new(Method::GET, describe_path(object)).headers(since)).await?;
        let described = if raw.status == StatusCode::NOT_MODIFIED {
            Described::NotModified
        } else {
            let last_modified = raw.headers.get("last-modified").and_then(|value| value.to_str().ok());
            Described::Fresh {
                describe: Box::new(raw.json()?),
                last_modified: last_modified.map(str::to_owned),
            }
        };
        Ok(Response::from_headers(described, &raw.headers))
    }
}

pub(crate) fn describe_path(object: &str) -> String {
    format!("{}/describe", object_path(object))
}

#[cfg(test)]
mod tests {
    use super::{Describe, Described};

    #[test]
    fn recently_modified_describe_is_refetched() {
        let modified = "Mon, 23 Nov 2026 10:00:00 GMT";
        let fresh = |last_modified: Option<&str>| Described::Fresh {
            describe: Box::new(
                serde_json::from_str::<Describe>(r#"{"name":"Lead","label":"リード","fields":[]}"#).unwrap(),
            ),
            last_modified: last_modified.map(str::to_owned),
        };
        let since =
            |last_modified, at: Option<&str>| fresh(last_modified).since(at.map(|at| at.parse().unwrap()));
        let before = Some("Mon, 23 Nov 2026 09:59:59 GMT".to_owned());
        assert_eq!(since(Some(modified), Some("2026-11-23T10:00:00Z")), before);
        assert_eq!(since(Some(modified), Some("2026-11-23T10:00:09Z")), before);
        assert_eq!(since(Some(modified), Some("2026-11-23T10:00:10Z")).as_deref(), Some(modified));
        assert_eq!(since(Some(modified), None).as_deref(), Some(modified));
        assert_eq!(since(Some("yesterday"), None), None);
        assert_eq!(since(None, Some("2026-11-23T10:00:00Z")), None);
        assert_eq!(Described::NotModified.since(None), None);
    }
}
