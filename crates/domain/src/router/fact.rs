//! What a condition can ask about a visitor, by its name in a chart.

use crate::synced_fields::SyncedObject;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something that is known about a visitor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Fact {
    /// The address.
    Email,
    /// The address's domain, as it stands in the address.
    EmailDomain,
    /// Whether anybody can have such an address.
    EmailFreeMail,
    /// The answer to a question.
    Answer(String),
    /// The whole address of the page from which the visitor comes.
    Url,
    /// Its path.
    UrlPath,
    /// One of its parameters.
    UrlQuery(String),
    /// The site from which the visitor came there.
    Referrer,
    /// The language in which the visitor reads: `ja` or `en`.
    Language,
    /// A field of a record of the org.
    Record(SyncedObject, String),
}

/// A text that names no fact.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no fact `{0}`")]
pub struct UnknownFact(String);

/// The key of a question that asks for the visitor's address, as [`Fact::Email`] does.
pub const EMAIL_KEY: &str = "email";

/// Characters of a fact's name.
const MAX_NAME: usize = 200;

impl Fact {
    /// Reads a name such as `email.domain` or `account.Industry`; `None` for any other text.
    pub fn parse(name: &str) -> Option<Self> {
        if name.len() > MAX_NAME {
            return None;
        }
        let fixed = match name {
            "email" => Some(Self::Email),
            "email.domain" => Some(Self::EmailDomain),
            "email.free_mail" => Some(Self::EmailFreeMail),
            "url" => Some(Self::Url),
            "url.path" => Some(Self::UrlPath),
            "referrer" => Some(Self::Referrer),
            "language" => Some(Self::Language),
            _ => None,
        };
        fixed.or_else(|| {
            let (family, rest) = name.split_once('.').filter(|(_, rest)| !rest.is_empty())?;
            match family {
                "answer" => Some(Self::Answer(rest.to_owned())),
                "url" => {
                    let parameter = rest.strip_prefix("query.").filter(|parameter| !parameter.is_empty())?;
                    Some(Self::UrlQuery(parameter.to_owned()))
                }
                _ => {
                    let object = SyncedObject::ALL.into_iter().find(|object| object.key() == family)?;
                    Some(Self::Record(object, rest.to_owned()))
                }
            }
        })
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email => f.write_str("email"),
            Self::EmailDomain => f.write_str("email.domain"),
            Self::EmailFreeMail => f.write_str("email.free_mail"),
            Self::Answer(key) => write!(f, "answer.{key}"),
            Self::Url => f.write_str("url"),
            Self::UrlPath => f.write_str("url.path"),
            Self::UrlQuery(name) => write!(f, "url.query.{name}"),
            Self::Referrer => f.write_str("referrer"),
            Self::Language => f.write_str("language"),
            Self::Record(object, field) => write!(f, "{}.{field}", object.key()),
        }
    }
}

impl TryFrom<String> for Fact {
    type Error = UnknownFact;

    fn try_from(name: String) -> Result<Self, UnknownFact> {
        Self::parse(&name).ok_or(UnknownFact(name))
    }
}

impl From<Fact> for String {
    fn from(fact: Fact) -> Self {
        fact.to_string()
    }
}
