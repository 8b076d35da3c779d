//! E-mail addresses as visitors type them in Japan and elsewhere (B7).

use crate::value::tidy_line;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// An address that was normalised and found well formed.
///
/// Full-width letters, `＠`, and spaces and invisible characters around it are accepted and normalised.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// Why a text is not an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing was typed.
    #[error("an e-mail address is required")]
    Empty,
    /// There is no `@` with something on both sides, or a part breaks the rules.
    #[error("not an e-mail address")]
    Malformed,
    /// Longer than the 80 characters that Salesforce keeps.
    #[error("longer than 80 characters")]
    TooLong,
}

/// The longest address that Salesforce's e-mail fields hold (contract 6.3).
const MAX_LENGTH: usize = 80;

/// What may stand before the `@` besides letters and digits.
const OTHERS_IN_LOCAL: &[u8] = b"!#$%&'*+/=?^_`{|}~.-\\\"";

impl EmailAddress {
    /// Normalises and checks what was typed.
    pub fn parse(typed: &str) -> Result<Self, EmailError> {
        // Nothing sensible is this long.
        if typed.len() > 1024 {
            return Err(EmailError::TooLong);
        }
        // Most addresses are normal already, and a pull reads a million of them.
        let normal: Cow<'_, str> = if typed.is_ascii() { typed.into() } else { tidy_line(typed).into() };
        let normal = normal.trim();
        if normal.is_empty() {
            return Err(EmailError::Empty);
        }
        let (local, domain) = normal.rsplit_once('@').ok_or(EmailError::Malformed)?;
        if !is_local_part(local) || !is_domain(domain) {
            return Err(EmailError::Malformed);
        }
        // What is well formed is ASCII, so bytes are characters.
        if normal.len() > MAX_LENGTH {
            return Err(EmailError::TooLong);
        }
        let mut address = normal.to_owned();
        address[local.len()..].make_ascii_lowercase();
        Ok(Self(address))
    }

    /// The address as it is shown and sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which addresses are compared: lower case (K5).
    pub fn key(&self) -> String {
        self.clone().into_key()
    }

    /// The same, of an address that is not needed any more.
    pub fn into_key(mut self) -> String {
        self.0.make_ascii_lowercase();
        self.0
    }

    /// The part behind the `@`, lower case.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

fn is_local_part(local: &str) -> bool {
    // Old Japanese carrier addresses have dots in a row or at the end, so dots are not judged.
    !local.is_empty()
        && local.len() <= 64
        && local.bytes().all(|byte| byte.is_ascii_alphanumeric() || OTHERS_IN_LOCAL.contains(&byte))
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        let label = label.as_bytes();
        (1..=63).contains(&label.len())
            && !label.starts_with(b"-")
            && !label.ends_with(b"-")
            && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    };
    let is_top = |top: &str| top.len() >= 2 && top.bytes().any(|byte| byte.is_ascii_alphabetic());
    domain.rsplit_once('.').is_some_and(|(_, top)| is_top(top)) && domain.split('.').all(is_label)
}

impl std::fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = EmailError;
    fn try_from(typed: String) -> Result<Self, EmailError> {
        Self::parse(&typed)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}
