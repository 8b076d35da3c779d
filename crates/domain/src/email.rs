//! E-mail addresses as visitors type them in Japan and elsewhere (B7).

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// An address that was normalised and found well formed.
///
/// Full-width letters, `＠` and spaces around it are accepted and normalised (NFKC).
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

impl EmailAddress {
    /// Normalises and checks what was typed.
    pub fn parse(typed: &str) -> Result<Self, EmailError> {
        // NFKC can grow a text; nothing sensible is this long.
        if typed.len() > 1024 {
            return Err(EmailError::TooLong);
        }
        // Most addresses are normal already, and a pull reads a million of them.
        let normal: Cow<'_, str> =
            if typed.is_ascii() { typed.into() } else { typed.nfkc().collect::<String>().into() };
        let normal = normal.trim();
        if normal.is_empty() {
            return Err(EmailError::Empty);
        }
        let (local, domain) = normal.rsplit_once('@').ok_or(EmailError::Malformed)?;
        if !is_local_part(local) || !is_domain(domain) {
            return Err(EmailError::Malformed);
        }
        if normal.chars().count() > MAX_LENGTH {
            return Err(EmailError::TooLong);
        }
        Ok(Self(format!("{local}@{}", domain.to_lowercase())))
    }

    /// The address as it is shown and sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which addresses are compared: lower case (K5).
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// The part behind the `@`, lower case.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

fn is_local_part(local: &str) -> bool {
    // Old Japanese carrier addresses have dots in a row or at the end, so dots are not judged.
    !local.is_empty()
        && local.chars().count() <= 64
        && local.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-\\\"".contains(c))
}

fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    labels.len() >= 2
        && labels.iter().all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        })
        && labels.last().is_some_and(|top| top.len() >= 2 && top.chars().any(|c| c.is_ascii_alphabetic()))
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
