//! Versions of the REST API.

use std::fmt;
use std::str::FromStr;

/// A version of the REST API, such as 66.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion(u16);

/// A text that is no API version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a Salesforce API version such as 66.0")]
pub struct VersionError(String);

impl ApiVersion {
    /// The version this library is written against (Spring '26).
    pub const DEFAULT: Self = Self(66);

    /// A version by its whole number; Salesforce has no others.
    pub const fn new(number: u16) -> Self {
        Self(number)
    }

    /// The path every versioned resource starts with: `/services/data/v66.0/`.
    pub fn path(self) -> String {
        format!("/services/data/v{self}/")
    }
}

impl Default for ApiVersion {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.0", self.0)
    }
}

impl FromStr for ApiVersion {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let number = text.strip_prefix('v').unwrap_or(text);
        let number = number.strip_suffix(".0").unwrap_or(number);
        let number = number.parse::<u16>().ok().filter(|number| (20..1000).contains(number));
        number.map(Self).ok_or_else(|| VersionError(text.to_owned()))
    }
}
