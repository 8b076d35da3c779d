//! Record ids: 15 case-sensitive characters, or 18 with a checksum of their case.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;

const SHORT: usize = 15;
const LONG: usize = 18;
const CHECK_CHARACTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// The id of one row in an org, always kept in its 18-character form.
///
/// Made from 15 or 18 characters; in the long form the checksum must agree, as an org answers
/// `MALFORMED_ID` otherwise. Two ids are equal when their first 15 characters are (contract 6.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SalesforceId([u8; LONG]);

/// Why a text is not a record id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Neither 15 nor 18 characters long.
    #[error("a Salesforce id has 15 or 18 characters, not {0}")]
    Length(usize),
    /// Something other than ASCII letters and digits.
    #[error("a Salesforce id has only letters and digits")]
    Character,
    /// 18 characters whose last three do not fit the case of the others.
    #[error("the Salesforce id's check characters do not agree: upper or lower case was changed")]
    Checksum,
    /// A pasted text or address without an id in it.
    #[error("no Salesforce id was found in the text")]
    Missing,
}

impl SalesforceId {
    /// Reads the id out of what a person pastes: the id itself or the address of its page.
    ///
    /// Knows Lightning (`/lightning/r/Campaign/701…/view`), classic (`/701…`) and old one-page
    /// (`#/sObject/701…/view`) addresses. The host is not looked at.
    ///
    /// # Errors
    /// [`IdError::Missing`] when an address holds no id, otherwise as for parsing an id.
    pub fn from_pasted(text: &str) -> Result<Self, IdError> {
        let text = text.trim();
        if !text.contains('/') {
            return text.parse();
        }
        let url = Url::parse(text).map_err(|_| IdError::Missing)?;
        let path = url.path().split('/');
        let fragment = url.fragment().unwrap_or_default().split(['/', '?', '&', '=']);
        let candidates: Vec<&str> = path.chain(fragment).collect();
        // From the end, and with a digit, because a list's or object's name can have 15 letters too.
        let found =
            candidates.into_iter().rev().filter(|part| part.bytes().any(|byte| byte.is_ascii_digit()));
        found.flat_map(str::parse).next().ok_or(IdError::Missing)
    }

    /// The id in its 18-character form.
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }

    /// The 15-character form, which decides whether two ids are the same.
    pub fn key15(&self) -> &str {
        text(&self.0[..SHORT])
    }

    /// The first three characters, which name the object: `00Q` is a Lead (contract 6.1).
    pub fn prefix(&self) -> &str {
        text(&self.0[..3])
    }
}

fn text(bytes: &[u8]) -> &str {
    // Only ASCII gets into an id, so this never falls back.
    std::str::from_utf8(bytes).unwrap_or_default()
}

fn check_character(block: &[u8]) -> u8 {
    let mut index = 0;
    for (bit, byte) in block.iter().enumerate() {
        if byte.is_ascii_uppercase() {
            index |= 1 << bit;
        }
    }
    CHECK_CHARACTERS[index]
}

impl FromStr for SalesforceId {
    type Err = IdError;

    fn from_str(value: &str) -> Result<Self, IdError> {
        let given = value.as_bytes();
        if given.len() != SHORT && given.len() != LONG {
            return Err(IdError::Length(value.chars().count()));
        }
        if !given.iter().all(u8::is_ascii_alphanumeric) {
            return Err(IdError::Character);
        }
        let mut id = [0; LONG];
        id[..SHORT].copy_from_slice(&given[..SHORT]);
        for (index, block) in given[..SHORT].chunks(5).enumerate() {
            id[SHORT + index] = check_character(block);
        }
        if given.len() == LONG && id != given {
            return Err(IdError::Checksum);
        }
        Ok(Self(id))
    }
}

impl fmt::Display for SalesforceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for SalesforceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SalesforceId({self})")
    }
}

impl AsRef<str> for SalesforceId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Serialize for SalesforceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for SalesforceId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        value.parse().map_err(serde::de::Error::custom)
    }
}
