//! The `describe` resource: what an object is made of, for this user (contract 2.4).

use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::client::Call;
use crate::sobjects::object_path;
use crate::{Answer, Client, Error, Field, SalesforceId};

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
    ) -> Result<Answer<Described>, Error> {
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
        Ok(Answer::from_headers(described, &raw.headers))
    }
}

pub(crate) fn describe_path(object: &str) -> String {
    format!("{}/describe", object_path(object))
}
